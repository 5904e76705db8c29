"""The Django app."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits to children."""

    name = "kith.record.visits"
    label = "visits"
    default_auto_field = "django.db.models.BigAutoField"
