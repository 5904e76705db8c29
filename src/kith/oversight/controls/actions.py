"""Reading the controls, day by day, and keeping what was found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import polars as pl
from django.db import transaction
from django.utils import timezone

from kith.analysis.controls.evaluate import by_day
from kith.analysis.controls.shapes import Control

from .book import book
from .facts import facts_for
from .models import Reading
from .queries import expected


@transaction.atomic
def read_all(*, on: date, since: date | None = None) -> dict[str, int]:
    """Read every control for each day from `since` (its whole story, where none is given) until the day before `on`.

    Reading again replaces what was read: a late correction to the record shows. Gives how many days each one has.
    """
    controls = list(book().values())
    facts = facts_for(controls, since=since)
    at = timezone.now()
    return {control.id: read(control, facts=facts, on=on, at=at, since=since) for control in controls}


@transaction.atomic
def read(control: Control, *, facts: pl.DataFrame, on: date, at: datetime, since: date | None = None) -> int:
    """Keep one control's readings of the days from `since` until the day before `on`; gives how many days had any."""
    days = by_day(expected(control, facts=facts, on=on), on=on)
    if since:
        days = days.filter(pl.col("day") >= since)
    held = Reading.objects.filter(control=control.id, day__lt=on, **({"day__gte": since} if since else {}))
    held.exclude(day__in=days["day"].to_list()).delete()
    rows = [Reading(control=control.id, read_at=at, **row) for row in days.to_dicts()]
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
