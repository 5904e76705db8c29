"""The Django app: keeps the triggers in place."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class HistoryConfig(AppConfig):
    """Who saw and changed what, kept by the database itself."""

    name = "kith.foundation.history"
    label = "history"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every connection can name the actor; every migrate ends with the triggers in place."""
        from . import triggers

        connection_created.connect(triggers.register_sqlite, dispatch_uid="kith-actor")
        post_migrate.connect(_install, dispatch_uid="kith-triggers", sender=self)


def _install(**_: Any) -> None:
    from . import triggers

    triggers.install()
