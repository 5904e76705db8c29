"""The Django app."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """Measures of timeliness, counted from the same deadlines as every list and page."""

    name = "kith.oversight.measures"
    label = "measures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A measure that could mislead stops start-up, and says which one and the mend."""
        from .book import measures

        measures()
