"""Whose duty a contact or a referral makes a child: the front door's, while it waits and for a while after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from kith.foundation.access.policy import policy
from kith.record.steps.models import Part, Step

AT_THE_DOOR = ("contact", "referral")


def at_the_door(teams: tuple[int, ...], on: date) -> Iterator[QuerySet[Part]]:
    """The parts of what waits at the front door, or was decided lately; held by these teams, or by none yet."""
    held = Q(team_id__in=teams) | Q(team=None)
    lately = on - timedelta(days=policy().lingering)
    for when in (Q(done_on=None, cancelled_on=None), Q(done_on__gte=lately)):
        found = Step.objects.filter(held, when, kind__in=AT_THE_DOOR)
        yield Part.objects.filter(step__in=found.values("pk"))
