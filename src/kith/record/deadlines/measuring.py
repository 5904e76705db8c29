"""Turns of clocks as a measure counts them: those that fell due, those met, or those open, and how many in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from kith.foundation.access.viewer import Viewer
from kith.record.people.access import may_list

from .facts import IN_TIME, NEEDED
from .models import Deadline

# What a measure looks at, as a page says it.
BASES = {
    "due": "those that fell due in the last twelve months",
    "done": "those done in the last twelve months",
    "open": "those open today",
}
LISTS = ("measured", "counted", "others", "overdue")


@dataclass(frozen=True)
class Tally:
    """How many turns a measure looks at, how many of them it counts, and how many are open and overdue today."""

    measured: int = 0
    counted: int = 0
    overdue: int = 0

    @property
    def others(self) -> int:
        """Those looked at and not counted."""
        return self.measured - self.counted

    @property
    def percent(self) -> float | None:
        """The share counted, of 100; nothing where there is nothing to measure."""
        return self.counted / self.measured * 100 if self.measured else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.measured + other.measured, self.counted + other.counted, self.overdue + other.overdue)


def measured(basis: str, *, on: date) -> Q:
    """The turns that a basis (of BASES) looks at. A turn not needed by the day it was due is not looked at."""
    year_ago = _year_before(on)
    return {
        "due": Q(due_on__gte=year_ago, due_on__lt=on) & NEEDED,
        "done": Q(met_on__gte=year_ago, met_on__lte=on),
        "open": Q(open=True, opened_on__lte=on),
    }[basis]


def counted(basis: str, counts: str, *, on: date) -> Q:
    """Of those, the turns that are counted: "in_time", "late", or "met" at any time."""
    in_time = Q(due_on__gte=on) if basis == "open" else IN_TIME
    return {"in_time": in_time, "late": ~in_time, "met": Q(met_on__isnull=False)}[counts]


def overdue(*, on: date) -> Q:
    """Open, and past the day they were due."""
    return Q(open=True, due_on__lt=on)


def tallies(basis: str, rules: Iterable[str], *, on: date) -> Mapping[tuple[str, str], Tally]:
    """The whole service's tally of each rule for each way of counting, by (rule, counts), in two queries."""
    of_rules = Deadline.objects.filter(rule__in=sorted(rules)).order_by().values("rule")
    ways = {way: Count("pk", filter=counted(basis, way, on=on)) for way in ("in_time", "late", "met")}
    seen = of_rules.filter(measured(basis, on=on)).annotate(measured=Count("pk"), **ways)
    open_late = dict(of_rules.filter(overdue(on=on)).annotate(many=Count("pk")).values_list("rule", "many"))
    rows = {row["rule"]: row for row in seen}
    return {
        (rule, way): Tally(
            rows.get(rule, {}).get("measured", 0), rows.get(rule, {}).get(way, 0), open_late.get(rule, 0)
        )
        for rule in {*rows, *open_late}
        for way in ways
    }


def turns(viewer: Viewer, rules: Iterable[str], *, basis: str, counts: str, which: str, on: date) -> QuerySet[Deadline]:
    """The turns of one of LISTS, of children whom a list may hold for this viewer, the longest due first."""
    look = measured(basis, on=on)
    count = counted(basis, counts, on=on)
    wanted = {"measured": look, "counted": look & count, "others": look & ~count, "overdue": overdue(on=on)}[which]
    found = Deadline.objects.filter(may_list(viewer), wanted, rule__in=sorted(rules))
    return found.select_related("person", "worker", "team").order_by(F("due_on").asc(), "pk")


def tally_for(viewer: Viewer, rules: Iterable[str], *, basis: str, counts: str, on: date) -> Tally:
    """The same, of the children whom a list may hold for this viewer: each number is that of its list. One query."""
    look, count = measured(basis, on=on), counted(basis, counts, on=on)
    mine = Deadline.objects.filter(may_list(viewer), look | overdue(on=on), rule__in=sorted(rules))
    found = mine.aggregate(
        measured=Count("pk", filter=look),
        counted=Count("pk", filter=look & count),
        overdue=Count("pk", filter=overdue(on=on)),
    )
    return Tally(**found)


def _year_before(on: date) -> date:
    return on.replace(year=on.year - 1, day=min(on.day, 28) if (on.month, on.day) == (2, 29) else on.day)
