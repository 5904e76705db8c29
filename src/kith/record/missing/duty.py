"""Whose duty a time missing makes a child: the missing coordinator's, for a year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q, QuerySet

from kith.foundation.prepared import Few, Given
from kith.record.periods.models import Period
from kith.record.steps.models import Part, Step

YEAR = 365  # days


def missing_lately(teams: Few, ago: Callable[[int], Given]) -> Iterator[QuerySet[Any]]:
    """Times missing that go on or began in the last year, and return interviews held in it, whichever team's."""
    for when in (Q(ended_on=None), Q(started_on__gte=ago(YEAR))):
        yield Period.objects.filter(when, kind="missing", voided_at=None)
    held = Step.objects.filter(kind="return_interview", happened_on__gte=ago(YEAR), cancelled_on=None)
    yield Part.objects.filter(step__in=held.values("pk"))
