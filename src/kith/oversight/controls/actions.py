"""Reading the controls, day by day, and keeping what was found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl
from django.db import transaction
from django.utils import timezone

from kith.foundation.database import one_moment

from .book import book
from .facts import days_read
from .models import Reading


def read_all(*, on: date, since: date | None = None) -> dict[str, int]:
    """Read every control for each day from `since` (its whole story, where none is given) until the day before `on`.

    Reading again replaces what was read: a late correction to the record shows. A control that was never read is read
    whole. Gives how many days each one has. Nobody who saves waits for the reading: only the keeping is a transaction.
    """
    controls = list(book().values())
    with one_moment():
        never = [each for each in controls if since and not Reading.objects.filter(control=each.id).exists()]
        parts = ((never, None), ([each for each in controls if each not in never], since))
        found = [(first, days_read(some, on=on, since=first)) for some, first in parts if some]
    with transaction.atomic():
        return {key: _keep(key, rows, on=on, since=first) for first, days in found for key, rows in days.items()}


def _keep(control: str, days: pl.DataFrame, *, on: date, since: date | None) -> int:
    """Keep one control's days from `since` until the day before `on`, and those only; gives how many there are."""
    if since:
        days = days.filter(pl.col("day") >= since)
    held = Reading.objects.filter(control=control, day__lt=on, **({"day__gte": since} if since else {}))
    held.exclude(day__in=days["day"].to_list()).delete()
    at = timezone.now()
    rows = [Reading(control=control, read_at=at, **row) for row in days.to_dicts()]
    Reading.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["control", "day"],
        update_fields=["expected", "held", "read_at"],
        batch_size=500,
    )
    return len(rows)


def forget(controls: Iterable[str]) -> int:
    """Throw away the readings of controls that are no longer kept; gives how many rows went."""
    return Reading.objects.exclude(control__in=list(controls)).delete()[0]
