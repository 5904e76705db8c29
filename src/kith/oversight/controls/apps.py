"""The Django app."""

from django.apps import AppConfig


class ControlsConfig(AppConfig):
    """Safeguards that test themselves every day."""

    name = "kith.oversight.controls"
    label = "controls"
    default_auto_field = "django.db.models.BigAutoField"
