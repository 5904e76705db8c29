"""What is done each night: every app says what and when, and one place asks for all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import wraps

from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task, TaskResultStatus

Job = Task[[], None]
_jobs: dict[str, tuple[Job, time]] = {}


def each_night(*, at: time) -> Callable[[Callable[[], None]], Job]:
    """A job of every night at this time in London. It asks for the next night's first, so that a failure ends none."""

    def made(work: Callable[[], None]) -> Job:
        @wraps(work)
        def and_the_next() -> None:
            _ask(job, at)
            work()

        job: Job = task(and_the_next)
        _jobs[job.module_path] = (job, at)
        return job

    return made


def every_job() -> dict[str, time]:
    """Each job by its name, and when it is done."""
    return {name: at for name, (_, at) in sorted(_jobs.items())}


def ask_for_tonight() -> None:
    """Ask for the next night's of each job, unless it is asked for already."""
    from django_tasks_db.models import DBTaskResult

    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path__in=_jobs)
    asked = set(ready.values_list("task_path", flat=True))
    for name, (job, at) in sorted(_jobs.items()):
        if name not in asked:
            _ask(job, at)


def _ask(job: Job, at: time) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    job.using(run_after=datetime.combine(tomorrow, at, tzinfo=timezone.get_current_timezone())).enqueue()
