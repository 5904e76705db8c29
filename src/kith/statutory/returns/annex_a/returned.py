"""Reads an Annex A workbook for its rules: every row of each list, as it is written, typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from kith.statutory.returns.annex_a.headings import CHOICES, SPECS
from kith.statutory.returns.annex_a.reader import gather_workbook
from kith.statutory.returns.annex_a.rules import ODD
from kith.statutory.returns.annex_a.wording import reader_of
from kith.statutory.returns.csv_tables import Gathered
from kith.statutory.returns.results import Progress, no_progress
from kith.statutory.returns.returned import Returned
from kith.statutory.returns.rule_running import Return
from kith.statutory.returns.rule_tables import numbered, typed_rows

KIND = "annex_a"
CODE = "code:"  # with a field's name: the published code of its answer, empty where there is none


def read_workbook(files: Sequence[Path], *, progress: Progress = no_progress) -> Returned:
    """Every row of the lists in these workbooks. Raises RefusedFile."""
    gathered = Gathered()
    for at, path in enumerate(files):
        progress(f"Reading {path.name}", at / len(files))
        gather_workbook(path, gathered)
    tables = {name: _typed(name, pl.concat(frames)) for name, frames in gathered.frames.items()}
    keys = {name: SPECS[name].required[0] for name in tables}
    said = Return(kind=KIND, year=0, tables=numbered(tables, child=keys, days={}), constants={})
    rows = sum(frame.height for frame in tables.values())
    return Returned(said, rows_in=rows, rows_read=rows, problems=(), notes=tuple(gathered.notes))


def _typed(name: str, text: pl.DataFrame) -> pl.DataFrame:
    frame = typed_rows(SPECS[name], text, also_written=tuple(CHOICES[name]))
    more: list[pl.Expr] = []
    for field, choice in CHOICES[name].items():
        read = reader_of(choice)
        strange = [each for each in frame[field].drop_nulls().unique() if read(each) is None]
        codes = {each: read(each) or None for each in frame[field].drop_nulls().unique()}
        more.append(pl.col(field).is_in(strange).fill_null(False).alias(f"{ODD}{field}"))
        more.append(pl.col(field).replace_strict(codes, default=None, return_dtype=pl.String).alias(f"{CODE}{field}"))
    return frame.with_columns(*more, pl.col(SPECS[name].required[0]).alias("_id"))
