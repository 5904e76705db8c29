"""From which rows of the dataset a row of a return was made: by the child, and the day that both name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset, references

PERSON = "ssd_person"
_PERSONS_ID = "pers_person_id"
_POINTS, _CARE = f"{PERSON}.{_PERSONS_ID}", "ssd_cla_episodes.clae_cla_id"
TRACED: Mapping[str, pl.DataType] = {"table": pl.String(), "at": pl.Int64()}
"""A row of the dataset: its table, and its place in it, from 0. Both are empty where no row was found."""


@dataclass(frozen=True)
class Source:
    """A table of the dataset, and the day by which a child's row in it is known: the return's field, and its own.

    `lasts`: it is the last that began by that day, such as the home that a child lived in when an episode began.
    """

    table: str
    mine: str = ""
    theirs: str = ""
    lasts: bool = False


@dataclass(frozen=True)
class OfTable:
    """Where the rows of one table of a return come from, and the fields that come from elsewhere."""

    row: Source
    cells: Mapping[str, Source]


@cache
def sources(kind: str) -> Mapping[str, OfTable]:
    """For each table of a kind of return (cin, ssda903, annex_a), where its rows come from."""
    told = tomllib.loads(Path(__file__).with_name("sources.toml").read_text("utf-8"))
    return {name: _of_table(each) for name, each in told.get(kind, {}).items()}


def _of_table(said: Mapping[str, Any]) -> OfTable:
    return OfTable(_source(said), {name: _source(each) for name, each in said.get("cells", {}).items()})


def _source(said: Mapping[str, Any]) -> Source:
    mine, _, theirs = (said.get("since") or said.get("day", "")).partition(" = ")
    return Source(said["from"], mine, theirs, lasts="since" in said)


def traced(rows: pl.DataFrame, source: Source, dataset: Dataset) -> pl.DataFrame:
    """For each row of a return's table (`_id` is its child), the row of the dataset it came from (TRACED).

    Where the table has no row of that child and day, it is the child's row of that table where there is but one, else
    the child's own row among the people.
    """
    exact = _found(rows, source, dataset)
    alone = _found(rows, Source(source.table), dataset, single=True) if source.mine else exact
    child = _found(rows, Source(PERSON), dataset)
    return exact.select(pl.coalesce(pl.col(name), alone[name], child[name]).alias(name) for name in TRACED)


def _found(rows: pl.DataFrame, source: Source, dataset: Dataset, *, single: bool = False) -> pl.DataFrame:
    held = _with_child(source.table, dataset)
    if held is None or (source.mine and source.mine not in rows.columns):
        return pl.DataFrame({name: [None] * rows.height for name in TRACED}, schema=dict(TRACED))
    day = [pl.col(source.theirs).alias("_day")] if source.mine else []
    keys = ["_id", "_day"] if day else ["_id"]
    kept = held.select("at", "_id", *day)
    if single:
        kept = kept.filter(pl.len().over("_id") == 1)
    once = kept.drop_nulls(keys).unique(keys, keep="first", maintain_order=True)
    mine = [pl.col(source.mine).alias("_day")] if source.mine else []
    wanted = rows.select("_id", *mine)
    joined = _last_by(wanted, once) if source.lasts else wanted.join(once, on=keys, how="left", maintain_order="left")
    return joined.select(table=pl.when(pl.col("at").is_not_null()).then(pl.lit(source.table)), at="at")


def _last_by(wanted: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Each with the child's last row that began by its day, in their own order."""
    ordered = wanted.with_row_index("_order").sort("_day", nulls_last=True)
    found = ordered.join_asof(held.sort("_day"), on="_day", by="_id", strategy="backward", check_sortedness=False)
    return found.sort("_order")


def _with_child(table: str, dataset: Dataset) -> pl.DataFrame | None:
    """The table with `at`, each row's place, and `_id`, its child: named in it, or in the care that it points at."""
    held = dataset.table(table).with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))
    if whose := _persons_field(table):
        return held.with_columns(pl.col(whose).alias("_id"))
    care = next((field for field, to in references(table).items() if to == _CARE), "")
    if not care:
        return None
    of_care = dataset.table("ssd_cla_episodes").select(_care="clae_cla_id", _id="clae_person_id").drop_nulls()
    return held.join(of_care.unique("_care", keep="first"), left_on=care, right_on="_care", how="left")


def _persons_field(table: str) -> str:
    """The field of a dataset's table that says whose a row is; empty where it says it of nobody."""
    if table == PERSON:
        return _PERSONS_ID
    return next((field for field, to in references(table).items() if to == _POINTS), "")
