"""The Django app."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """What we said we would do, for whom, by when, and whether we did."""

    name = "kith.record.promises"
    label = "promises"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A step's own page shows the promises made in it; clocks follow what a strategy meeting decided."""
        from kith.record.deadlines.openings import names_come_from
        from kith.record.deadlines.sources import promises_come_from, recorded_here
        from kith.record.steps.sections import Section, register_section

        from . import facts, queries
        from .clashes import register_promises
        from .presenters import of_step

        register_section(Section("What was promised", "promises/of_step.html", of_step))
        register_promises()
        promises_come_from(facts.followed, made_in=facts.FOLLOWED)
        names_come_from(queries.names)
        recorded_here.add("strategy_action")
