"""A dataset as it stood at the end of an earlier day: what came later is not known, and what ended later goes on.

What it says of each table is data (as_it_stood.toml). It goes by the days in the rows, and not by when they were
recorded: what was recorded late of a day before is told.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset, references, spec
from kith.statutory.returns.ssd.owners import OWN, owners

TIES = "kith_relationship"
_FILE = Path(__file__).parent / "as_it_stood.toml"


@dataclass(frozen=True)
class Standing:
    """How a table's rows stood on a day: see as_it_stood.toml."""

    began: tuple[str, ...] = ()
    came: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    meant: tuple[str, ...] = ()
    of: str = ""
    among: tuple[str, ...] = ()
    year: str = ""
    work: bool = True


@cache
def standings() -> Mapping[str, Standing]:
    """What is said of each table that says something with a day."""
    said = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({name: _standing(name, each) for name, each in said.items()})


def _standing(name: str, said: Mapping[str, Any]) -> Standing:
    of = said.get("of", "")
    among = said["among"] if "among" in said else [references(name)[of]] if of else ()
    return Standing(
        began=tuple(said.get("began", ())),
        came={day: tuple(more) for day, more in said.get("came", {}).items()},
        meant=tuple(said.get("meant", ())),
        of=of,
        among=tuple(among),
        year=said.get("year", ""),
        work=said.get("work", True),
    )


def as_it_stood(dataset: Dataset, *, on: date) -> Dataset:
    """The dataset as it stood at the end of `on`. A field that pointed at a row that was not there yet is blank.

    Of whom all that tells of work came later there is nothing in it.
    """
    tables = {name: _by_days(name, frame, on) for name, frame in dataset.tables.items()}
    while (fewer := _followed(dataset, tables)) and any(fewer[name].height < tables[name].height for name in tables):
        tables = fewer
    tables = _without(dataset, tables)
    return Dataset({name: _pointing(dataset, tables, name) for name in tables})


def _by_days(name: str, frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """The rows that had begun, with the days that had come."""
    said = standings().get(name, Standing())
    if said.began:
        first = pl.min_horizontal(said.began)
        frame = frame.filter(first.is_null() | (first <= on))
    if said.year:
        frame = frame.filter((pl.date(pl.col(said.year), 3, 31) <= on).fill_null(True))
    later = {day: (pl.col(day) > on).fill_null(False) for day in said.came}
    blank = {name: later[day] for day, more in said.came.items() for name in (day, *more)}
    return frame.with_columns(pl.when(~test).then(name).alias(name) for name, test in blank.items())


def _gone(dataset: Dataset, tables: Mapping[str, pl.DataFrame], target: str) -> pl.Series:
    """What a field may have pointed at that is there no more."""
    table, column = target.split(".")
    every = dataset.table(table)
    before, now = (each.select(column).drop_nulls() for each in (every, tables.get(table, every)))
    return before.join(now, on=column, how="anti").unique()[column]


def _followed(dataset: Dataset, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables without the rows of rows that were not there yet."""
    found = dict(tables)
    for name, said in standings().items():
        if said.of and name in tables:
            gone = pl.concat([_gone(dataset, tables, target).alias(said.of) for target in said.among])
            found[name] = tables[name].filter(~pl.col(said.of).is_in(gone.implode()).fill_null(False))
    return found


def _without(dataset: Dataset, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables without those of whom nothing had come, though something has since, and adults tied to them alone."""
    children = _of_nobody_in(tables, _known(dataset) - _known(Dataset(tables)))
    adults = set(dataset.table("kith_adult")["adul_person_id"])
    return _of_nobody_in(children, (_tied(dataset) - _tied(Dataset(children))) & adults)


def _of_nobody_in(tables: Mapping[str, pl.DataFrame], people: set[str]) -> dict[str, pl.DataFrame]:
    whose, gone = owners(Dataset(tables)), pl.Series(sorted(people), dtype=pl.String).implode()
    found = {name: frame.filter(~whose[name].is_in(gone).fill_null(False)) for name, frame in tables.items()}
    if TIES in found:
        found[TIES] = found[TIES].filter(~pl.col("rela_other_person_id").is_in(gone).fill_null(False))
    return found


def _known(dataset: Dataset) -> set[str]:
    """Of whom there is a row with a day that tells of work with them."""
    found: set[str] = set()
    whose = owners(dataset)
    for name, said in standings().items():
        if said.work and said.began and name in dataset.tables and name not in OWN:
            dated = dataset.table(name).select(pl.any_horizontal(pl.col(said.began).is_not_null())).to_series()
            found.update(whose[name].filter(dated).drop_nulls())
    return found


def _tied(dataset: Dataset) -> set[str]:
    ties = dataset.table(TIES)
    return {*ties["rela_person_id"].drop_nulls(), *ties["rela_other_person_id"].drop_nulls()}


def _pointing(dataset: Dataset, tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """The table's rows, with what they point at blank where that was not there; without those that are nothing then."""
    frame = tables[name]
    for pointer, target in references(name).items():
        gone = _gone(dataset, tables, target)
        if gone.is_empty():
            continue
        lost = pl.col(pointer).is_in(gone.implode()).fill_null(False)
        if pointer in (*spec(name).key, *spec(name).required):
            frame = frame.filter(~lost)
        else:
            frame = frame.with_columns(pl.when(~lost).then(pointer).alias(pointer))
    return frame
