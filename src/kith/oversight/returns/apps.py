"""The Django app."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Statutory returns checked on a page: what was found, what was answered, and by whom."""

    name = "kith.oversight.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Its rows name documents on the disk: reports, and what was built. Say what is done each night."""
        from kith.foundation.documents.storage import named_by

        from . import nights, queries, versions  # noqa: F401 - importing nights says so

        named_by("checks of returns", queries.hashes)
        named_by("versions of returns", versions.hashes)
