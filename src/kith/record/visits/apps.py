"""The Django app."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits to children."""

    name = "kith.record.visits"
    label = "visits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kinds of work this app adds."""
        from kith.record.steps.kinds import register

        from .kinds import KINDS

        register(*KINDS)
