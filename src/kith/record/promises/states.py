"""What state a promise is in on a day: read from its dates. One condition serves every count and its list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import F, Q

from .models import Promise

WORDS = {
    "made": "Made",
    "open": "Open",
    "overdue": "Overdue",
    "done": "Done",
    "on_time": "Done on time",
    "late": "Done late",
    "dropped": "Dropped",
}
_KEPT = Q(done_on__isnull=False)
_DROPPED = Q(dropped_on__isnull=False)
_OPEN = ~_KEPT & ~_DROPPED
_CONDITIONS: dict[str, Callable[[date], Q]] = {
    "made": lambda on: Q(pk__isnull=False),
    "open": lambda on: _OPEN,
    "overdue": lambda on: _OPEN & Q(due_on__lt=on),
    "done": lambda on: _KEPT,
    "on_time": lambda on: _KEPT & (Q(due_on=None) | Q(done_on__lte=F("due_on"))),
    "late": lambda on: _KEPT & Q(done_on__gt=F("due_on")),
    "dropped": lambda on: ~_KEPT & _DROPPED,
}


def condition(state: str, *, on: date) -> Q:
    """The promises that are in `state` on that day. Overdue ones are open too; late ones are done too."""
    return _CONDITIONS[state](on)


def state_of(promise: Promise, *, on: date) -> str:
    """The one state that says most: overdue, open, on_time, late or dropped. Done on the due day is on time."""
    if promise.done_on:
        return "late" if promise.due_on and promise.done_on > promise.due_on else "on_time"
    if promise.dropped_on:
        return "dropped"
    return "overdue" if promise.due_on and promise.due_on < on else "open"
