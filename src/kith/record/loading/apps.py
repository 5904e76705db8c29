"""The Django app."""

from django.apps import AppConfig


class LoadingConfig(AppConfig):
    """Reading what an authority already holds into the record."""

    name = "kith.record.loading"
    label = "loading"
    default_auto_field = "django.db.models.BigAutoField"
