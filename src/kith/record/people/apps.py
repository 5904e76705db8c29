"""The Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Children, their families, names, homes and workers."""

    name = "kith.record.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
