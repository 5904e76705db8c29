"""Reading promises, always for a viewer: a child's, a meeting's, a worker's; and the counts that open their lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Window
from django.urls import reverse

from kith.foundation.access.viewer import Viewer
from kith.foundation.prepared import Shaped
from kith.foundation.screens.lists import Listing
from kith.record.deadlines.openings import Named
from kith.record.people.access import may_open
from kith.record.people.models import Involvement, Person
from kith.record.people.queries import NotFound
from kith.record.people.shields import mark_withheld
from kith.record.people.ties import of, together
from kith.record.steps.models import Step
from kith.record.steps.queries import parts_for

from .models import Promise
from .states import WORDS, condition

COUNTED = ("made", "on_time", "late", "open", "overdue", "dropped")


@dataclass(frozen=True)
class Ledger:
    """What we said we would do for one child, and did we: counts that open their lists, and what is still open."""

    counts: tuple[Listing, ...]
    open: tuple[Promise, ...]

    @property
    def made(self) -> int:
        """How many promises there ever were."""
        return self.counts[0].count


def promises_for(viewer: Viewer, *, only: int | None = None) -> Any:
    """Every promise for every child whose record opens to this viewer, or for `only` one.

    They come without what may not be known of where a child is.
    """
    if not viewer.may("see_child"):
        return Promise.objects.none()
    return Promise.objects.filter(may_open(viewer, only=only)).for_viewer(viewer)


def promise_for(viewer: Viewer, pk: int) -> Promise:
    """One promise, with its child and its owner. NotFound where there is none, or none this viewer may know of."""
    found = promises_for(viewer).select_related("person", "owner", "done_by", "recorded_by").filter(pk=pk).first()
    if found is None:
        raise NotFound("promise")
    return found


def for_child(viewer: Viewer, person: Person, *, on: date) -> Ledger:
    """The answer to "what did we say we would do, and did we?" for one child, in two queries."""
    mine = promises_for(viewer, only=person.pk).filter(person__in=of(person))
    held = mine.aggregate(**{state: Count("pk", filter=condition(state, on=on)) for state in COUNTED})
    still = mine.filter(condition("open", on=on)).select_related("owner").order_by("due_on", "pk")
    return Ledger(tuple(_listing(state, held[state], {"child": person.pk}) for state in COUNTED), tuple(still))


def made_in(viewer: Viewer, ref: str) -> QuerySet[Promise]:
    """The promises made in one step, such as a meeting, for the children this viewer may see."""
    return (
        promises_for(viewer).filter(made_in=ref).select_related("person", "owner").order_by("person_id", "due_on", "pk")
    )


def owned_by(viewer: Viewer, *, until: date | None = None) -> QuerySet[Promise]:
    """The open promises that are this viewer's own to keep, soonest first; those due by `until`, if given."""
    mine = promises_for(viewer).filter(owner_id=viewer.worker).filter(condition("open", on=until or date.max))
    due = mine if until is None else mine.filter(due_on__lte=until)
    return due.select_related("person", "owner").order_by("due_on", "pk")


def overdue_count(viewer: Viewer, *, on: date, filters: Mapping[str, object]) -> Listing:
    """How many promises under these filters are overdue, as a count that opens them."""
    count = listed(viewer, filters | {"state": "overdue"}, on=on).count()
    return _listing("overdue", count, filters)


def listed(viewer: Viewer, filters: Mapping[str, object], *, on: date) -> QuerySet[Promise]:
    """The promises that the filters ask for: child, owner, team, state, made_in, kind, due_until; soonest due first.

    `owner` is a worker's number, or "me"; `team` is the team that holds the child today; `kind` the kind of step it
    was made in ("strategy_meeting").
    """
    rows = promises_for(viewer).filter(_columns(viewer, filters, on))
    if child := filters.get("child"):
        rows = rows.filter(person_id__in=together(int(str(child))))
    if team := filters.get("team"):
        rows = rows.filter(person_id__in=_held_by(team))
    if ref := filters.get("made_in"):
        rows = rows.filter(made_in__in=_steps(viewer, [str(ref)]).values("ref"))
    if kind := filters.get("kind"):
        rows = rows.filter(made_in__in=Step.objects.filter(kind=kind).values("ref"))
    return rows.select_related("person", "owner").order_by("due_on", "pk")


def first_few(viewer: Viewer, filters: Mapping[str, object], *, on: date, first: int) -> tuple[list[Promise], int]:
    """The first few promises under those filters, and how many there are: one query for Today's own."""
    if set(filters) - {"state", "owner", "due_until"} or not viewer.may("see_child"):
        rows = listed(viewer, filters, on=on)
        found = list(rows[:first])
        return found, len(found) if len(found) < first else rows.count()
    found = _first_few.ask(may_open(viewer), _columns(viewer, filters, on), fixed={"first": first})
    mark_withheld(viewer, found)
    return found, found[0].many if found else 0


def _columns(viewer: Viewer, filters: Mapping[str, object], on: date) -> Q:
    """The filters upon the promise's own row: its state, whose it is to keep, and by when."""
    found = condition(str(filters.get("state") or "made"), on=on)
    if owner := filters.get("owner"):
        found &= Q(owner_id=viewer.worker if owner == "me" else int(str(owner)))
    if until := filters.get("due_until"):
        found &= Q(due_on__lte=until)
    return found


@Shaped
def _first_few(opening: Q, wanted: Q, *, first: int) -> QuerySet[Promise]:
    found = Promise.objects.filter(opening, wanted).select_related("person", "owner").order_by("due_on", "pk")
    return found.annotate(many=Window(Count("*")))[:first]


def names(viewer: Viewer, refs: Iterable[str]) -> dict[str, Named]:
    """What these refs are called, of those that are promises this viewer may see."""
    wanted = [ref for ref in refs if ref.startswith("promise:")]
    rows = promises_for(viewer).filter(ref__in=wanted) if wanted else ()
    return {row.ref: _named(row) for row in rows}


def _named(row: Promise) -> Named:
    return Named(kind="promise", words="What was promised", url=reverse("promises:promise", args=[row.pk]))


def steps_of(viewer: Viewer, promises: list[Promise]) -> dict[str, Step]:
    """The steps that these promises were made in, by ref, of those this viewer may know of: one query."""
    return {step.ref: step for step in _steps(viewer, {each.made_in for each in promises if each.made_in})}


def _steps(viewer: Viewer, refs: Collection[str]) -> QuerySet[Step]:
    mine = parts_for(viewer).filter(step__ref__in=refs).values("step_id")
    return Step.objects.filter(ref__in=refs, pk__in=mine)


def _held_by(team: object) -> QuerySet[Involvement]:
    now = Q(ended_on=None, role__istartswith="allocated", team_id=team)
    return Involvement.objects.filter(now).values("person_id")  # type: ignore[return-value]


def _listing(state: str, count: int, filters: Mapping[str, object]) -> Listing:
    chosen = {**filters, "state": "" if state == "made" else state}
    return Listing(title=WORDS[state], filters=chosen, count=count, path=reverse("promises:list"))
