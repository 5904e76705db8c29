"""Has the clocks worked out after a load: person by person, or for everybody at once when nothing was there before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from kith.record.deadlines import actions, sources
from kith.record.deadlines.models import Deadline

from . import bulk


def recompute(*, people: Sequence[int] | None, on: date) -> None:
    """Bring the deadlines of these people (None: everybody) into step with the facts, in this transaction."""
    if people is None and not Deadline.objects.exists():
        _make_all(on)
    else:
        actions.recompute(people=people, on=on)


def _make_all(on: date) -> None:
    """Every deadline of an empty table, written at once; and what else is worked out from the same facts."""
    found = actions.worked_out(people=None, on=on).with_columns(
        pl.col("child").cast(pl.Int64).alias("person_id"),
        (pl.col("state") == "met_late").alias("late"),
    )
    bulk.lock(Deadline)
    first = bulk.next_id(Deadline)
    bulk.insert(model=Deadline, rows=found.with_columns(id=pl.int_range(first, first + found.height, dtype=pl.Int64)))
    sources.follow(None)
