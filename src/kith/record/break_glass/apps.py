"""The Django app."""

from django.apps import AppConfig


class BreakGlassConfig(AppConfig):
    """Opening a record in an emergency."""

    name = "kith.record.break_glass"
    label = "break_glass"
    default_auto_field = "django.db.models.BigAutoField"
