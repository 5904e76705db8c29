"""Reading periods: for a viewer, or of children that the caller has already been let in to see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window

from kith.foundation.access.viewer import Viewer
from kith.record.deadlines.openings import Named
from kith.record.people.access import may_open
from kith.record.people.models import Involvement

from .models import Home, Period
from .words import name_of


@dataclass(frozen=True)
class Running:
    """How many periods are running, and the first few of them."""

    count: int = 0
    rows: tuple[Period, ...] = ()


def periods_for(viewer: Viewer) -> QuerySet[Period]:
    """The periods, not voided, of every child this viewer may open."""
    if not viewer.may("see_child"):
        return Period.objects.none()
    return Period.objects.filter(may_open(viewer), voided_at=None)


def running(viewer: Viewer, *, kind: str, on: date) -> QuerySet[Period]:
    """The periods of one kind that have begun and not ended, the newest first, with the child at hand."""
    found = periods_for(viewer).filter(ended_on=None, kind=kind, started_on__lte=on)
    return found.select_related("person").order_by("-started_on", "-pk")


def first_few(viewer: Viewer, *, kind: str, on: date, first: int) -> Running:
    """How many periods of one kind are running, and the first few, in one query."""
    rows = tuple(running(viewer, kind=kind, on=on).annotate(many=Window(Count("*")))[:first])
    return Running(rows[0].many if rows else 0, rows)


def open_on(*, people: Iterable[int], on: date) -> list[Period]:
    """Every period of these children running on a day; both of a period's days count."""
    now = Q(ended_on=None) | Q(ended_on__gte=on)
    found = Period.objects.filter(now, person_id__in=list(people), voided_at=None, started_on__lte=on)
    return list(found.order_by("started_on", "pk"))


def unallocated_needs() -> QuerySet[Period]:
    """The open needs that no allocated worker has ever taken up.

    It reads every open need it is asked about, so pages read what `steps.Unallocated` keeps of it instead.
    """
    allocated = Involvement.objects.filter(role__istartswith="allocated").exclude(worker=None)
    hers = allocated.filter(person_id=OuterRef("person_id"))
    taken_up = hers.filter(Q(ended_on=None) | Q(started_on__gte=OuterRef("started_on")))
    open_needs = Period.objects.filter(kind="need", ended_on=None, voided_at=None)
    return open_needs.exclude(Exists(taken_up))


def names(viewer: Viewer, refs: Iterable[str]) -> dict[str, Named]:
    """What these refs are called, of those that are periods of children this viewer may see."""
    rows = periods_for(viewer).filter(ref__in=list(refs))
    return {
        row.ref: Named(kind=row.kind, words=name_of(row.kind, row.code), url=f"/children/{row.person_id}/")
        for row in rows
    }


def homes_of(people: Iterable[int]) -> list[str]:
    """Every postcode, provider and number of these people's homes: places to be taken out of texts."""
    rows = Home.objects.filter(period__person_id__in=list(people)).values_list("postcode", "urn", "provider")
    return [place for row in rows for place in row]
