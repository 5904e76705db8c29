"""Where the files that the readers' tests read lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from kith.statutory.returns.ssd.dataset import Dataset
from kith.synthetic.borough import Borough

ROOT = Path(__file__).parents[4]
FIXTURES = ROOT / "tests" / "fixtures" / "returns"
SAMPLES = ROOT.parent / "shared" / "samples"


@pytest.fixture
def fixtures() -> Path:
    """The project's own small files."""
    return FIXTURES


@pytest.fixture
def samples() -> Path:
    """The sector's published samples, which are not part of the project."""
    if not SAMPLES.is_dir():
        pytest.skip("the shared folder beside the project is not here, so the published samples cannot be read")
    return SAMPLES


@pytest.fixture(scope="session")
def riverside(faultless: Borough) -> Dataset:
    """What the invented borough holds at the end of a collection year, before any failure is planted."""
    return faultless.dataset
