"""The Django app."""

from django.apps import AppConfig


class PeriodFormsConfig(AppConfig):
    """The form in which what lasts is put right."""

    name = "kith.record.period_forms"
    label = "period_forms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register how two texts of one period are shown."""
        from kith.foundation.drafts.registry import register_module

        from . import clashes
        from .kinds import MAY

        register_module(clashes, capability=MAY)
