"""The turns of clocks, kept as rows, as safeguards and measures see them: counted, or with the children behind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl
from django.db.models import CharField, Count, F, Q, QuerySet
from django.db.models.functions import Cast

from kith.analysis.controls.shapes import TURNS_SCHEMA
from kith.foundation.access.viewer import Viewer
from kith.record.people.access import may_list

from .models import Deadline
from .rows import frame

# Whether it had to be done at all: what was no longer needed, or said to be not required, by the day it was due is not
# counted. What was excused only after its day counts as not done in time: nobody can better a figure by excusing.
NEEDED = ~Q(met_on=None, ended_on__isnull=False, ended_on__lte=F("due_on")) & ~Q(
    met_on=None, excused_on__isnull=False, excused_on__lte=F("due_on")
)
IN_TIME = Q(met_on__isnull=False, late=False)
COUNTED: dict[str, pl.DataType] = {
    "rule": pl.String(),
    "day": pl.Date(),
    "expected": pl.Int64(),
    "held": pl.Int64(),
}
COLUMNS = {
    "child": Cast("person_id", CharField()),
    "rule": "rule",
    "ref": "opened_by",
    "due_on": "due_on",
    "met_on": "met_on",
    "met_by": "met_by",
    "late": "late",
    "ended_on": "ended_on",
}


def due(rules: Iterable[str], *, since: date | None, until: date) -> QuerySet[Deadline]:
    """Everybody's turns of these rules that fell due from `since` (the whole story, where none) until `until`."""
    rows = Deadline.objects.filter(NEEDED, rule__in=sorted(rules), due_on__lte=until)
    return rows.filter(due_on__gte=since) if since else rows


def counted(rules: Iterable[str], *, since: date | None, until: date) -> pl.DataFrame:
    """How many turns of each rule fell due on each day, and how many of them were met in time: in one query."""
    wanted = list(rules)
    if not wanted:
        return pl.DataFrame(schema=COUNTED)
    days = due(wanted, since=since, until=until).order_by().values_list("rule", "due_on")
    rows = days.annotate(expected=Count("pk"), held=Count("pk", filter=IN_TIME))
    return pl.DataFrame(list(rows), schema=COUNTED, orient="row")


def turns(
    viewer: Viewer, rules: Iterable[str], *, since: date | None, until: date, missed_only: bool = False
) -> pl.DataFrame:
    """The turns (TURNS_SCHEMA) of children whom a list may hold for this viewer; `missed_only`: not met in time."""
    wanted = list(rules)
    if not wanted:
        return pl.DataFrame(schema=TURNS_SCHEMA)
    rows = due(wanted, since=since, until=until).filter(may_list(viewer))
    return frame(rows=rows.exclude(IN_TIME) if missed_only else rows, columns=COLUMNS, schema=TURNS_SCHEMA)
