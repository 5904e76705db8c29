"""The Django app: keeps the triggers in place."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class HistoryConfig(AppConfig):
    """Who saw and changed what, kept by the database itself."""

    name = "kith.foundation.history"
    label = "history"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every connection can name the actor; every migrate that has something to do begins without the triggers.

        SQLite makes a changed table anew under another name, and refuses to while a trigger speaks of the old one.
        They are put back at the end; should it be cut short, the service does not start without them.
        """
        from . import triggers

        connection_created.connect(triggers.register_sqlite, dispatch_uid="kith-actor")
        pre_migrate.connect(_take_away, dispatch_uid="kith-triggers-away", sender=self)
        post_migrate.connect(_install, dispatch_uid="kith-triggers", sender=self)


def _take_away(*, plan: list[Any], **_: Any) -> None:
    from . import triggers

    if plan:
        triggers.take_away()


def _install(**_: Any) -> None:
    from . import triggers

    triggers.install()
