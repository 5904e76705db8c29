"""The Django app."""

from django.apps import AppConfig


class ChildInNeedConfig(AppConfig):
    """Assessments and child-in-need plans."""

    name = "kith.record.child_in_need"
    label = "child_in_need"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kinds of work this app adds."""
        from kith.record.steps.kinds import register

        from .kinds import KINDS

        register(*KINDS)
