"""Promises as turns of a clock: each has a day of its own, and is kept by it or is not."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from kith.analysis.controls.shapes import TURNS_SCHEMA
from kith.foundation.access.viewer import Viewer
from kith.record.deadlines.facts import COUNTED
from kith.record.deadlines.rows import frame
from kith.record.people.access import may_list

from .models import Promise

RULE = "promise"
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
