"""What the returns of this year would reject of one child: the same builders and rules, that child's rows alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from kith.statutory.returns.from_dataset import KINDS, checked_of
from kith.statutory.returns.kept_reports import digests
from kith.statutory.returns.rules import Rule
from kith.statutory.returns.sources import PERSON, OfTable, Source, sources, traced
from kith.statutory.returns.ssd.dataset import Dataset

_NOT_ITS_OWN = ("DOB", "PersonBirthDate")  # the child's day of birth stands in rows that are not about it


@dataclass(frozen=True)
class Rejection:
    """A row of a return that fails a rule, and the row of the dataset it was made of: its table, and its place there.

    `days` are the row's own days, by field, so that whoever mends it knows which row is meant. `child` is the id as the
    return has it, and `says` a digest of what the row says, by which an answer holds on to it. `fields` are those that
    the rule names, the ones that the row leaves blank first: most often it is these that are to be filled.
    """

    kind: str
    year: int
    rule: Rule
    child: str
    table: str
    says: str
    days: Mapping[str, date]
    from_table: str | None
    at: int | None
    fields: tuple[str, ...] = ()


def rejections(dataset: Dataset, *, on: date) -> list[Rejection]:
    """What the returns of the collection year of `on` would reject of the one child in this dataset."""
    return [each for kind in KINDS for each in _of_kind(kind, dataset, on)]


def _of_kind(kind: str, dataset: Dataset, on: date) -> Iterator[Rejection]:
    checked = checked_of(kind, dataset, on=on)
    if checked is None:
        return
    tables, rules, where = checked.returned.said.tables, checked.rules, sources(kind)
    for code, _, table, row in checked.outcome.issues.unique(maintain_order=True).iter_rows():
        rows = tables[table].filter(pl.col("_row") == row).head(1)
        from_table, at = traced(rows, _source(where.get(table), rules[code]), dataset).row(0)
        [says], child = digests(rows), rows["_id"][0] or ""
        year, fields = checked.returned.said.year, _fields(rules[code], rows)
        yield Rejection(kind, year, rules[code], child, table, says, _days(rows), from_table, at, fields)


def _fields(rule: Rule, rows: pl.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(rule.fields, key=lambda name: name not in rows.columns or rows[name][0] is not None))


def _source(where: OfTable | None, rule: Rule) -> Source:
    """The row that holds the first field the rule names that comes from a row of its own; else the row itself."""
    if where is None:
        return Source(PERSON)
    return next((where.cells[name] for name in rule.fields if name in where.cells), where.row)


def _days(rows: pl.DataFrame) -> dict[str, date]:
    fields = [
        name for name, kind in rows.schema.items() if kind == pl.Date and name[0] != "_" and name not in _NOT_ITS_OWN
    ]
    said = rows.select(fields).to_dicts()[0] if fields else {}
    return {name: day for name, day in said.items() if day}
