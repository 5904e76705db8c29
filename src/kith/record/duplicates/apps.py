"""The Django app."""

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    """The same person? Likely duplicates, at entry and as a list; joining two records, and parting them again."""

    name = "kith.record.duplicates"
    label = "duplicates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what is done each night."""
        from . import tasks  # noqa: F401 - importing it says so
