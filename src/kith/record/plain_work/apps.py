"""The Django app."""

from django.apps import AppConfig


class PlainWorkConfig(AppConfig):
    """Work of the plain kinds."""

    name = "kith.record.plain_work"
    label = "plain_work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register every plain kind, what a page says more of others, and how two texts of one are shown."""
        from kith.foundation.drafts.registry import register_module
        from kith.record.steps.kinds import register
        from kith.record.steps.sections import Section, register_section

        from . import clashes, presenters
        from .kinds import plain_kinds

        register(*(each.as_kind() for each in plain_kinds().values()))
        register_module(clashes, capability="see_child")
        register_section(Section("What the returns ask", "plain_work/told.html", presenters.told_beside))
