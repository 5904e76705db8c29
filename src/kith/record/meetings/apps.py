"""The Django app."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Meetings: who was asked, who came, and what was decided for each child."""

    name = "kith.record.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A step's own page shows who was asked to it, and what was added later, whatever its kind."""
        from kith.record.steps.sections import Section, register_section

        from .presenters import added, who_came

        register_section(Section("Who was asked, and who came", "meetings/attended.html", who_came))
        register_section(Section("Added after it was closed", "meetings/added.html", added))
