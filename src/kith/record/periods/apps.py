"""The Django app."""

from django.apps import AppConfig


class PeriodsConfig(AppConfig):
    """What lasts: plans, care, homes, times missing."""

    name = "kith.record.periods"
    label = "periods"
    default_auto_field = "django.db.models.BigAutoField"
