"""What is done each night: whole, asked for once, and asked for again although a night fails."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kith.foundation import nights
from kith.foundation.access.models import Team
from kith.foundation.accounts import tasks
from kith.foundation.jobs.tasks import take_stock_tonight

pytestmark = pytest.mark.usefixtures("record")
JOBS = {
    "kith.foundation.accounts.tasks.tidy_tonight",
    "kith.foundation.jobs.tasks.stop_left_over_tonight",
    "kith.foundation.jobs.tasks.take_stock_tonight",
    "kith.oversight.controls.tasks.read_tonight",
    "kith.oversight.returns.nights.read_tonight",
    "kith.record.duplicates.tasks.look_tonight",
}


def asked_for() -> Counter[str]:
    return Counter(DBTaskResult.objects.filter(status="READY").values_list("task_path", flat=True))


def test_every_app_says_what_it_does_each_night_and_each_is_asked_for_once() -> None:
    assert set(nights.every_job()) == JOBS
    nights.ask_for_tonight()
    nights.ask_for_tonight()
    assert asked_for() == dict.fromkeys(JOBS, 1)
    days = {timezone.localdate(each.run_after) for each in DBTaskResult.objects.filter(status="READY")}
    assert days == {timezone.localdate() + timedelta(days=1)}


def test_a_night_that_fails_has_asked_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(tasks, "take_away_ended", broken)
    with pytest.raises(OSError, match="disk"):
        tasks.tidy_tonight.call()
    assert asked_for() == {"kith.foundation.accounts.tasks.tidy_tonight": 1}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself")
def test_sqlite_counts_what_it_has_never_counted() -> None:
    def counted() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
            if not cursor.fetchone()[0]:
                return []
            cursor.execute("SELECT idx FROM sqlite_stat1 WHERE tbl = 'access_team'")
            return [row[0] for row in cursor.fetchall()]

    assert counted() == []
    Team.objects.bulk_create(Team(ref=f"team:{number}", name=f"Team {number}") for number in range(300))
    take_stock_tonight.call()
    assert counted()
