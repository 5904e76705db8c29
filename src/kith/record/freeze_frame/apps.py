"""The Django app."""

from django.apps import AppConfig


class FreezeFrameConfig(AppConfig):
    """A child's file as it was known on any day."""

    name = "kith.record.freeze_frame"
    label = "freeze_frame"
    default_auto_field = "django.db.models.BigAutoField"
