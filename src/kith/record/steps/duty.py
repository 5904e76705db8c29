"""Whose duty unfinished work makes a child: the team that holds the work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q, QuerySet

from .kinds import all_kinds
from .models import Part, Step


def unfinished_work(teams: tuple[int, ...], on: date) -> Iterator[QuerySet[Part]]:
    """The parts of the work that these teams hold and have not finished."""
    waits = Step.objects.filter(unfinished_of(each.key for each in all_kinds()), team_id__in=teams)
    yield Part.objects.filter(step__in=waits.values("pk"))


def unfinished_of(kinds: Iterable[str]) -> Q:
    """Not done and not cancelled; of a kind that is over once it happened, not happened either."""
    wanted = set(kinds)
    over = [each.key for each in all_kinds() if each.key in wanted and each.finishes == "happened"]
    others = Q(kind__in=sorted(wanted - set(over)))
    return Q(done_on=None, cancelled_on=None) & (others | Q(kind__in=over, happened_on=None))
