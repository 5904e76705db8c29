"""Deadlines for a viewer: what is due, overdue, met; how many in each window; and what state each is in on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from kith.foundation.access.viewer import Viewer
from kith.foundation.prepared import Given, Prepared, Shaped, day, number
from kith.record.people.access import may_list, may_open
from kith.record.people.models import Involvement, Restriction
from kith.record.people.ties import ever_with, leader_of
from kith.vocabulary.errors import KithError

from . import duties
from .filters import AHEAD, DueFilter, in_week
from .models import Deadline, LateReason, NotRequired


class NoSuchDeadline(KithError):
    """There is no such deadline, or it belongs to a child whom the viewer may not know of."""


@dataclass(frozen=True)
class InWindow:
    """How many deadlines lie in one window, and the first few of them."""

    count: int = 0
    rows: tuple[Deadline, ...] = ()


def deadlines_for(viewer: Viewer) -> QuerySet[Deadline]:
    """Every deadline of every child this viewer may open."""
    if not viewer.may("see_today"):
        return Deadline.objects.none()
    return Deadline.objects.filter(may_open(viewer))


def theirs_to_list(viewer: Viewer, *, only: int | None = None) -> QuerySet[Deadline]:
    """The deadlines this viewer may look through: everybody's, or only their own where the policy says no more."""
    return Deadline.objects.filter(_theirs(viewer, only)) if viewer.may("see_today") else Deadline.objects.none()


def listed(viewer: Viewer, asked: DueFilter, *, on: date) -> QuerySet[Deadline]:
    """The deadlines that the filters ask for, the longest due first, with child, worker and team at hand."""
    found = theirs_to_list(viewer, only=asked.child).filter(asked.where(on))
    if asked.child:
        found = found.filter(person_id=leader_of(asked.child))
    if asked.involved:
        found = found.filter(person_id__in=lives_with(asked.involved))
    return found.select_related("person", "worker", "team").order_by("due_on", "pk")


def open_of_child(viewer: Viewer, child: int) -> list[Deadline]:
    """What `listed` gives of one child whose record opens to this viewer: what is not done yet."""
    if not viewer.may("see_today"):
        return []
    asked = _of_child if viewer.may("see_team") else _of_child_for_worker
    return asked.ask(child=child, worker=viewer.worker)


@Prepared
def _of_child() -> QuerySet[Deadline]:
    found = Deadline.objects.filter(person_id=number("child"), open=True)
    return found.select_related("person", "worker", "team").order_by("due_on", "pk")


@Prepared
def _of_child_for_worker() -> QuerySet[Deadline]:
    found = Deadline.objects.filter(person_id=number("child"), open=True, worker_id=number("worker"))
    return found.select_related("person", "worker", "team").order_by("due_on", "pk")


def for_calendar(viewer: Viewer, *, since: date, until: date) -> QuerySet[Deadline]:
    """What falls to this viewer in person and is open, due on these days; nothing of anybody restricted in any way.

    It leaves the building, so it is narrower than their list.
    """
    restricted = Restriction.objects.filter(ended_on=None).values("person_id")
    mine = theirs_to_list(viewer).filter(worker_id=viewer.worker, open=True, due_on__gte=since, due_on__lte=until)
    return mine.exclude(person_id__in=restricted).order_by("due_on", "pk")


def soon_late(viewer: Viewer, asked: DueFilter, *, on: date) -> int:
    """How many that the filters ask for, and are open, will be late within a week unless they are done."""
    return listed(viewer, in_week(asked, on=on), on=on).count()


def windows(viewer: Viewer, asked: DueFilter, *, on: date, first: int) -> dict[str, InWindow]:
    """What is overdue, due today and due soon, in one query: how many in each, and the first few."""
    if not viewer.may("see_today"):
        return {}
    mine, about = _theirs(viewer), {"involved": bool(asked.involved), "child": bool(asked.child)}
    given = {"today": on, "involved": asked.involved, "child": asked.child}
    found: dict[str, list[Deadline]] = {}
    for row in _windows.ask(mine, asked.where(on), fixed=about | {"first": first}, **given):
        found.setdefault(row.window, []).append(row)
    return {name: InWindow(rows[0].many, tuple(rows)) for name, rows in found.items()}


@Shaped
def _windows(*conditions: Q, involved: bool, child: bool, first: int) -> QuerySet[Deadline]:
    today = day("today")
    window = Case(
        When(due_on__lt=today, then=Value("overdue")),
        When(due_on=today, then=Value("today")),
        default=Value("soon"),
        output_field=CharField(),
    )
    near = Q(open=True, due_on__lte=day("today", before=-AHEAD))
    found = _about(*conditions, near, involved=involved, child=child).annotate(window=window)
    numbered = found.annotate(
        place=Window(RowNumber(), partition_by=F("window"), order_by=["due_on", "pk"]),
        many=Window(Count("*"), partition_by=F("window")),
    )
    return _with_names(numbered.filter(place__lte=first))


