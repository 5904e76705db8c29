"""Who is shielded because of whom they live with: an address or a household leads from the one to the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from kith.foundation.prepared import Given

from .models import Address, Relationship

IN_FORCE = {"ended_on": None}


def living_with(people: Given, *, among: Given | None = None) -> Iterator[QuerySet[Any, Any]]:
    """The ids, in rows of one column, of everybody who lives with one of these people today; `people` for `one_of`.

    Living with somebody is to be at the same address, or to be said to be in one household. `among`: nobody but those
    of them is asked about, which takes less reading.
    """
    now = Address.objects.filter(**IN_FORCE).exclude(postcode="")
    together = Relationship.objects.filter(in_household=True, **IN_FORCE).exclude(other=None)
    one, two = together.filter(other_id__one_of=people), together.filter(person_id__one_of=people)
    if among is None:
        theirs = now.filter(person_id__one_of=people)
        same = now.filter(postcode__in=theirs.values("postcode"), lines__in=theirs.values("lines"))
    else:
        theirs = now.filter(postcode=OuterRef("postcode"), lines=OuterRef("lines"), person_id__one_of=people)
        same = now.filter(Exists(theirs), person_id__one_of=among)
        one, two = one.filter(person_id__one_of=among), two.filter(other_id__one_of=among)
    yield same.values_list("person_id")
    yield one.values_list("person_id")
    yield two.values_list("other_id")
