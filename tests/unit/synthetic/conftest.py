"""One borough for all the tests of the invented borough: it takes seconds to build, and no test changes it."""

from __future__ import annotations

from datetime import date

import pytest

from kith.synthetic.borough import Borough, build

SUNDAY = date(2026, 11, 22)  # the story must be able to end on any day, a weekend too


@pytest.fixture(scope="session")
def on() -> date:
    return SUNDAY


@pytest.fixture(scope="session")
def borough(on: date) -> Borough:
    return build(seed=11, on=on)
