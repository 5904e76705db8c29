"""The Django app."""

from django.apps import AppConfig


class MissingConfig(AppConfig):
    """Times missing and return interviews."""

    name = "kith.record.missing"
    label = "missing"
    default_auto_field = "django.db.models.BigAutoField"
