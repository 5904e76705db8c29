"""Sessions and accounts, for their owners and for those who keep them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kith.foundation.access.models import Account
from kith.foundation.sealing import keyed_hash

from .models import Session
from .sessions import IDLE


@dataclass(frozen=True)
class Open:
    """One browser that somebody is signed in with. `name` stands for it in a form: its own name never leaves here."""

    name: str
    device: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def sessions_of(*, account: Account, this: str | None, now: datetime) -> list[Open]:
    """Where the account is signed in, the newest first; what has ended of itself is left out."""
    rows = Session.objects.filter(account=account, expire_date__gt=now, seen_at__gt=now - IDLE).order_by("-began_at")
    return [
        Open(_name(row), row.device or "A browser", row.began_at, row.seen_at, row.session_key == this) for row in rows
    ]


def session_of(*, account: Account, named: str) -> Session | None:
    """The session of this account that the list called so."""
    return next((row for row in Session.objects.filter(account=account) if named and _name(row) == named), None)


def _name(row: Session) -> str:
    return keyed_hash(row.session_key, purpose="session in a list")[:24]
