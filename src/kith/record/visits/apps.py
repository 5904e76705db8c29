"""The Django app."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits to children."""

    name = "kith.record.visits"
    label = "visits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kind of work this app adds, and how two texts of one visit are shown."""
        from kith.foundation.drafts.registry import register_module
        from kith.record.steps.kinds import register

        from . import clashes
        from .kinds import KINDS

        register(*KINDS)
        register_module(clashes, capability="record_visit")
