"""The Django app."""

from django.apps import AppConfig


class ControlsConfig(AppConfig):
    """Safeguards that test themselves every day."""

    name = "kith.oversight.controls"
    label = "controls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what is done each night."""
        from . import tasks  # noqa: F401 - importing it says so
