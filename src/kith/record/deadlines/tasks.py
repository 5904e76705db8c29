"""The job that works everybody's deadlines out, once the first fact of its kind has brought in a rule."""

from __future__ import annotations

import time

from django.utils import timezone
from django_tasks import task

from kith.foundation.history.actor import Actor, acting

from . import actions

AT_ONCE = 200  # people in one transaction: a fraction of a second
PAUSE = 0.05  # seconds, in which whoever waits to write may begin
FIRST = Actor(worker=None, role="system", purpose="the first fact of its kind brought in a timescale")


@task()
def work_out_everybody() -> None:
    """Bring everybody's deadlines into step with the facts and the rules as they stand now.

    Some at a time, each in a transaction of its own: SQLite lets nobody else write, nor open a record, meanwhile.
    """
    with acting(FIRST):
        people = actions.bring_in_rules()
    for some in actions.in_batches(people, AT_ONCE):
        with acting(FIRST):
            actions.recompute(people=some, on=timezone.localdate())
        time.sleep(PAUSE)
