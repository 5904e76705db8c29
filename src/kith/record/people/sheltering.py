"""Who is shielded because of whom they live with: an address or a household leads from the one to the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from kith.foundation.prepared import Given

from .models import Address, Relationship

IN_FORCE = {"ended_on": None}


def living_with(people: Given) -> Iterator[QuerySet[Any, Any]]:
    """The ids, in rows of one column, of everybody who lives with one of these people today; `people` for `one_of`.

    Living with somebody is to be at the same address, or to be said to be in one household.
    """
    now = Address.objects.filter(**IN_FORCE).exclude(postcode="")
    theirs = now.filter(person_id__one_of=people)
    same = now.filter(postcode__in=theirs.values("postcode"), lines__in=theirs.values("lines"))
    yield same.values_list("person_id")
    together = Relationship.objects.filter(in_household=True, **IN_FORCE).exclude(other=None)
    yield together.filter(other_id__one_of=people).values_list("person_id")
    yield together.filter(person_id__one_of=people).values_list("other_id")
