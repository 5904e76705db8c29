"""The job that works everybody's deadlines out, once the first fact of its kind has brought in a rule."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from kith.foundation.history.actor import Actor, acting

from . import actions

FIRST = Actor(worker=None, role="system", purpose="the first fact of its kind brought in a timescale")


@task()
def work_out_everybody() -> None:
    """Bring everybody's deadlines into step with the facts and the rules as they stand now."""
    with acting(FIRST):
        actions.recompute(people=None, on=timezone.localdate())
