"""The whole record that several sources together tell of, each source keeping what another does not say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

import polars as pl

from kith.record.periods.models import Period
from kith.record.steps.kinds import all_kinds
from kith.record.steps.models import Part
from kith.statutory.returns.ssd.dataset import Dataset

from .people import people
from .recognising import recognised
from .tables import TABLES
from .ties import ties
from .words import Frames
from .work import work
from .workforce import workforce

T = TypeVar("T")
# Where two sources say different things, the fuller is believed; what it leaves blank the others fill.
FULLEST_FIRST = ("ssd", "annex_a", "ssda903", "cin_census")


def whole(sources: Iterable[tuple[str, Dataset]], *, on: date, there: frozenset[str], detailed: bool = True) -> Frames:
    """The rows of the record, from each source's dataset. `there` holds the refs of steps and periods already kept.

    Not `detailed`: a step and a period come without the rest of their source's row.
    """
    shaped = [shape(dataset, on=on, detailed=detailed) for _, dataset in fullest_first(sources)]
    if len(shaped) > 1:
        shaped = recognised(shaped, there)
    return {table.name: _finished(table.name, _together([each[table.name] for each in shaped])) for table in TABLES}


def fullest_first(sources: Iterable[tuple[str, T]]) -> list[tuple[str, T]]:
    """Sources by name, the one that is believed before the others first."""
    order = {name: at for at, name in enumerate(FULLEST_FIRST)}
    return sorted(sources, key=lambda each: order.get(each[0], len(order)))


def shape(dataset: Dataset, *, on: date, detailed: bool = True) -> Frames:
    """The rows of the record that one dataset tells of."""
    return {**workforce(dataset), **people(dataset, on=on), **ties(dataset), **work(dataset, detailed=detailed)}


def _together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Rows of one table from several sources: a ref's row takes each column from the first source that says it."""
    if not frames:
        return pl.DataFrame({"ref": []}, schema={"ref": pl.String})
    if len(frames) == 1:
        return frames[0].filter(pl.col("ref").is_not_null()) if frames[0]["ref"].null_count() else frames[0]
    every = pl.concat(frames, how="diagonal_relaxed").filter(pl.col("ref").is_not_null())
    again = pl.col("ref").is_duplicated()
    merged = every.filter(again).group_by("ref", maintain_order=True).agg(pl.all().drop_nulls().first())
    return pl.concat([every.filter(~again), merged.select(every.columns)])


def _finished(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """A team or worker that no source names is called by its number; weighty kinds of work begin as significant."""
    if name == "part":
        weighty = [each.key for each in all_kinds() if each.significant]
        return frame.with_columns(significant=pl.col("ref").str.extract(r"^(\w+):").is_in(weighty))
    if name not in ("team", "worker") or "name" not in frame.columns:
        return frame
    number = pl.col("ref").str.replace(f"^{name}:", f"{name.title()} ")
    return frame.with_columns(pl.coalesce("name", number))


def kept_refs() -> frozenset[str]:
    """The refs of every step's part and period that the record holds."""
    parts = Part.objects.values_list("ref", flat=True).iterator(20_000)
    return frozenset(parts).union(Period.objects.values_list("ref", flat=True).iterator(20_000))
