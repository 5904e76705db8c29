"""The Django app."""

from django.apps import AppConfig


class PersonasConfig(AppConfig):
    """One-click sign-in as an invented worker; never installed live."""

    name = "kith.nonprod.personas"
    label = "personas"
    default_auto_field = "django.db.models.BigAutoField"
