"""One borough for the journeys, and one server for those of a process; each story gets a browser of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.journeys.kit import Somebody, World

ROOT = Path(__file__).resolve().parents[2]
KITH = Path(sys.executable).parent / "kith"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Every test of this folder is a journey. Each process of the tests has a server and a copy of the borough."""
    item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Riverside, built afresh and served. KITH_JOURNEYS_HOME names a borough already built, to copy and not touch."""
    home = tmp_path_factory.mktemp("kith")
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"KITH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "kith.config.settings"}
    run = tmp_path_factory.getbasetemp()  # of this process: what all of them share lies above it
    shutil.copytree(_built(run.parent if "PYTEST_XDIST_WORKER" in env else run, env), home, dirs_exist_ok=True)
    served = World(address=f"http://127.0.0.1:{_free_port()}", home=home, env=env)
    with served.running():
        yield served


def _built(shared: Path, env: dict[str, str]) -> Path:
    """The borough that every process copies: the first to come builds it, and another waits until it is there."""
    if ready := os.environ.get("KITH_JOURNEYS_HOME"):
        return Path(ready)
    first, done = shared / "riverside", shared / "riverside-is-built"
    with (shared / "riverside-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            words = env | {"KITH_HOME": str(first)}
            built = subprocess.run([KITH, "demo"], env=words, cwd=ROOT, capture_output=True, text=True, check=False)
            assert built.returncode == 0, built.stderr[-3000:]
            done.touch()
    return first


@pytest.fixture
def somebody(world: World, browser: Browser) -> Iterator[Somebody]:
    """Somebody at a screen, not yet signed in."""
    person = Somebody(world=world, browser=browser)
    yield person
    person.leaves()


@pytest.fixture
def another(world: World, browser: Browser) -> Iterator[Somebody]:
    """Somebody else at another screen."""
    person = Somebody(world=world, browser=browser)
    yield person
    person.leaves()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
