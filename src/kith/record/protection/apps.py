"""The Django app."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """Strategy meetings, enquiries, conferences and child protection plans."""

    name = "kith.record.protection"
    label = "protection"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kinds of work this app adds."""
        from kith.record.steps.kinds import register

        from . import clashes
        from .kinds import KINDS

        register(*KINDS)
        clashes.register()
