"""The Django app."""

from django.apps import AppConfig


class GrownUpsConfig(AppConfig):
    """The pages of grown-ups with a record of work."""

    name = "kith.record.grown_ups"
    label = "grown_ups"
    default_auto_field = "django.db.models.BigAutoField"
