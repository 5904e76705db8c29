"""The fixtures of the figures: how large this run is, and the measuring itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from tests.assurance import kit

HERE = Path(__file__).parent
# Begun first, so that no core stands idle at the end while one of these goes on; and each one's second part after the
# first of all of them, since a worker is handed two at a time.
LONGEST = (
    "test_t16_sql_in_text",
    "test_t10_shielded_places",
    "test_t06_drafts_survive",
    "test_t13_signing_in",
    "test_t08_hidden_means_hidden",
)


def pytest_configure(config: pytest.Config) -> None:
    """The marks of this folder."""
    config.addinivalue_line("markers", "assurance: measures a figure of assurance/figures.toml")
    config.addinivalue_line("markers", "both: in the full form, measured on PostgreSQL as well as on SQLite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here that measures is marked; `make assurance` runs those, the longest first."""
    for item in items:
        if HERE in item.path.parents and "measuring" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.assurance)
    if kit.FULL:
        begun = Counter[str]()
        items.sort(key=lambda item: _turn(item.path.stem, begun))


def _turn(name: str, begun: Counter[str]) -> tuple[int, int]:
    """Where a test of this file stands in the order; `begun` counts those of each file."""
    if name not in LONGEST:
        return len(LONGEST), 0
    begun[name] += 1
    return begun[name], LONGEST.index(name)


@pytest.fixture
def measuring() -> kit.Measuring:
    """Measures one figure and judges it: `with measuring("T5", seed=5) as figure:`."""
    return kit.measuring


@pytest.fixture
def sized() -> kit.Sized:
    """The size of this run: the short form's or the full form's."""

    def size(*, short: int, full: int) -> int:
        return full if kit.FULL else short

    return size


@pytest.fixture
def cheap_passwords() -> Iterator[None]:
    """A password costs less to check, by the same Argon2: for what asks nothing of how long that takes."""
    with mock.patch.multiple(Argon2PasswordHasher, time_cost=1, memory_cost=1024, parallelism=1):
        yield


@pytest.fixture
def quick_passwords(request: pytest.FixtureRequest) -> None:
    """In the short form passwords are cheap; in the full form each costs what it costs."""
    if not kit.FULL:
        request.getfixturevalue("cheap_passwords")


@pytest.fixture(autouse=True)
def as_many_as_it_takes(settings: Any) -> None:
    """The figures open more records than a person does; the pace of opening has tests of its own."""
    settings.RECORDS_AN_HOUR = 10**9
