"""Deadlines for a viewer: what is due, overdue, met; and what state each is in on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from kith.foundation.access.viewer import Viewer
from kith.record.people.access import hidden_from

from .models import Deadline


def deadlines_for(viewer: Viewer) -> QuerySet[Deadline]:
    """Every deadline of every child this viewer may see."""
    if not viewer.may("see_today"):
        return Deadline.objects.none()
    return Deadline.objects.exclude(person_id__in=hidden_from(viewer).values("pk"))


def state_of(deadline: Deadline, *, on: date) -> str:
    """The state on a day: met, met_late, ended, overdue, due_soon or not_due. Done on the due date is on time."""
    if deadline.met_on:
        return "met_late" if deadline.late else "met"
    if deadline.ended_on:
        return "ended"
    if deadline.due_on < on:
        return "overdue"
    return "due_soon" if deadline.warn_on and deadline.warn_on <= on else "not_due"
