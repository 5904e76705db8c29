"""`kith serve`: what must be so before the first page, and how it says that it is not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from tests.factories import a_child

from kith.config import serving
from kith.foundation.history import anchors
from kith.foundation.history.triggers import install, missing
from kith.vocabulary.errors import KithError

KITH = Path(sys.executable).parent / "kith"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


def test_a_port_that_is_taken_is_said_with_another_to_try(taken: int) -> None:
    said = CliRunner().invoke(serving.serve, ["--port", str(taken)])
    assert said.exit_code == 2
    assert f"Kith cannot be served at 127.0.0.1:{taken}: address already in use." in said.stderr
    assert f"kith serve --port {taken + 1}" in said.stderr


@pytest.mark.django_db
def test_without_its_triggers_it_is_not_served() -> None:
    serving._check_database()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for act in ("added", "changed", "removed"):
                cursor.execute(f"DROP TRIGGER kith_history_people_person_{act}")
        else:
            cursor.execute("DROP TRIGGER kith_history ON people_person")
    with pytest.raises(KithError, match="people_person: changes would leave no trace"):
        serving._check_database()
    install()
    assert not missing()
    serving._check_database()


@pytest.mark.django_db
def test_a_database_of_another_version_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_behind", lambda: True)
    with pytest.raises(KithError, match="not up to date") as refused:
        serving._check_database()
    assert refused.value.mend == "Run: kith migrate"


def test_a_fresh_machine_is_told_to_migrate_then_served_and_stopped(tmp_path: Path) -> None:
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env |= {"KITH_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "kith.config.settings"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    early = subprocess.run([KITH, "serve", "--port", port], env=env, capture_output=True, text=True, timeout=120)
    assert early.returncode == 2 and "Run: kith migrate" in early.stderr
    subprocess.run([KITH, "migrate"], env=env, check=True, capture_output=True, timeout=120)
    served = subprocess.Popen([KITH, "serve", "--port", port, "--workers", "1"], env=env, stdout=subprocess.PIPE)
    try:
        assert _answers(f"http://127.0.0.1:{port}/sign-in/", served)
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=40) == 0
    finally:
        if served.poll() is None:
            served.terminate()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=2)


def _answers(address: str, served: subprocess.Popen[bytes]) -> bool:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5) as page:
                return page.status == 200
        except OSError:
            if served.poll() is not None:
                return False
            time.sleep(0.2)
    return False


@pytest.mark.usefixtures("own_signals")
@pytest.mark.django_db
def test_a_worker_that_ends_is_started_again_and_the_pages_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def another() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(["sleep", "30"], start_new_session=True))
        return started[-1]

    monkeypatch.setattr(serving, "_jobs", another)
    web = subprocess.Popen(["sleep", "3"], start_new_session=True)
    ended = subprocess.Popen(["true"], start_new_session=True)
    assert serving._watch(web, ended) == 1  # it is the web server's end that ends the service
    assert len(started) == 1
    assert started[0].poll() is not None


@pytest.fixture
def own_signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.django_db
def test_the_historys_heads_are_signed_while_it_is_served_and_trouble_is_said(
    record: None, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)  # the test's own, open all the while
    settings.ANCHORS = tmp_path / "anchors"
    a_child()
    last = serving._sign_heads(0.0)
    assert last and anchors.read().heads == anchors.heads()
    a_child()
    assert serving._sign_heads(last) == last  # not yet time
    assert anchors.read().heads != anchors.heads()
    [path] = anchors.files()
    path.write_text("{}\n")
    assert serving._sign_heads(0.0) > last
    assert "cannot be read" in capsys.readouterr().err
