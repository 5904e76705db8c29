"""The Django app."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Meetings: who was asked, who came, and what was decided for each child."""

    name = "kith.record.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"
