"""Slows guessing down without letting anybody shut a worker out.

Tries are counted for each account from each source, and apart from that for each device that the account has signed
in with before. Whoever guesses from elsewhere makes nobody wait but himself. A try is counted before it is judged, so
that many at once gain nothing, and one made while waiting is not judged at all. Passkeys and the council's own sign-in
are not guessed at, and do not pass here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from kith.foundation.sealing import keyed_hash

from .models import Tries

FORGOTTEN = timedelta(hours=24)


@dataclass(frozen=True)
class Limit:
    """How many tries are free, and how long the wait may grow: it doubles from two seconds."""

    free: int
    longest: timedelta


PASSWORD = Limit(free=5, longest=timedelta(minutes=1))
CODE = Limit(free=5, longest=timedelta(minutes=15))
CODE_ANYWHERE = Limit(free=50, longest=timedelta(hours=1))  # by who knows the password, from devices not known


@dataclass(frozen=True)
class Key:
    """What is counted: nothing of it is written anywhere but as a keyed hash."""

    what: str
    whose: str
    source: str
    limit: Limit

    @property
    def hashed(self) -> str:
        """The key as its row holds it."""
        return keyed_hash(f"{self.what}\n{self.whose.strip().lower()}\n{self.source}", purpose="sign-in tries")


def may_try(*keys: Key, now: datetime) -> bool:
    """Whether a try may be judged now; it is counted as wrong under every key until `went_right` forgets it."""
    with transaction.atomic():
        rows = [_row(key, now) for key in keys]
        if any(wait_after(row.wrong, key.limit) > now - row.last_at for row, key in zip(rows, keys, strict=True)):
            return False
        for row in rows:
            row.wrong, row.last_at = row.wrong + 1, now
            row.save(update_fields=["wrong", "last_at"])
    return True


def went_right(*keys: Key) -> None:
    """Forget the wrong tries."""
    Tries.objects.filter(key__in=[key.hashed for key in keys]).delete()


def wait_after(wrong: int, limit: Limit) -> timedelta:
    """How long to wait after so many wrong tries."""
    if wrong < limit.free:
        return timedelta()
    return min(limit.longest, timedelta(seconds=2 ** min(wrong - limit.free + 1, 12)))


def forget_old(*, now: datetime) -> None:
    """Take away what is older than a day."""
    Tries.objects.filter(last_at__lt=now - FORGOTTEN).delete()


def _row(key: Key, now: datetime) -> Tries:
    """The row of a key, locked. A row older than a day begins again."""
    found = _locked(key.hashed)
    if found is None:
        try:
            with transaction.atomic():
                Tries.objects.create(key=key.hashed, last_at=now)
        except IntegrityError:  # somebody else made it at this moment
            pass
        found = _locked(key.hashed)
        if found is None:
            raise RuntimeError("A count of tries was taken away while it was being made.")
    if now - found.last_at > FORGOTTEN:
        found.wrong = 0
    return found


def _locked(hashed: str) -> Tries | None:
    return Tries.objects.select_for_update().filter(key=hashed).first()
