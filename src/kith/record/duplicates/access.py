"""Which records may be compared with others at all: those of sealed adoption and those withheld never are."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from kith.foundation.access.viewer import Viewer
from kith.record.people.access import known_to, may_know
from kith.record.people.models import Person, Restriction
from kith.record.people.ties import tied_to

APART = ("R3", "R4", "R5")  # never set side by side: two identities, what a court withholds, what is kept apart


def kept_apart() -> QuerySet[Any, Any]:
    """The ids of the records that are never compared, and of any tied to them."""
    sealed = Restriction.objects.filter(level__in=APART, ended_on=None).values("person_id")
    return sealed.union(tied_to(sealed))


def comparable(viewer: Viewer) -> QuerySet[Person]:
    """The people this viewer may know of who may be compared with others. A record that does not open shows less."""
    return known_to(viewer).exclude(pk__in=kept_apart())


def may_compare(viewer: Viewer, *columns: str) -> Q:
    """The rows whose people, all of them, may be compared by this viewer."""
    found = Q()
    for column in columns:
        found &= may_know(viewer, column) & ~Q(**{f"{column}__in": kept_apart()})
    return found
