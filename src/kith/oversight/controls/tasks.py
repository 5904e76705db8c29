"""The job that reads every safeguard each night."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from . import actions

AT_NIGHT = time(0, 20)  # after midnight, so that yesterday is over
LOOK_BACK = timedelta(days=60)  # what is recorded late still finds its day


@task()
def read_tonight() -> None:
    """Read every safeguard for the days just gone, and ask for the same tomorrow night."""
    ask_for_tonight(after_this=True)
    today = timezone.localdate()
    actions.read_all(on=today, since=today - LOOK_BACK)


def ask_for_tonight(*, after_this: bool = False) -> None:
    """Ask for the next night's reading, unless one is asked for already."""
    waiting = DBTaskResult.objects.filter(task_path=read_tonight.module_path, status=TaskResultStatus.READY)
    if after_this or not waiting.exists():
        tomorrow = timezone.localdate() + timedelta(days=1)
        at = datetime.combine(tomorrow, AT_NIGHT, tzinfo=timezone.get_current_timezone())
        read_tonight.using(run_after=at).enqueue()
