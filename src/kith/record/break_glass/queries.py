"""Openings in an emergency: those that wait for this viewer to look at, and one of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse

from kith.foundation.access.viewer import Viewer
from kith.foundation.history.models import Opening
from kith.record.people.finding import exactly
from kith.record.people.models import Person
from kith.record.people.standing import standing_of

from .models import Emergency

PAGES = {"child": "the child’s page", "record": "the full record", "looked": "who has looked", "print": "the print"}


def asked_of(viewer: Viewer, *, on: date) -> QuerySet[Emergency]:
    """Every opening that this viewer is asked to look at: her team's, and those that waited too long one team below."""
    if not viewer.may("review_openings"):
        return Emergency.objects.none()
    below = Q(asks__parent__in=viewer.teams)
    late = Q(review_due_on__lt=on, reviewed_at=None) | Q(reviewed_by=viewer.worker)
    rows = Emergency.objects.filter(Q(asks__in=viewer.teams) | (below & late)).exclude(recorded_by=viewer.worker)
    return rows.select_related("recorded_by", "reviewed_by", "grant").order_by("review_due_on", "pk")


def waiting(viewer: Viewer, *, on: date) -> QuerySet[Emergency]:
    """Those of them at which nobody has looked yet."""
    return asked_of(viewer, on=on).filter(reviewed_at=None)


def one(viewer: Viewer, pk: int, *, on: date) -> Emergency:
    """One opening that this viewer is asked to look at; Http404 where there is none."""
    found = asked_of(viewer, on=on).filter(pk=pk).first()
    if found is None:
        raise Http404("emergency")
    return found


def pages_opened(emergency: Emergency) -> list[str]:
    """The pages that were opened in the time it gave, in order."""
    rows = Opening.objects.filter(
        person=emergency.person_id,
        worker=emergency.recorded_by_id,
        at__gte=emergency.grant.starts_at,
        at__lte=emergency.grant.ends_at,
    )
    found = dict.fromkeys(rows.order_by("at", "pk").values_list("page", flat=True))
    return [PAGES.get(each, each.replace("_", " ")) for each in found]


def exactly_named(viewer: Viewer, *, forename: str, surname: str, born_on: date) -> Person | None:
    """The one child of exactly this name and date of birth whose record this viewer may open in an emergency."""
    found = [each for each in exactly(forename, surname, born_on) if standing_of(viewer).may_break_glass(each.pk)]
    return found[0] if len(found) == 1 else None


def lines(viewer: Viewer, rows: Iterable[Emergency]) -> list[dict[str, Any]]:
    """Each opening as a list shows it: who, which child, when, and by when to look at it."""
    return [
        {
            "who": {"words": each.recorded_by.name, "url": reverse("break_glass:look", args=[each.pk])},
            "child": name_for(viewer, each),
            "at": each.opened_at,
            "due": each.review_due_on,
        }
        for each in rows
        if each.recorded_by
    ]


def name_for(viewer: Viewer, emergency: Emergency) -> str:
    """The child's name, where the viewer may know it: only then is it read."""
    known = standing_of(viewer).decision(emergency.person_id).known
    return emergency.person.name if known else "A restricted record"
