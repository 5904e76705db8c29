"""The Django app."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """The clocks of each child, kept as rows that worklists read."""

    name = "kith.record.deadlines"
    label = "deadlines"
    default_auto_field = "django.db.models.BigAutoField"
