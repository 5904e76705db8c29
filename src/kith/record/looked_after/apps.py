"""The Django app."""

from django.apps import AppConfig


class LookedAfterConfig(AppConfig):
    """Children looked after: care, homes, reviews, health, education."""

    name = "kith.record.looked_after"
    label = "looked_after"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kinds of work this app adds."""
        from kith.record.steps.kinds import register

        from .kinds import KINDS

        register(*KINDS)
