"""The grown-ups whose records open to a viewer, and whom a viewer may supervise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from kith.foundation.access.queries import workers_of
from kith.foundation.access.viewer import Viewer
from kith.foundation.prepared import Prepared
from kith.record.chronology.queries import Reads, as_read, events, facts, involved, one_for
from kith.record.deadlines.queries import open_of_child
from kith.record.people.models import Person
from kith.record.people.queries import grown_ups_for
from kith.record.people.ties import followers


def listed(viewer: Viewer, *, record: str = "") -> QuerySet[Person]:
    """The grown-ups with a record of work that opens to this viewer, by name; of one sort, where it is given."""
    found = grown_ups_for(viewer).exclude(pk__in=followers())
    if record:
        found = found.filter(record=record)
    return found.order_by(F("surname").asc(), "forename", "pk")


def may_supervise(viewer: Viewer, *, on: date) -> dict[int, str]:
    """The workers in post in the viewer's own teams, by number: everybody but the viewer."""
    found = {each.pk: each.name for team in viewer.teams for each in workers_of(team=team, on=on)}
    return {pk: name for pk, name in found.items() if pk != viewer.worker}


def reads(viewer: Viewer, pk: int) -> Reads:
    """All that the page of a grown-up shows; NotFound when hidden, not there, or without a record of work."""
    head = head_of(viewer, pk)
    person = head.person
    return replace(head, events=events(viewer, person), involved=involved(person), due=open_of_child(viewer, person.pk))


def head_of(viewer: Viewer, pk: int) -> Reads:
    """What the head of a page about a grown-up needs."""
    person = one_for(viewer, pk, _grown_up)
    nothing: dict[str, Any] = dict.fromkeys(("events", "periods", "people", "involved", "due", "promises"), ())
    return Reads(person=person, facts=facts(person), **nothing)


@Prepared
def _grown_up() -> QuerySet[Person]:
    return as_read(Person.objects.filter(is_child=False).exclude(record=""))
