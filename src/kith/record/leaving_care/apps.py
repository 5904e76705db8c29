"""The Django app."""

from django.apps import AppConfig


class LeavingCareConfig(AppConfig):
    """Care leavers."""

    name = "kith.record.leaving_care"
    label = "leaving_care"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kinds of work this app adds."""
        from kith.record.steps.kinds import register

        from .kinds import KINDS

        register(*KINDS)
