"""What the returns of one child are built of, and that nothing else is read for them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from kith.statutory.returns.from_dataset import _BUILT, READS
from kith.statutory.returns.reading import read
from kith.statutory.returns.ssd.dataset import Dataset

ON = date(2025, 3, 31)
FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "returns"
FILES = {
    "cin": [FIXTURES / "cin" / "every_module_2025.xml"],
    "ssda903": sorted((FIXTURES / "ssda903").glob("*.csv")),
}


class Noting(Dataset):
    """A dataset that notes which of its tables are asked for."""

    asked: set[str] = set()

    def table(self, name: str) -> pl.DataFrame:
        """The table, noted."""
        self.asked.add(name)
        return super().table(name)


def test_the_tables_that_are_read_for_one_child_are_those_the_builders_ask_for(tmp_path: Path) -> None:
    for kind, made in _BUILT.items():
        dataset = Noting(read(FILES[kind]).dataset.tables)
        returned = made(dataset, ON, tmp_path)
        assert returned and returned.rows_in > 5, kind
        made(dataset, date(2027, 3, 31), tmp_path)  # a later year asks for more tables
    assert Noting.asked == READS
