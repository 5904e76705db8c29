"""The Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Signing in, sessions, and who keeps accounts, teams and posts."""

    name = "kith.foundation.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What allauth keeps of second factors is in the history like Kith's own tables, its secrets apart."""
        from allauth.mfa.models import Authenticator

        from . import breached, tasks  # noqa: F401 - importing them says what is checked, and what is done each night

        kept: Any = Authenticator
        kept.in_history, kept.never_in_history = True, ("data",)
        kept.retention = "while the account has it"
