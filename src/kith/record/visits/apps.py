"""The Django app."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits to children."""

    name = "kith.record.visits"
    label = "visits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kind of work this app adds, and how two texts of one visit are shown."""
        from kith.foundation.drafts import registry
        from kith.record.steps.kinds import register

        from . import clashes
        from .kinds import KINDS

        register(*KINDS)
        registry.register(
            clashes.FORM,
            capability="record_visit",
            title=clashes.title,
            current=clashes.current,
            save=clashes.save,
            read=clashes.read,
            may_see=clashes.may_see,
            veil=clashes.veil,
        )
