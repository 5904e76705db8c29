"""Turns of clocks as a measure counts them: those that fell due, those met, or those open, and how many in time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
    "all_due": "all that fell due in the last twelve months, those no longer needed too",
    "done": "those done in the last twelve months",
    "open": "those open today",
}
WAYS = ("in_time", "late", "met")
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
    """The turns that a basis (of BASES) looks at. "due" leaves out a turn not needed by the day it was due."""
    year_ago = _year_before(on)
    fell_due = Q(due_on__gte=year_ago, due_on__lt=on)
    return {
        "due": fell_due & NEEDED,
        "all_due": fell_due,
        "done": Q(met_on__gte=year_ago, met_on__lte=on),
        "open": Q(open=True),
    }[basis]


def counted(basis: str, counts: str, *, on: date) -> Q:
    """Of those, the turns that are counted: "in_time", "late", or "met" at any time."""
    in_time = Q(due_on__gte=on) if basis == "open" else IN_TIME
    return {"in_time": in_time, "late": ~in_time, "met": Q(met_on__isnull=False)}[counts]


def overdue(*, on: date) -> Q:
    """Open, and past the day they were due."""
    return Q(open=True, due_on__lt=on)


def tallies(rules_of: Mapping[str, Collection[str]], *, on: date) -> Mapping[tuple[str, str, str], Tally]:
    """The whole service's tally of each rule by (basis, rule, counts), for the rules of each basis: four queries."""
    still = _open_by_rule(on)
    found = {}
    for basis, rules in rules_of.items():
        seen = _open(rules, still) if basis == "open" else _over(basis, rules, on)
        for rule in rules:
            looked, ways = seen.get(rule, (0, {}))
            late = still.get(rule, (0, 0))[1]
            found |= {(basis, rule, way): Tally(looked, ways.get(way, 0), late) for way in WAYS}
    return found


def _open_by_rule(on: date) -> dict[str, tuple[int, int]]:
    """How many turns of each rule are open, and how many of them overdue: from the index of what is open alone."""
    rows = Deadline.objects.filter(open=True).order_by().values_list("rule")
    return {
        rule: (many, late) for rule, many, late in rows.annotate(Count("pk"), late_=Count("pk", filter=overdue(on=on)))
    }


def _open(rules: Collection[str], still: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, dict[str, int]]]:
    known = {rule: still.get(rule, (0, 0)) for rule in rules}
    return {rule: (many, {"in_time": many - late, "late": late}) for rule, (many, late) in known.items()}


def _over(basis: str, rules: Collection[str], on: date) -> dict[str, tuple[int, dict[str, int]]]:
    if not rules:
        return {}
    ways = {way: Count("pk", filter=counted(basis, way, on=on)) for way in WAYS}
    seen = Deadline.objects.filter(measured(basis, on=on), rule__in=sorted(rules)).order_by().values("rule")
    return {
        row["rule"]: (row["measured"], {way: row[way] for way in WAYS})
        for row in seen.annotate(measured=Count("pk"), **ways)
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
