"""The Django app."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Statutory returns checked on a page: what was found, what was answered, and by whom."""

    name = "kith.oversight.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Its rows name documents on the disk: the reports."""
        from kith.foundation.documents.storage import named_by

        from .queries import hashes

        named_by("returns", hashes)
