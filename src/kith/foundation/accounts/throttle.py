"""Slows down guessing at a password, without letting anybody lock a worker out for long."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.core.cache import cache

FREE = 5  # wrong tries before there is any wait
LONGEST = timedelta(minutes=1)
FORGOTTEN = timedelta(minutes=15)


def wait_left(*, email: str, address: str, now: datetime) -> timedelta:
    """How long this account, from this address, must wait before it may try again; nothing when it need not."""
    wrong, last = cache.get(_key(email, address), (0, now))
    if wrong < FREE:
        return timedelta()
    wait = min(LONGEST, timedelta(seconds=2 ** min(wrong - FREE + 1, 10)))
    return max(timedelta(), last + wait - now)


def went_wrong(*, email: str, address: str, now: datetime) -> None:
    """Count a wrong try. Tries made while waiting are not counted, so that nobody can keep the wait going."""
    wrong, _ = cache.get(_key(email, address), (0, now))
    cache.set(_key(email, address), (wrong + 1, now), timeout=int(FORGOTTEN.total_seconds()))


def went_right(*, email: str, address: str) -> None:
    """Forget the wrong tries."""
    cache.delete(_key(email, address))


def _key(email: str, address: str) -> str:
    """Neither the e-mail nor the address is written anywhere: only a digest of the two."""
    return "sign-in:" + hashlib.sha256(f"{email.strip().lower()}\n{address}".encode()).hexdigest()
