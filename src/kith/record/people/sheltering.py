"""Who is shielded because of whom they live with: an address or a household leads from the one to the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kith.foundation.prepared import Prepared, number

from .models import Address, Relationship
from .one_of import Ids

IN_FORCE = {"ended_on": None}


def living_with(people: Ids, *, among: Ids | None = None) -> set[int]:
    """Everybody who lives with one of these people today: at the same address, or said to be in one household.

    `among`: nobody but these is asked about, which takes less reading.
    """
    if among is None:
        return {pk for (pk,) in _with_them.ask(people=people)}
    return {pk for (pk,) in _some_with_them.ask(people=people, among=among)}


@Prepared
def _with_them() -> QuerySet[Any, Any]:
    theirs = _addresses().filter(person_id__one_of=number("people"))
    same = _addresses().filter(postcode__in=theirs.values("postcode"), lines__in=theirs.values("lines"))
    return same.values_list("person_id").union(*_in_household(Q(), Q()), all=True)


@Prepared
def _some_with_them() -> QuerySet[Any, Any]:
    some = number("among")
    here = {"postcode": OuterRef("postcode"), "lines": OuterRef("lines")}
    same = _addresses().filter(Exists(_addresses().filter(**here, person_id__one_of=number("people"))))
    both = _in_household(Q(person_id__one_of=some), Q(other_id__one_of=some))
    return same.filter(person_id__one_of=some).values_list("person_id").union(*both, all=True)


def _addresses() -> QuerySet[Address]:
    return Address.objects.filter(**IN_FORCE).exclude(postcode="")


def _in_household(one: Q, other: Q) -> Iterator[QuerySet[Any, Any]]:
    together, people = Relationship.objects.filter(in_household=True, **IN_FORCE), number("people")
    yield together.filter(one, other_id__one_of=people).values_list("person_id")
    yield together.filter(other, person_id__one_of=people).exclude(other=None).values_list("other_id")
