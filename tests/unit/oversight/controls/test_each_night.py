"""Each night's reading is asked for once, reads what has gone, and asks for the next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.factories import a_child, a_step

from kith.foundation.nights import ask_for_tonight
from kith.oversight.controls.models import Reading
from kith.oversight.controls.tasks import read_tonight
from kith.record.steps.models import Part

pytestmark = pytest.mark.django_db


def waiting() -> list[DBTaskResult]:
    return list(DBTaskResult.objects.filter(task_path=read_tonight.module_path, status="READY"))


def test_asking_twice_asks_once_for_after_midnight() -> None:
    ask_for_tonight()
    ask_for_tonight()
    (asked,) = waiting()
    assert timezone.localdate(asked.run_after) == timezone.localdate() + timedelta(days=1)


def test_the_night_reads_yesterday_and_asks_for_the_next(record: None) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    a_step(a_child(), kind="strategy_meeting", code="", happened_on=yesterday, opened_on=yesterday)
    assert Part.objects.exists()
    read_tonight.call()
    reading = Reading.objects.get(control="strategy_decisions_same_day", day=yesterday)
    assert (reading.expected, reading.held) == (1, 0)
    assert len(waiting()) == 1
