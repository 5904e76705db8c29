"""No cell that Kith writes runs as a formula, and every value comes back as it was."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.vocabulary.spreadsheets import BEGINS, TableWriter, held, safe, safe_table


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "  =1", "\ufeff=1", "＋1"]
)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert safe(text) == f"'{text}" and held(safe(text)) == text


@pytest.mark.parametrize("value", ["Ayla", "12", "-12", "+44", "-1.5", "", 3, -3, None, "a=b", "O'Neil"])
def test_what_it_would_not_run_is_left_as_it_is(value: object) -> None:
    assert safe(value) == value


@given(st.text(max_size=40))
def test_every_text_comes_back_and_none_begins_a_formula(text: str) -> None:
    assert held(safe(text)) == text
    assert not safe(text).lstrip()[:1] or safe(text).lstrip()[0] not in BEGINS or safe(text).lstrip()[1:2].isdigit()


def test_rows_and_tables_are_written_safely() -> None:
    out = io.StringIO()
    TableWriter(out).writerows([["name", "n"], ["=1+1", -1]])
    assert list(csv.reader(io.StringIO(out.getvalue()))) == [["name", "n"], ["'=1+1", "-1"]]
    table = safe_table(pl.DataFrame({"=a": ["=1", "b", None], "n": [1, -2, 3]}))
    assert table.rows() == [("'=1", 1), ("b", -2), (None, 3)] and table.columns == ["'=a", "n"]
