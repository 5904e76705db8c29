"""The Django app."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """What we said we would do, for whom, by when, and whether we did."""

    name = "kith.record.promises"
    label = "promises"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A step's own page shows the promises made in it, whatever its kind."""
        from kith.record.steps.sections import Section, register_section

        from .clashes import register_promises
        from .presenters import of_step

        register_section(Section("What was promised", "promises/of_step.html", of_step))
        register_promises()
