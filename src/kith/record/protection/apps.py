"""The Django app."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """Strategy meetings, enquiries, conferences and child protection plans."""

    name = "kith.record.protection"
    label = "protection"
    default_auto_field = "django.db.models.BigAutoField"
