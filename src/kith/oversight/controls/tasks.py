"""The job that reads every safeguard each night."""

from __future__ import annotations

from datetime import time, timedelta

from django.utils import timezone

from kith.foundation.nights import each_night

from . import actions

LOOK_BACK = timedelta(days=60)  # what is recorded late still finds its day


@each_night(at=time(0, 20))  # after midnight, so that yesterday is over
def read_tonight() -> None:
    """Read every safeguard for the days just gone."""
    today = timezone.localdate()
    actions.read_all(on=today, since=today - LOOK_BACK)
