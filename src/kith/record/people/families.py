"""Who belongs together: brothers and sisters, and those said to live with a child; for one or for many at once."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from kith.foundation.prepared import Given, Prepared, number

from .models import FamilyMember, Relationship
from .one_of import Ids

PARENTS = ("mother", "father")


def families_of(people: Ids, *, among: Ids | None = None) -> set[int]:
    """Everybody of the families of these people, who shares a parent with one, is said to be a brother or sister, or
    is said to live with one: in one query. They themselves are among them.

    `among`: nobody but these is asked about, which takes less reading.
    """
    if among is None:
        return {pk for (pk,) in _together.ask(people=people)}
    return {pk for (pk,) in _some_together.ask(people=people, among=among)}


def _of_families(some: Given | None = None) -> QuerySet[Any, Any]:
    people = number("people")
    mine = Q(person__one_of=people)
    one, other = (Q(person__one_of=some), Q(other__one_of=some)) if some else (Q(), Q())
    families = FamilyMember.objects.filter(mine).values("family")
    parents = Relationship.objects.filter(mine, kind__in=PARENTS).exclude(other=None).values("other_id")
    said = Relationship.objects.filter(Q(kind="brother_or_sister") | Q(in_household=True, ended_on=None))
    return (
        FamilyMember.objects.filter(one, family__in=families)
        .values_list("person_id")
        .union(
            Relationship.objects.filter(one, kind__in=PARENTS, other__in=parents).values_list("person_id"),
            said.filter(other, mine).exclude(other=None).values_list("other_id"),
            said.filter(one, other__one_of=people).values_list("person_id"),
        )
    )


_together = Prepared(_of_families)
_some_together = Prepared(lambda: _of_families(number("among")))