def _theirs(viewer: Viewer, only: int | None = None) -> Q:
    """The condition on a deadline that this viewer may look through it."""
    mine = Q() if viewer.may("see_team") else Q(worker_id=viewer.worker)
    return may_list(viewer, only=only) & mine


def _about(*conditions: Q, involved: bool, child: bool) -> QuerySet[Deadline]:
    """The deadlines under some conditions; of one child, and of the children in whose lives a worker has a part."""
    found = Deadline.objects.filter(*conditions)
    if child:
        found = found.filter(person_id=leader_of(number("child")))
    return found.filter(person_id__in=lives_with(number("involved"))) if involved else found


def _with_names(found: QuerySet[Deadline]) -> QuerySet[Deadline]:
    return found.select_related("person", "worker", "team").order_by("due_on", "pk")


def first_few(viewer: Viewer, asked: DueFilter, *, on: date, first: int) -> InWindow:
    """How many deadlines the filters ask for, and the first few, in one query."""
    if not viewer.may("see_today"):
        return InWindow()
    fixed = {"involved": bool(asked.involved), "child": bool(asked.child), "first": first}
    given = {"involved": asked.involved, "child": asked.child}
    rows = _first_few.ask(_theirs(viewer), asked.where(on), fixed=fixed, **given)
    return InWindow(rows[0].many if rows else 0, tuple(rows))


@Shaped
def _first_few(*conditions: Q, involved: bool, child: bool, first: int) -> QuerySet[Deadline]:
    found = _about(*conditions, involved=involved, child=child)
    return _with_names(found.annotate(many=Window(Count("*"))))[:first]


def counted(viewer: Viewer, asked: DueFilter, *, on: date, by: tuple[str, ...]) -> list[dict[str, object]]:
    """How many are overdue, due today and due soon, for each value of the columns `by`: team, worker or rule."""
    if not viewer.may("see_today"):
        return []
    given = {"today": on, "child": asked.child}
    rows = _counted.ask(_theirs(viewer), asked.where(on), fixed={"by": by, "child": bool(asked.child)}, **given)
    return [row | {"soon": row["near"] - row["overdue"] - row["today"]} for row in rows]


@Shaped
def _counted(*conditions: Q, by: tuple[str, ...], child: bool) -> QuerySet[Deadline, Any]:
    today, ahead = day("today"), day("today", before=-AHEAD)
    counts = {
        "overdue": Count("due_on", filter=Q(due_on__lt=today)),
        "today": Count("due_on", filter=Q(due_on=today)),
        "near": Count("due_on"),
    }
    near = Q(open=True, due_on__lte=ahead)
    return _about(*conditions, near, involved=False, child=child).order_by().values(*by).annotate(**counts)


def one(viewer: Viewer, pk: int) -> Deadline:
    """One deadline; to a viewer who may not see the child there is none."""
    found = deadlines_for(viewer).filter(pk=pk).select_related("person", "worker", "team").first()
    if found is None or not viewer.may("see_child"):
        raise NoSuchDeadline("There is no such deadline.", mend="Go back to Today.")
    return found


def reasons_of(deadline: Deadline) -> QuerySet[LateReason]:
    """What people said of why it was late, newest first."""
    same = {name: getattr(deadline, name) for name in ("rule", "opened_by", "cycle")}
    return (
        LateReason.objects.filter(**same, person_id__in=ever_with(deadline.person_id))
        .select_related("by")
        .order_by("-at")
    )


def not_required(deadline: Deadline) -> QuerySet[NotRequired]:
    """What was said of its not being required, the newest first, taken back or not."""
    same = {name: getattr(deadline, name) for name in ("rule", "opened_by", "cycle")}
    found = NotRequired.objects.filter(**same, person_id__in=ever_with(deadline.person_id))
    return found.select_related("by", "back_by").order_by("-at")


def next_for(*, people: Iterable[int], fact: str) -> dict[int, Deadline]:
    """For each child, the soonest open deadline that a fact of this name would meet."""
    rows = Deadline.objects.filter(person_id__in=list(people), rule__in=duties.met_by(fact), open=True)
    found: dict[int, Deadline] = {}
    for row in rows.order_by("due_on", "pk"):
        found.setdefault(row.person_id, row)
    return found


def open_for(people: Iterable[int]) -> list[tuple[str, date]]:
    """What is open for these children, whose records the caller has been let in to: each rule and the day it is due."""
    return list(Deadline.objects.filter(person_id__in=list(people), open=True).values_list("rule", "due_on"))


def lives_with(worker: int | Given) -> QuerySet[Involvement]:
    """The ids of the children in whose lives a worker has a part now."""
    return Involvement.objects.filter(worker_id=worker, ended_on=None).values("person_id")


def state_of(deadline: Deadline, *, on: date) -> str:
    """The state on a day, by its name in STATE_WORDS. Done on the due date is on time."""
    if deadline.met_on:
        return "met_late" if deadline.late else "met"
    if deadline.excused_on:
        return "not_required"
    if deadline.ended_on:
        return "ended"
    if deadline.due_on < on:
        return "overdue"
    return "due_soon" if deadline.warn_on and deadline.warn_on <= on else "not_due"
