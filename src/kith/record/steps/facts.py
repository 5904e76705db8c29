"""Steps as the clocks see them: one row for each child's part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl
from django.db.models import Case, CharField, F, Q, When
from django.db.models.functions import Cast

from kith.record.deadlines.rows import PeoplesFrame, frame
from kith.statutory.timescales.shapes import STEPS_SCHEMA

from .models import Part

COLUMNS = {
    "ref": "ref",
    "kind": "step__kind",
    "code": Case(When(code="", then=F("step__code")), default=F("code")),
    "child": Cast("person_id", CharField()),
    "opened_on": "step__opened_on",
    "opened_at": "step__opened_at",
    "planned_on": "step__planned_on",
    "happened_on": "step__happened_on",
    "happened_at": "step__happened_at",
    "done_on": "step__done_on",
    "done_at": "step__done_at",
    "outcome": "outcome",
    "counts": "counts",
    "span": "span",
    "led_from": "step__led_from",
}


_steps = PeoplesFrame(lambda: Part.objects.filter(step__cancelled_on=None), COLUMNS, STEPS_SCHEMA)


def steps(people: Sequence[int] | None) -> pl.DataFrame:
    """The steps of these people that were not cancelled, in the canonical shape."""
    return _steps.of(people)


def of_kinds(kinds: Iterable[str], *, since: date | None = None) -> pl.DataFrame:
    """Everybody's steps of these kinds that were not cancelled; those with a date on or after `since`, where given."""
    rows = Part.objects.filter(step__cancelled_on=None, step__kind__in=sorted(kinds))
    if since:
        late = Q(step__opened_on__gte=since) | Q(step__happened_on__gte=since) | Q(step__done_on__gte=since)
        rows = rows.filter(late)
    return frame(rows=rows, columns=COLUMNS, schema=STEPS_SCHEMA)
