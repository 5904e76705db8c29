"""Reads a census file for its rules: every row, as it is written, typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from kith.statutory.returns.cin_census.elements import LINKS, SPECS, Elements
from kith.statutory.returns.lookups import CHILD
from kith.statutory.returns.results import Progress, RefusedFile, no_progress
from kith.statutory.returns.returned import Returned
from kith.statutory.returns.rule_running import Return
from kith.statutory.returns.rule_tables import numbered, typed_rows

KIND = "cin"
_YES_NO = {"TRUE": "1", "FALSE": "0"}
_FLAGS = ("ReferralNFA", "ICPCnotRequired")
_PUPIL_NUMBERS = ("UPN", "FormerUPN")  # judged as they are written: a small letter is not a capital one


def read_census(files: Sequence[Path], *, progress: Progress = no_progress) -> Returned:
    """Every row of a census. Raises RefusedFile when it is not sound, or does not say which year it is of."""
    elements = Elements()
    for path in files:
        elements.take(path, progress=progress, share=(0.0, 0.7))
    header = _header(elements, files[0].name)
    ends = header["ReferenceDate"][0] or date(int(header["Year"][0]), 3, 31)
    tables = {name: _rows(name, frame) if frame.height else _no_rows(name) for name, frame in elements.frames()}
    if elements.empty_reviews:
        dated = tables["Reviews"].drop("_n", CHILD, strict=False)
        tables["Reviews"] = pl.concat([dated, _empty_reviews(elements)], how="diagonal")
    ordered = numbered(tables, child=dict.fromkeys(tables, "_of_child"), days={})
    said = Return(
        kind=KIND,
        year=ends.year,
        tables=ordered | {"Header": header},
        constants={"_year_start": date(ends.year - 1, 4, 1), "_year_end": ends},
    )
    unknown = [f"{file}: not read: {what} ({times:,})." for (file, what), times in elements.unknown.items()]
    rows = sum(len(rows) for rows in elements.rows.values())
    return Returned(said, rows_in=rows, rows_read=rows, problems=(), notes=(*elements.headers, *unknown))


def _header(elements: Elements, file: str) -> pl.DataFrame:
    said = elements.header_rows[0] if elements.header_rows else {}
    texts = {name: said.get(name) or None for name in ("Collection", "Year", "ReferenceDate", "LEA")}
    frame = pl.DataFrame([texts], schema=dict.fromkeys(texts, pl.String())).with_columns(
        pl.col("ReferenceDate").str.to_date("%Y-%m-%d", strict=False),
        pl.lit(None, pl.Int64).alias("_child"),
        pl.lit(None, pl.String).alias("_id"),
        pl.lit(1, pl.Int64).alias("_row"),
        pl.lit(0, pl.UInt32).alias("_n"),
    )
    year = str(frame["Year"][0] or "")
    if frame["ReferenceDate"][0] is None and not (year.isdecimal() and len(year) == 4):
        mend = "The header of a census says its year and its reference date: produce the file again with them."
        raise RefusedFile("it does not say which year it is of.", mend=mend, file=file, field="ReferenceDate")
    return frame


@cache
def _no_rows(name: str) -> pl.DataFrame:
    """A table of which a census says nothing, numbered: one child's has few others."""
    nothing = _rows(name, dict(Elements().frames())[name])
    return numbered({name: nothing}, child={name: "_of_child"}, days={})[name]


def _rows(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    read = typed_rows(SPECS[name], frame, also_written=_PUPIL_NUMBERS)
    changed = [pl.col(each).replace(_YES_NO) for each in _FLAGS if each in read.columns]
    changed += [pl.col(f"text:{each}").alias(each) for each in _PUPIL_NUMBERS if each in read.columns]
    if "AssessmentFactors" in read.columns:
        changed.append(pl.col("AssessmentFactors").str.json_decode(pl.List(pl.String)))
    return read.with_columns(changed).with_columns(pl.col("LAchildID").alias("_id"))


def _empty_reviews(elements: Elements) -> pl.DataFrame:
    texts = dict.fromkeys(["LAchildID", "CPPreviewDate", *LINKS, "_file"], pl.String())
    schema = {**texts, "_line": pl.Int64(), "_row": pl.Int64()}
    frame = pl.DataFrame(elements.empty_reviews, schema=schema, orient="row")
    return frame.with_columns(pl.lit(None, pl.Date).alias("CPPreviewDate"), pl.col("LAchildID").alias("_id"))
