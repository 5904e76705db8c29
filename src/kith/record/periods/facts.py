"""Periods as the clocks see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl
from django.db.models import CharField, Q
from django.db.models.functions import Cast

from kith.record.deadlines.rows import PeoplesFrame, frame
from kith.statutory.timescales.shapes import PERIODS_SCHEMA

from .models import Period

SAME_NAME = [
    "ref",
    "kind",
    "code",
    "started_on",
    "started_at",
    "ended_on",
    "ended_at",
    "start_reason",
    "end_reason",
    "parent",
]


COLUMNS = {name: name for name in SAME_NAME} | {"child": Cast("person_id", CharField())}
_periods = PeoplesFrame(lambda: Period.objects.filter(voided_at=None), COLUMNS, PERIODS_SCHEMA)


def periods(people: Sequence[int] | None) -> pl.DataFrame:
    """The periods of these people that were not voided, in the canonical shape."""
    return _periods.of(people)


def of_kinds(kinds: Iterable[str], *, since: date | None = None) -> pl.DataFrame:
    """Everybody's periods of these kinds that were not voided; those that ran on or after `since`, where given."""
    rows = Period.objects.filter(voided_at=None, kind__in=sorted(kinds))
    if since:
        rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=since))
    return frame(rows=rows, columns=COLUMNS, schema=PERIODS_SCHEMA)
