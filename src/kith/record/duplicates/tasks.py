"""The job that looks for likely duplicates each night."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from . import actions

AT_NIGHT = time(1, 10)  # after the safeguards are read


@task()
def look_tonight() -> None:
    """Look through the record, and ask for the same tomorrow night."""
    ask_for_tonight(after_this=True)
    actions.find_all(on=timezone.localdate())


def ask_for_tonight(*, after_this: bool = False) -> None:
    """Ask for the next night's look, unless one is asked for already."""
    waiting = DBTaskResult.objects.filter(task_path=look_tonight.module_path, status=TaskResultStatus.READY)
    if after_this or not waiting.exists():
        tomorrow = timezone.localdate() + timedelta(days=1)
        at = datetime.combine(tomorrow, AT_NIGHT, tzinfo=timezone.get_current_timezone())
        look_tonight.using(run_after=at).enqueue()
