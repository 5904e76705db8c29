"""The Django app."""

from django.apps import AppConfig


class ChronologyConfig(AppConfig):
    """The child's page: the story read across every app."""

    name = "kith.record.chronology"
    label = "chronology"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let two writers of one story be told of each other."""
        from .clashes import register_story

        register_story()
