"""How many different records are opened in an hour after one proof: beyond any day's work, another is asked for.

A stolen session, or a machine that goes through the numbers one by one, stops there. A person goes on after her
proof, and is asked again after as many more. What was not opened is in the history. It is counted in the memory of each
process that serves pages, so with two of them it may come at up to twice as many.
"""

from __future__ import annotations

import time
from datetime import datetime
from threading import Lock

from django.conf import settings

HOUR = 3600.0

_opened: dict[tuple[int, datetime], dict[int, float]] = {}  # by worker and proof: each person, and when last opened
_lock = Lock()


class TooManyRecords(Exception):
    """More records than anybody's work asks for; `person` is whose was not opened."""

    def __init__(self, person: int) -> None:
        """Say whose."""
        super().__init__("More records in an hour than anybody's work asks for.")
        self.person = person


def count(*, worker: int, proved_at: datetime, person: int) -> None:
    """Note that a worker, since this proof, opens this person's record. TooManyRecords where it is one too many."""
    now = time.monotonic()
    with _lock:
        hers = _opened.get((worker, proved_at))
        if hers is None:
            _forget(now)
            hers = _opened[worker, proved_at] = {}
        if person not in hers and len(hers) >= settings.RECORDS_AN_HOUR:
            for each in [each for each, at in hers.items() if now - at >= HOUR]:
                del hers[each]
            if len(hers) >= settings.RECORDS_AN_HOUR:
                raise TooManyRecords(person)
        hers[person] = now


def _forget(now: float) -> None:
    for key in [key for key, hers in _opened.items() if all(now - at >= HOUR for at in hers.values())]:
        del _opened[key]
