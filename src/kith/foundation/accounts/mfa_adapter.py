"""What allauth's second factors are told by Kith: how secrets are sealed, and what an authenticator shows."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from kith.foundation.sealing import seal, unseal

_whose: ContextVar[int | None] = ContextVar("whose secrets", default=None)


@contextmanager
def secrets_of(account: int) -> Iterator[None]:
    """The secrets handled inside are this account's: sealed for another's row, they do not open."""
    token = _whose.set(account)
    try:
        yield
    finally:
        _whose.reset(token)


def _place() -> str:
    whose = _whose.get()
    if whose is None:
        raise RuntimeError("A second factor's secret was touched without saying whose it is.")
    return f"mfa_authenticator|{whose}|data"


class SecondFactors(DefaultMFAAdapter):
    """Seals each secret to its account, and names Kith to authenticators."""

    def encrypt(self, text: str) -> str:
        """The text, sealed."""
        return base64.b64encode(seal(text.encode(), place=_place())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed; another account's does not open."""
        return unseal(base64.b64decode(encrypted_text), place=_place()).decode()

    def get_totp_issuer(self) -> str:
        """What the app on a telephone shows."""
        return f"Kith {settings.AUTHORITY}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who a passkey is for: this service under this name and no other."""
        request: Any = context.request
        return {"id": request.get_host().rsplit(":", 1)[0], "name": f"Kith {settings.AUTHORITY}"}
