"""Turns text tables into typed ones: a row that cannot be read is kept out and reported, and nothing else is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from kith.statutory.returns.results import Problem, TableCount
from kith.statutory.returns.table_specs import Field, TableSpec

PLACE = ("_file", "_line", "_row")
_ISO = r"^(\d{4}-\d{1,2}-\d{1,2})(?:[T ].*|Z|[+-]\d{2}:\d{2})?$"
_BRITISH = r"^(\d{1,2}/\d{1,2}/\d{4})(?: .*)?$"
_MAY_BE_SHOWN = re.compile(r"[\d/.:\- ]{1,20}")
_WANTED = {
    "date": "this is not a date. Write it as 2026-03-31 or 31/03/2026, or leave it blank if it is not known.",
    "int": "this is not a whole number. Correct it, or leave it blank if it is not known.",
    "float": "this is not a number. Correct it, or leave it blank if it is not known.",
}


@dataclass(frozen=True)
class RawTable:
    """Rows of one source table as text: the columns of its spec, then `_file`, `_line` and `_row`.

    `set_aside` counts rows already reported before they came here (too few values, for example).
    """

    spec: TableSpec
    frame: pl.DataFrame
    set_aside: int = 0


@dataclass(frozen=True)
class Checked:
    """The rows that could be read, typed, with their place; what was wrong with the others; and the count."""

    frame: pl.DataFrame
    problems: tuple[Problem, ...]
    count: TableCount


@cache
def blank_to_null(column: str) -> pl.Expr:
    """Text without spaces at its ends; blank text, and the word NULL that databases print, become null."""
    trimmed = pl.col(column).str.strip_chars()
    return pl.when(trimmed.is_in(["", "NULL"])).then(None).otherwise(trimmed).alias(column)


def as_date(column: str) -> pl.Expr:
    """A date from text written as 2026-03-31 or 31/03/2026, with or without a time; null where it is neither."""
    iso = pl.col(column).str.extract(_ISO).str.to_date("%Y-%m-%d", strict=False)
    british = pl.col(column).str.extract(_BRITISH).str.to_date("%d/%m/%Y", strict=False)
    return pl.coalesce(iso, british)


@cache
def typed(field: Field) -> pl.Expr:
    """The field's text as what it should be; null where it cannot be read so."""
    if field.kind == "date":
        return as_date(field.name).alias(field.name)
    if field.kind == "int":
        return pl.col(field.name).str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    if field.kind == "float":
        number = pl.col(field.name).cast(pl.Float64, strict=False)
        return pl.when(number.is_finite()).then(number).alias(field.name)
    if field.kind == "code":
        return pl.col(field.name).str.to_uppercase()
    return pl.col(field.name)


def check(raw: RawTable) -> Checked:
    """The rows of a source table that can be read, typed.

    A row is kept out, and reported, when a date or number in it cannot be read, when a field that it must have is
    blank, when it repeats another row exactly, or when it says something different under the same key (the first is
    kept). A row that points at something which is not here is kept: the reader says so in a note.
    """
    text = raw.frame.with_columns(blank_to_null(column) for column in raw.spec.columns)
    read = text.with_columns(typed(field) for field in raw.spec.fields)
    faults = [*_unreadable(raw.spec, text, read), *_missing(raw.spec, text)]
    good = read.filter(~_any(mask for mask, _, _ in faults)) if faults else read
    problems = [
        problem for mask, field, message in faults for problem in _named(raw.spec, text.filter(mask), field, message)
    ]
    good, repeats = _without_repeats(raw.spec, good)
    count = TableCount(rows_in=raw.frame.height + raw.set_aside, rows_read=good.height)
    return Checked(good, (*problems, *repeats), count)


Fault = tuple[pl.Series, str, str]


def _any(masks: Iterator[pl.Series]) -> pl.Series:
    together = next(masks)
    for mask in masks:
        together = together | mask
    return together


def _unreadable(spec: TableSpec, text: pl.DataFrame, typed: pl.DataFrame) -> Iterator[Fault]:
    for field in spec.fields:
        if field.kind in _WANTED:
            mask = text[field.name].is_not_null() & typed[field.name].is_null()
            if mask.any():
                yield mask, field.name, _WANTED[field.kind]


def _missing(spec: TableSpec, text: pl.DataFrame) -> Iterator[Fault]:
    for name in dict.fromkeys((*spec.key[:1], *spec.required)):
        mask = text[name].is_null()
        if mask.any():
            yield mask, name, "this is blank, and the row cannot be told from others without it. Fill it in at source."


def _named(spec: TableSpec, rows: pl.DataFrame, field: str, message: str) -> Iterator[Problem]:
    for value, file, line, row in rows.select(field, *PLACE).iter_rows():
        shown = value if value and _MAY_BE_SHOWN.fullmatch(value) else None
        yield Problem(file=file, line=line, field=field, message=message, table=spec.name, row=row, shown=shown)


def _without_repeats(spec: TableSpec, good: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    identity = list(spec.key or spec.columns)
    again = good.select(identity).is_duplicated()
    if not again.any():
        return good, []
    marked = good.with_row_index("_at").filter(again)
    marked = marked.with_columns(pl.struct(spec.columns).hash().alias("_said"))
    first = [pl.col(each).first().over(identity).alias(f"{each}_first") for each in ("_at", "_said", "_file", "_line")]
    later = marked.with_columns(first).filter(pl.col("_at") != pl.col("_at_first"))
    kept = good.with_row_index("_at").join(later.select("_at"), on="_at", how="anti", maintain_order="left").drop("_at")
    return kept, [_repeat(spec, *row) for row in later.select(_REPEAT).iter_rows()]


_REPEAT: Sequence[str | pl.Expr] = (*PLACE, "_file_first", "_line_first", pl.col("_said") == pl.col("_said_first"))


def _repeat(spec: TableSpec, file: str, line: int, row: int, file_first: str, line_first: int, same: bool) -> Problem:
    where = f"line {line_first}" + (f" of {file_first}" if file_first != file else "")
    field = spec.key[0] if spec.key else None
    if same:
        message = f"this row repeats {where}. It is kept once."
    else:
        message = f"this row has the key of {where} but says something different. The first is kept: correct one."
    return Problem(file=file, line=line, field=field, message=message, table=spec.name, row=row)
