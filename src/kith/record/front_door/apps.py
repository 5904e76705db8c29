"""The Django app."""

from django.apps import AppConfig


class FrontDoorConfig(AppConfig):
    """Contacts and referrals."""

    name = "kith.record.front_door"
    label = "front_door"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kinds of work this app adds."""
        from kith.record.people.duties import duty_comes_from
        from kith.record.steps.kinds import register

        from .duty import at_the_door
        from .kinds import KINDS

        register(*KINDS)
        duty_comes_from("front_door", at_the_door)
