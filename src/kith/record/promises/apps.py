"""The Django app."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """What we said we would do, for whom, by when, and whether we did."""

    name = "kith.record.promises"
    label = "promises"
    default_auto_field = "django.db.models.BigAutoField"
