"""What every test stands on: a database of its own, somebody acting, and a report of what was not run."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import browser as finder

os.environ.setdefault("KITH_HOME", tempfile.mkdtemp(prefix="kith-tests-"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop running in the test's thread

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def pytest_configure() -> None:
    """A cache for each process of the tests: what one remembers, such as a wrong password, is no other's."""
    from django.conf import settings

    settings.CACHES["default"]["LOCATION"] = tempfile.mkdtemp(prefix="kith-tests-cache-")


@pytest.fixture(autouse=True, scope="session")
def _signed_in_by_force() -> None:
    """A test's client that is signed in by force has proved who it is, as somebody at the sign-in page would have."""
    from tests.proved import prove_by_force

    prove_by_force()


@pytest.fixture(autouse=True, scope="session")
def _taken_back_cheaply() -> None:
    """A page of the past makes none of the requests after it slower that a test takes back."""
    from tests.taken_back import forget_made_tables

    forget_made_tables()


@pytest.fixture
def shared() -> Path:
    """The shared folder beside the project: specifications, published figures and samples. Not in every checkout."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, where there is one; one for every test of a process, since Playwright starts only once in each."""
    path = os.environ.get("KITH_BROWSER") or finder.find()
    if not path:
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def acting() -> Iterator[None]:
    """The test itself is acting, so that it may write."""
    from kith.foundation.history.actor import acting as signed
    from tests.factories import SYSTEM

    with signed(SYSTEM):
        yield


@pytest.fixture
def record(db: None, acting: None) -> None:
    """A database that may be written to."""


@pytest.fixture
def quiet() -> Iterator[None]:
    """Answers that refuse what was sent are counted, not written out: a hundred thousand tracebacks tell nobody."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
