"""The Django app."""

from django.apps import AppConfig


class LeavingCareConfig(AppConfig):
    """Care leavers."""

    name = "kith.record.leaving_care"
    label = "leaving_care"
    default_auto_field = "django.db.models.BigAutoField"
