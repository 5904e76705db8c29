"""What the tests of the returns and of the invented borough share."""

from __future__ import annotations

from datetime import date

import pytest

from kith.synthetic.borough import Borough, build


@pytest.fixture(scope="session")
def faultless() -> Borough:
    """The demonstration's own borough on the last day of a year of the returns, before any failure is planted."""
    return build(on=date(2026, 3, 31), planted=False)
