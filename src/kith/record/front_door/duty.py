"""Whose duty a contact or a referral makes a child: the front door's, while it waits and for a while after."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import Q, QuerySet

from kith.foundation.access.policy import policy
from kith.foundation.prepared import Few, Given
from kith.record.steps.models import Part, Step

AT_THE_DOOR = ("contact", "referral")


def at_the_door(teams: Few, ago: Callable[[int], Given]) -> Iterator[QuerySet[Part]]:
    """The parts of what waits at the front door, or was decided lately; held by these teams, or by none yet."""
    held = teams("team_id") | Q(team=None)
    for when in (Q(done_on=None, cancelled_on=None), Q(done_on__gte=ago(policy().lingering))):
        found = Step.objects.filter(held, when, kind__in=AT_THE_DOOR)
        yield Part.objects.filter(step__in=found.values("pk"))
