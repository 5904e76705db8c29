"""The Django app."""

from django.apps import AppConfig


class MissingConfig(AppConfig):
    """Times missing and return interviews."""

    name = "kith.record.missing"
    label = "missing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kinds of work this app adds."""
        from kith.record.steps.kinds import register

        from .kinds import KINDS

        register(*KINDS)
