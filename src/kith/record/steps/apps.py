"""The Django app."""

from django.apps import AppConfig


class StepsConfig(AppConfig):
    """Any piece of work, in one shape."""

    name = "kith.record.steps"
    label = "steps"
    default_auto_field = "django.db.models.BigAutoField"
