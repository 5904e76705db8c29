"""The Django app."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Unsent text, kept on the server; and both texts when two people save one record."""

    name = "kith.foundation.drafts"
    label = "drafts"
    default_auto_field = "django.db.models.BigAutoField"
