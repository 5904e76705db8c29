"""An authenticator app, for tests: its own reading of RFC 6238, which shares no code with what it checks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time


def code(secret: str, *, ahead: int = 0) -> str:
    """The six digits that the app shows now, or so many half-minutes from now."""
    counter = int(time.time()) // 30 + ahead
    return code_at(secret, counter)


def code_at(secret: str, counter: int) -> str:
    """The six digits of one half-minute."""
    key = base64.b32decode(secret.replace(" ", "").upper())
    digest = hmac.new(key, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[19] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
