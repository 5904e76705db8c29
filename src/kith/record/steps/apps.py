"""The Django app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StepsConfig(AppConfig):
    """Any piece of work, in one shape."""

    name = "kith.record.steps"
    label = "steps"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What this app keeps, the clocks may see; unfinished work makes a child its team's duty."""
        from kith.record.deadlines.openings import names_come_from
        from kith.record.deadlines.sources import followed_by, steps_come_from
        from kith.record.people.duties import duty_comes_from

        from . import allocation, duty, facts, queries
        from .clashes import register_steps

        steps_come_from(facts.steps)
        followed_by(allocation.keep)
        names_come_from(queries.names)
        register_steps()
        duty_comes_from("unfinished_work", duty.unfinished_work)
        post_migrate.connect(_install, dispatch_uid="kith-shared-steps", sender=self)


def _install(**_: Any) -> None:
    from . import sharing

    sharing.install()
