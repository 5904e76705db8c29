"""The Django app."""

from django.apps import AppConfig


class PersonalDetailsConfig(AppConfig):
    """The form of what is held of somebody themselves."""

    name = "kith.record.personal_details"
    label = "personal_details"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register how two texts of one person's details are shown."""
        from kith.foundation.drafts.registry import register_module

        from . import clashes

        register_module(clashes, capability="record_work")
