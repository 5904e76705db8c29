"""What is done each night: accounts that nobody uses are closed, ended sessions and old counts are taken away."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from kith.foundation.access.models import Account
from kith.foundation.history.actor import Actor, acting
from kith.foundation.nights import each_night

from . import actions, throttle
from .models import Session
from .sessions import IDLE


@each_night(at=time(0, 40))
def tidy_tonight() -> None:
    """Close, and take away."""
    now = timezone.now()
    if settings.PRODUCTION:  # an invented borough's accounts wait for whoever tries it next
        close_dormant(now=now)
    take_away_ended(now=now)
    throttle.forget_old(now=now)


def close_dormant(*, now: datetime) -> int:
    """Close every account that nobody has used for too long; how many there were."""
    since = now - timedelta(days=settings.DORMANT_DAYS)
    resting = Account.objects.filter(Q(last_login=None) | Q(last_login__lt=since), is_active=True, opened_at__lt=since)
    with acting(Actor(worker=None, role="system", purpose="closing accounts that nobody uses")):
        found = list(resting)
        for account in found:
            actions.close(account=account, why="dormant", at=now)
    return len(found)


def take_away_ended(*, now: datetime) -> None:
    """Take away the rows of sessions that have ended of themselves."""
    Session.objects.filter(Q(expire_date__lt=now) | Q(seen_at__lt=now - IDLE)).delete()
