"""The Django app."""

from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    """Sealed adoption: two identities, and the link between them that two officers open together."""

    name = "kith.record.adoption"
    label = "adoption"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """New keys reach the sealed links too."""
        from kith.foundation.sealing.holders import Column, holds

        holds(Column("adoption.AdoptionLink", "sealed"))
