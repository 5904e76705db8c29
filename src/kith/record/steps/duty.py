"""Whose duty unfinished work makes a child: the team that holds the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Q, QuerySet

from kith.foundation.prepared import Few, Given

from .kinds import all_kinds
from .models import Part, Step


def unfinished_work(teams: Few, ago: Callable[[int], Given]) -> Iterator[QuerySet[Part]]:
    """The parts of the work that these teams hold and have not finished."""
    for unfinished in _unfinished(each.key for each in all_kinds()):
        waits = Step.objects.filter(unfinished, teams("team_id"))
        yield Part.objects.filter(step__in=waits.values("pk"))


def unfinished_of(kinds: Iterable[str]) -> Q:
    """Not done and not cancelled; of a kind that is over once it happened, not happened either."""
    others, over = _unfinished(kinds)
    return others | over


def _unfinished(kinds: Iterable[str]) -> tuple[Q, Q]:
    """The two apart: each is found by its index."""
    wanted = set(kinds)
    over = {each.key for each in all_kinds() if each.key in wanted and each.finishes == "happened"}
    waits = Q(done_on=None, cancelled_on=None)
    return waits & Q(kind__in=sorted(wanted - over)), waits & Q(kind__in=sorted(over), happened_on=None)
