"""Jobs that read the whole record keep nobody waiting: SQLite has one writer, and every page that opens one writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.unit.oversight.returns.kit import census, officer, uploaded

from kith.foundation.history.actor import acting
from kith.oversight.controls import actions as controls
from kith.oversight.returns import build_tasks, readiness, tasks
from kith.oversight.returns.models import Version
from kith.record.duplicates import actions as duplicates
from kith.record.loading import actions as loading
from kith.statutory.returns.reading import read

pytestmark = pytest.mark.django_db
CENSUS = Path(__file__).resolve().parents[2] / "fixtures" / "returns" / "cin" / "every_module_2025.xml"
BEGINS, ENDS = "SAVEPOINT", ("RELEASE", "ROLLBACK")  # of a transaction, within the test's own
RECORD = ('"people_person"', '"steps_part"', '"loading_sourcerow"')
SMALL_READS = 12  # while something is kept: who asked, what stood before


@pytest.fixture
def record(settings: Any, tmp_path: Path) -> None:
    """A loaded census, and folders of its own."""
    settings.UPLOADS, settings.DOCUMENTS = tmp_path / "uploads", tmp_path / "documents"
    loading.load_reading(reading=read([CENSUS]), files=[], at=timezone.now())


def asked() -> tuple[Client, int]:
    """Somebody who asked for the census to be built, and the version."""
    from tests.factories import SYSTEM

    today = timezone.localdate()
    day = {"on-day": today.day, "on-month": today.month, "on-year": today.year}
    with acting(SYSTEM):
        client = officer()
    said = client.post("/returns/versions/build/", {"key": "cin", "authority": "999", "purpose": "The census"} | day)
    assert said.status_code == 302, said.content.decode()
    return client, Version.objects.latest("pk").pk


def a_build() -> Callable[[], object]:
    _, version = asked()
    return lambda: build_tasks.build_version.func(version)


def a_check() -> Callable[[], object]:
    client, _ = asked()
    check = uploaded(client, ("census.xml", census({"A1": "2015-01-01"}))).pk
    return lambda: tasks.check_uploaded.func(check)


def the_controls() -> Callable[[], object]:
    today = timezone.localdate()
    return lambda: controls.read_all(on=today, since=today - timedelta(days=7))


JOBS: dict[str, Callable[[], Callable[[], object]]] = {
    "a return that is built": a_build,
    "a return that is checked": a_check,
    "how ready the record is": lambda: lambda: readiness.read_all(on=timezone.localdate()),
    "the safeguards": the_controls,
    "likely duplicates": lambda: lambda: duplicates.find_all(on=timezone.localdate()),
}


@contextmanager
def held() -> Iterator[list[str]]:
    """What is read inside while a transaction that may write is open: on SQLite it has the one writer's place."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as asked_for:
        yield found
    depth = 0
    for words in (each["sql"] for each in asked_for.captured_queries):
        depth += words.startswith(BEGINS) - words.startswith(ENDS)
        if depth and words.startswith(("SELECT", "WITH", "DECLARE")):
            found.append(words)


@pytest.mark.parametrize("job", JOBS)
def test_while_it_may_write_it_reads_nothing_of_the_record(job: str, record: None) -> None:
    does = JOBS[job]()
    with held() as reads:
        does()
    assert not [each for each in reads if any(f"FROM {table}" in each for table in RECORD)]
    assert len(reads) < SMALL_READS, reads


def test_control_a_job_that_is_in_one_transaction_is_found(record: None) -> None:
    with held() as reads, transaction.atomic():
        readiness.read_all(on=timezone.localdate())
    assert [each for each in reads if any(f"FROM {table}" in each for table in RECORD)]
