"""What is done each night: accounts that nobody uses are closed, ended sessions and old counts are taken away."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kith.foundation.access.models import Account
from kith.foundation.history.actor import Actor, acting

from . import actions, throttle
from .models import Session
from .sessions import IDLE

AT_NIGHT = time(0, 40)


@task()
def tidy_tonight() -> None:
    """Close, take away, and ask for the same tomorrow night."""
    ask_for_tonight(after_this=True)
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


def ask_for_tonight(*, after_this: bool = False) -> None:
    """Ask for the next night's, unless it is asked for already."""
    waiting = DBTaskResult.objects.filter(task_path=tidy_tonight.module_path, status=TaskResultStatus.READY)
    if after_this or not waiting.exists():
        tomorrow = timezone.localdate() + timedelta(days=1)
        at = datetime.combine(tomorrow, AT_NIGHT, tzinfo=timezone.get_current_timezone())
        tidy_tonight.using(run_after=at).enqueue()
