"""The Django app."""

from django.apps import AppConfig

from kith.statutory.timescales.loading import rule_book


class DeadlinesConfig(AppConfig):
    """The clocks of each child, kept as rows that worklists read."""

    name = "kith.record.deadlines"
    label = "deadlines"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A rule file that could mislead a clock stops start-up, and says which rule and the mend."""
        from . import openings, owners, sources, tasks

        rule_book()
        openings.names_come_from(owners.names)
        sources.everybody_is_done_by(tasks.work_out_everybody.enqueue)
