"""The teams under a team, whose work falls to whoever leads it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from kith.foundation.access.models import Team
from kith.foundation.prepared import Prepared, number

from .one_of import Ids

DEEPEST = 6  # teams above one another


def with_those_below(teams: tuple[int, ...]) -> set[int]:
    """These teams and every team under them."""
    return {*teams, *(pk for (pk,) in _BELOW.ask(teams=Ids(teams)))}


def _below() -> QuerySet[Any, Any]:
    given = number("teams")
    found, up = Q(pk__one_of=given), "parent"
    for _ in range(DEEPEST):
        found |= Q(**{f"{up}__one_of": given})
        up = f"{up}__parent"
    return Team.objects.filter(found).order_by().values_list("pk")


_BELOW = Prepared(_below)
