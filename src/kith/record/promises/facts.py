"""Promises as turns of a clock: each has a day of its own, and is kept by it or is not. And as what clocks follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from kith.analysis.controls.shapes import TURNS_SCHEMA
from kith.foundation.access.viewer import Viewer
from kith.record.deadlines.facts import COUNTED
from kith.record.deadlines.rows import PeoplesFrame, frame
from kith.record.people.access import may_list
from kith.record.steps.models import Step
from kith.statutory.timescales.shapes import PROMISES_SCHEMA

from .models import Promise

RULE = "promise"
FOLLOWED = "strategy_meeting"  # the work whose promises are a clock's
# A promise that was dropped, with its reason, by the day it was for is not counted.
NEEDED = ~Q(done_on=None, dropped_on__isnull=False, dropped_on__lte=F("due_on"))
KEPT = Q(done_on__isnull=False, done_on__lte=F("due_on"))
COLUMNS = {
    "child": Cast("person_id", CharField()),
    "rule": Value(RULE),
    "ref": "ref",
    "due_on": "due_on",
    "met_on": "done_on",
    "met_by": Value(""),
    "late": Case(When(done_on__gt=F("due_on"), then=Value(True)), default=Value(False)),
    "ended_on": "dropped_on",
}


def due(*, since: date | None, until: date) -> QuerySet[Promise]:
    """Everybody's promises that were for a day from `since` (the whole story, where none) until `until`."""
    rows = Promise.objects.filter(NEEDED, due_on__lte=until)
    return rows.filter(due_on__gte=since) if since else rows


def counted(*, since: date | None, until: date) -> pl.DataFrame:
    """How many promises were for each day, and how many of them were kept by it: in one query."""
    days = due(since=since, until=until).order_by().values_list(Value(RULE), "due_on")
    rows = days.annotate(expected=Count("pk"), held=Count("pk", filter=KEPT))
    return pl.DataFrame(list(rows), schema=COUNTED, orient="row")


def turns(viewer: Viewer, *, since: date | None, until: date, missed_only: bool = False) -> pl.DataFrame:
    """The promises (TURNS_SCHEMA) for children that a list may hold for this viewer; only those not kept, if said."""
    rows = due(since=since, until=until).filter(may_list(viewer))
    return frame(rows=rows.exclude(KEPT) if missed_only else rows, columns=COLUMNS, schema=TURNS_SCHEMA)


# From the promises, of which a child has few: a list of every meeting costs thirty times as much.
_followed = PeoplesFrame(
    lambda: Promise.objects.filter(Exists(_meetings(OuterRef("made_in")))),
    {"child": Cast("person_id", CharField()), "made_in": Value(FOLLOWED)}
    | {name: name for name in ("ref", "due_on", "done_on", "dropped_on")},
    PROMISES_SCHEMA,
)


def followed(people: Sequence[int] | None) -> pl.DataFrame:
    """What was promised to these people in strategy meetings that went ahead (PROMISES_SCHEMA). One query."""
    return _followed.of(people)


def is_followed(promise: Promise) -> bool:
    """Whether a clock follows it: then its child's clocks move with it."""
    return bool(promise.made_in) and _meetings(promise.made_in).exists()


def _meetings(ref: str | OuterRef) -> QuerySet[Step]:
    return Step.objects.filter(ref=ref, kind=FOLLOWED, cancelled_on=None)
