"""The Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work done behind the page, and how far it has got."""

    name = "kith.foundation.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what is done each night."""
        from . import tasks  # noqa: F401 - importing it says so
