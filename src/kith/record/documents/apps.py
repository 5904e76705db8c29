"""The Django app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """A child's documents: letters, reports, photographs and files that others sent."""

    name = "kith.record.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The words said of a document that is not added yet are kept as a draft; its rows name what is on the disk."""
        from kith.foundation.documents.storage import named_by

        from .queries import hashes
        from .unsent import register_unsent

        register_unsent()
        named_by("documents", hashes)
