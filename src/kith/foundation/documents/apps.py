"""The Django app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Files that people send: what they are, whether they are safe to keep, and where they lie, sealed."""

    name = "kith.foundation.documents"
    label = "foundation_documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """New keys reach every document."""
        from kith.foundation.sealing import holders

        from .storage import Files

        holders.holds(Files())
