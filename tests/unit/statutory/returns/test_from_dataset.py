"""What the returns of one child are built of, and that nothing else is read for them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from kith.statutory.returns import rule_running
from kith.statutory.returns.checking_returns import check_cin, check_ssda903
from kith.statutory.returns.from_dataset import _BUILT, READS
from kith.statutory.returns.reading import read
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssda903.building import tables_of
from kith.statutory.returns.ssda903.returned import read_built, read_return
from kith.statutory.returns.ssda903.writing import write_tables

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


def test_what_is_read_without_a_file_is_what_a_reader_of_the_built_file_sees(tmp_path: Path) -> None:
    built = tables_of(read(FILES["ssda903"]).dataset, year=ON.year)
    there = {name: frame for name, frame in built.items() if frame.height}
    odd = ["=1+1", "two\r\nlines", " NULL ", "", 'with, "marks"', "-12", "'so"]
    for name, field in (("Episodes", "URN"), ("Header", "UPN")):
        said = pl.Series(field, [odd[at % len(odd)] for at in range(there[name].height)])
        there[name] = there[name].with_columns(said)
    written = read_return(write_tables(there, tmp_path), year=ON.year, whole=True)
    alone = read_built(there, year=ON.year)
    assert len(there) > 5 and there["Episodes"].height > 3
    assert list(alone.said.tables) == list(written.said.tables)
    for name, frame in written.said.tables.items():
        assert_frame_equal(alone.said.tables[name], frame)
    assert (alone.said.constants, alone.said.given) == (written.said.constants, written.said.given)
    assert (alone.rows_in, alone.rows_read, alone.notes) == (written.rows_in, written.rows_read, written.notes)


def test_of_few_rows_the_same_fail_as_where_no_rule_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_first = [check_cin(FILES["cin"]).outcome, check_ssda903(FILES["ssda903"], year=ON.year).outcome]
    monkeypatch.setattr(rule_running, "FEW", 0)
    every = [check_cin(FILES["cin"]).outcome, check_ssda903(FILES["ssda903"], year=ON.year).outcome]
    for few, whole in zip(asked_first, every, strict=True):
        assert few.issues.height > 2
        assert_frame_equal(few.issues, whole.issues)
        assert few.not_run == whole.not_run and few.rules == whole.rules
