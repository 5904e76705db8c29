"""The Django app."""

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    """The look: layout, fields, tables, charts and words that every page shares."""

    name = "kith.foundation.screens"
    label = "screens"
    default_auto_field = "django.db.models.BigAutoField"
