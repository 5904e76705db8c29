"""The life of a job's row, told in it: it begins, is refused, or was stopped with the process that worked on it.

Whoever works on one holds a lock on its folder, which the machine lets go of when the process dies, however it does.
So what is under way and held by nobody was left over.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django_tasks.base import TaskResultStatus

from kith.foundation.history.actor import Actor, acting

from . import progress
from .models import REFUSED, STOPPED, WAITING, Job

LEFT_OVER = "It stopped before it ended, and nothing of it was kept. Begin it again."
A_MOMENT = 1.0  # seconds: longer than a job takes from being taken up to holding its folder
A_DAY = timedelta(days=1)


def begins(job: Job) -> None:
    """Note that it is under way."""
    job.state = job.under_way
    job.save(update_fields=["state"])


def refuse(job: Job, *, sentence: str, at: datetime) -> None:
    """Note that nothing came of it, and why."""
    _ends(job, REFUSED, sentence, at)


def stop(job: Job, *, at: datetime) -> None:
    """Note that whatever worked on it ended first."""
    _ends(job, STOPPED, LEFT_OVER, at)


def _ends(job: Job, state: str, sentence: str, at: datetime) -> None:
    job.state, job.refusal, job.ended_at = state, sentence, at
    job.save(update_fields=["state", "refusal", "ended_at"])


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Inside, the folder is there and this process holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    there = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(there, fcntl.LOCK_EX)
        yield
    finally:
        os.close(there)


def is_held(folder: Path) -> bool:
    """Whether a living process holds the folder."""
    try:
        there = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(there, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(there)
    return False


def stop_left_over(*, wait: Callable[[float], None] = time.sleep) -> int:
    """Mark what is under way in no living process as stopped, and take its files away; says how many there were.

    What still waits for a worker is left to it. Folders that belong to nothing under way go when they are a day old.
    """
    found = _left_over()
    if found:
        wait(A_MOMENT)
    again = {(type(each), each.pk) for each in _left_over()} if found else set()
    stopped = [each for each in found if (type(each), each.pk) in again]
    for each in stopped:
        with acting(Actor(worker=None, role="system", purpose=f"{each.key} was left over")):
            stop(each, at=timezone.now())
        shutil.rmtree(each.folder, ignore_errors=True)
        progress.finish(each.key)
    _take_away_strays()
    return len(stopped)


def _left_over() -> list[Job]:
    return [each for each in _not_over() if not _waits(each) and not is_held(each.folder)]


def _not_over() -> list[Job]:
    found: list[Job] = []
    for kind in (each for each in apps.get_models() if issubclass(each, Job)):
        found += kind._default_manager.filter(state__in=(WAITING, kind.under_way)).order_by("pk")
    return found


def _waits(job: Job) -> bool:
    """Whether a worker is still to take it up."""
    from django_tasks_db.models import DBTaskResult

    asked = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=job.task)
    return job.state == WAITING and asked.filter(args_kwargs__args=[job.pk]).exists()


def _take_away_strays() -> None:
    """Files of a request that was cut short, for which there is no row."""
    uploads = Path(settings.UPLOADS)
    kept, before = {each.key for each in _not_over()}, (timezone.now() - A_DAY).timestamp()
    for folder in uploads.iterdir() if uploads.is_dir() else ():
        if folder.is_dir() and folder.name not in kept and folder.stat().st_mtime < before and not is_held(folder):
            shutil.rmtree(folder, ignore_errors=True)
