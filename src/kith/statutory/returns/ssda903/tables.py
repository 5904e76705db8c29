"""The tables of SSDA903, and how each is known by its columns."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import polars as pl

from kith.statutory.returns.csv_tables import headings_of, spelt
from kith.statutory.returns.table_specs import TableSpec, specs_in

SPECS: Mapping[str, TableSpec] = MappingProxyType(specs_in([Path(__file__).parent / "tables.toml"]))


@dataclass(frozen=True)
class EarlierCodes:
    """How codes of today were written in a field of the returns up to and including the collection year `until`."""

    field: str
    until: int
    codes: Mapping[str, str]


_WRITTEN = tomllib.loads((Path(__file__).parent / "earlier_codes.toml").read_text(encoding="utf-8"))["written"]
EARLIER = tuple(EarlierCodes(each["field"], each["until"], MappingProxyType(each["codes"])) for each in _WRITTEN)
_MARCH = 3
_SHARED = frozenset({"CHILD", "DOB", "SEX"})  # in so many tables that they tell none of them apart


def tables_of_year(year: int) -> tuple[TableSpec, ...]:
    """The tables that the return of the collection year has, in their order."""
    return tuple(spec for spec in SPECS.values() if spec.since is None or spec.since <= year)


def latest_year(episodes: pl.DataFrame) -> int | None:
    """The collection year in which the latest day stands on which an episode began or ended; None without one."""
    day: date | None = episodes.select(pl.max_horizontal(pl.col("DECOM").max(), pl.col("DEC").max())).item()
    return day.year + (day.month > _MARCH) if day else None


def table_of(heading: Iterable[str]) -> TableSpec | None:
    """The table with most of these headings; None without a child, or without a column that belongs to one table.

    Of two tables with as many, the one that the headings fill more fully is taken.
    """
    names = {spelt(name) for name in heading}
    best: tuple[int, float, TableSpec] | None = None
    for spec in SPECS.values():
        fields = {field for way, field in headings_of(spec).items() if way in names}
        own = len(fields - _SHARED)
        score = (own, own / len(spec.fields), spec)
        if "CHILD" in fields and own and (best is None or score[:2] > best[:2]):
            best = score
    if best is None or 2 * best[0] < len(names - {spelt(each) for each in _SHARED} - {"CHILDID"}):
        return None
    return best[2]
