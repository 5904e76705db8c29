"""The Django app."""

from django.apps import AppConfig


class MissingConfig(AppConfig):
    """Times missing and return interviews."""

    name = "kith.record.missing"
    label = "missing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kinds of work this app adds, and whose duty a time missing makes a child."""
        from kith.record.people.duties import duty_comes_from
        from kith.record.steps.kinds import register

        from .duty import missing_lately
        from .kinds import KINDS

        register(*KINDS)
        duty_comes_from("missing", missing_lately)
