"""The Django app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may see and do what: workers, posts, roles and the door."""

    name = "kith.foundation.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the start-up check."""
        from . import checks  # noqa: F401
