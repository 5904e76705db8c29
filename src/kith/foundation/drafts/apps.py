"""The Django app."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Unsent text, kept on the server; and both texts when two people save one record."""

    name = "kith.foundation.drafts"
    label = "drafts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Text that was sent too late is kept here; and new keys reach every draft."""
        from kith.foundation.access import turned_away
        from kith.foundation.sealing import holders

        from .turned_away import keep_what_was_sent

        turned_away.keeper = keep_what_was_sent
        holders.holds(holders.Column("drafts.Draft", "sealed"))
