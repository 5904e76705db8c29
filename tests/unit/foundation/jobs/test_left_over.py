"""A job that was killed half-way says so, its files are gone, and it may be begun again; a living one is left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.factories import a_worker

from kith.foundation.history.models import Change
from kith.foundation.jobs import lives, progress
from kith.foundation.jobs.models import Job
from kith.oversight.returns import build_tasks, tasks
from kith.oversight.returns.models import Check, Version
from kith.record.loading.models import Load

pytestmark = pytest.mark.django_db
FILE = "CIN_2026.xml"
HOLDING = """
import sys, time
from pathlib import Path
import django
django.setup()
from kith.foundation.jobs.lives import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> Path:
    """Folders of their own for uploads, documents and progress."""
    settings.UPLOADS, settings.DOCUMENTS = tmp_path / "uploads", tmp_path / "documents"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    }
    return tmp_path


@pytest.fixture
def client(record: None) -> Client:
    found = Client()
    found.force_login(a_worker("A data officer", role="data_officer").account)
    return found


def a_check(client: Client) -> Job:
    client.post("/returns/check/", {"kind": "cin", "files": [SimpleUploadedFile(FILE, b"<Message/>")]})
    return Check.objects.get()


def a_load(client: Client) -> Job:
    client.post("/loads/upload/", {"files": [SimpleUploadedFile(FILE, b"<Message/>")]})
    return Load.objects.get()


def a_version(client: Client) -> Job:
    today = timezone.localdate()
    day = {"on-day": today.day, "on-month": today.month, "on-year": today.year}
    client.post("/returns/versions/build/", {"key": "ssd", "purpose": "The extract", **day})
    return Version.objects.get()


ASKED: dict[str, tuple[Callable[[Client], Job], str]] = {
    "check": (a_check, "/returns/checks/{}/"),
    "load": (a_load, "/loads/{}/"),
    "version": (a_version, "/returns/versions/{}/"),
}


@contextmanager
def another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that works on the files of this folder, until it is killed."""
    with subprocess.Popen([sys.executable, "-c", HOLDING, str(folder)], stdout=subprocess.PIPE, text=True) as found:
        try:
            assert found.stdout and found.stdout.readline() == "held\n"
            yield found
        finally:
            found.kill()


def taken_up(job: Job) -> None:
    """A worker took the job, and is under way with it."""
    assert DBTaskResult.objects.filter(task_path=job.task).update(status="RUNNING") == 1
    type(job)._default_manager.filter(pk=job.pk).update(state=job.under_way)


def stopped() -> int:
    return lives.stop_left_over(wait=lambda seconds: None)


@pytest.mark.parametrize("kind", ASKED)
def test_what_was_under_way_in_a_process_that_was_killed_says_so(client: Client, kind: str) -> None:
    ask, path = ASKED[kind]
    job = ask(client)
    taken_up(job)
    with another_process(job.folder) as worker:
        assert stopped() == 0, "a living process holds it"
        assert "Stopped" not in client.get(path.format(job.pk)).content.decode()
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        assert job.folder.exists(), "the kill left its files behind"
        assert stopped() == 1
    page = client.get(path.format(job.pk)).content.decode()
    assert "Stopped before it ended" in page and "nothing of it was kept. Begin it again." in page
    assert client.get(path.format(job.pk) + "how-far/")["HX-Refresh"] == "true", "who watches it is told"
    assert not job.folder.exists() and stopped() == 0
    stage = progress.stage(job.key)
    assert stage and stage.over
    kept = Change.objects.filter(table=job._meta.db_table, act="changed").latest("pk")
    assert kept.after and kept.after["state"] == "stopped" and kept.role == "system" and "left over" in kept.purpose


@pytest.mark.parametrize("kind", ASKED)
def test_what_still_waits_for_a_worker_is_left_to_it(client: Client, kind: str) -> None:
    job = ASKED[kind][0](client)
    assert stopped() == 0
    job.refresh_from_db()
    assert job.state == "waiting"
    DBTaskResult.objects.filter(task_path=job.task).update(status="RUNNING")  # taken up, and killed at once
    assert stopped() == 1


def test_what_is_taken_up_between_two_looks_is_left_alone(client: Client) -> None:
    job = a_check(client)
    taken_up(job)
    assert lives.stop_left_over(wait=lambda seconds: _finish(job)) == 0
    job.refresh_from_db()
    assert job.state == "done"


def _finish(job: Job) -> None:
    type(job)._default_manager.filter(pk=job.pk).update(state="done")


@pytest.mark.parametrize("kind", ["check", "version"])
def test_a_worker_told_to_end_at_once_says_so_itself(
    client: Client, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ASKED[kind][0](client)
    module, work = (tasks, tasks.check_uploaded) if kind == "check" else (build_tasks, build_tasks.build_version)

    def told_to_end(*args: object, **more: object) -> None:
        sys.exit(1)  # as the worker does when it is told a second time

    monkeypatch.setattr(module, "_checked" if kind == "check" else "_built", told_to_end)
    with pytest.raises(SystemExit):
        work.func(job.pk)
    job.refresh_from_db()
    assert job.state == "stopped" and job.ended_at and not job.folder.exists()


def test_files_that_belong_to_nothing_go_when_they_are_a_day_old(client: Client, places: Path) -> None:
    job = a_check(client)
    stray, fresh = places / "uploads" / "check-999", places / "uploads" / "check-1000"
    old = (timezone.now() - timedelta(days=2)).timestamp()
    for folder in (stray, fresh):
        folder.mkdir()
    for folder in (stray, job.folder):
        os.utime(folder, (old, old))
    stopped()
    assert not stray.exists() and fresh.exists() and job.folder.exists()
