"""The Django app."""

from django.apps import AppConfig


class PeriodsConfig(AppConfig):
    """What lasts: plans, care, homes, times missing."""

    name = "kith.record.periods"
    label = "periods"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What this app keeps, the clocks may see."""
        from kith.record.deadlines.openings import names_come_from
        from kith.record.deadlines.sources import periods_come_from
        from kith.record.people.whereabouts import told_by

        from . import facts, queries

        periods_come_from(facts.periods)
        names_come_from(queries.names)
        told_by(queries.homes_of)
