"""The Django app."""

from django.apps import AppConfig


class FrontDoorConfig(AppConfig):
    """Contacts and referrals."""

    name = "kith.record.front_door"
    label = "front_door"
    default_auto_field = "django.db.models.BigAutoField"
