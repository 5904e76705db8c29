"""The Django app."""

from django.apps import AppConfig


class WorklistsConfig(AppConfig):
    """Today: what is due, for whom, and why."""

    name = "kith.oversight.worklists"
    label = "worklists"
    default_auto_field = "django.db.models.BigAutoField"
