"""Who is shielded because of whom they live with: an address or a household leads from the one to the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from .models import Address, Relationship, Tie

IN_FORCE = {"ended_on": None}


def living_with(shielded: QuerySet[Any, Any]) -> Iterator[tuple[QuerySet[Any, Any], str]]:
    """Rows about everybody who lives with one of these people today, each query with the column that says who.

    `shielded` gives the ids of people, in one column. Living with somebody is to be at the same address, or to be said
    to be in one household; of two records that may be one person, whoever lives with the one lives with the other.
    """
    either = shielded.union(Tie.objects.filter(other_id__in=shielded).values("person_id"))
    now = Address.objects.filter(**IN_FORCE).exclude(postcode="")
    theirs = now.filter(person_id__in=either)
    yield now.filter(postcode__in=theirs.values("postcode"), lines__in=theirs.values("lines")), "person_id"
    together = Relationship.objects.filter(in_household=True, **IN_FORCE).exclude(other=None)
    yield together.filter(other_id__in=either), "person_id"
    yield together.filter(person_id__in=either), "other_id"
