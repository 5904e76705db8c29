"""The Django app."""

from django.apps import AppConfig


class LookedAfterConfig(AppConfig):
    """Children looked after: care, homes, reviews, health, education."""

    name = "kith.record.looked_after"
    label = "looked_after"
    default_auto_field = "django.db.models.BigAutoField"
