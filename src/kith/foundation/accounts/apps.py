"""The Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Signing in, sessions, and who keeps accounts, teams and posts."""

    name = "kith.foundation.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
