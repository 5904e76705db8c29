"""What stands of every source as one set of tables: what several tell of is there once, under one id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from kith.record.loading import ledger
from kith.record.loading.shaping.recognising import other_names
from kith.record.loading.shaping.whole import fullest_first, shape
from kith.record.loading.shaping.words import Frames
from kith.statutory.returns.ssd.dataset import Dataset

from .facts import facts
from .places import Place, places
from .telling import Tables, relinked

_KEY = "_key"


def as_given(
    standing: ledger.Standing,
    *,
    given: Sequence[tuple[str, Dataset]],
    shaped: Frames,
    there: frozenset[str],
    on: date,
) -> Tables:
    """The tables of all sources together. Of one row told by several each field is the first source's that says it.

    `given` is what stands as a dataset of each source. `shaped` are the rows of the record that they amount to; `there`
    holds the refs that the record keeps.
    """
    sources = fullest_first(standing.items())
    if len(sources) < 2:
        return {name: frame for _, dataset in given for name, frame in dataset.tables.items()}
    names = _other_names([tables for _, tables in sources], there, on)
    renamed = [_renamed(tables, names) for _, tables in sources]
    every = dict.fromkeys(name for tables in renamed for name in tables)
    whole = {name: _together(name, [tables[name] for tables in renamed if name in tables]) for name in every}
    return relinked(whole, facts(shaped)) if names else whole


def _other_names(sources: list[Mapping[str, pl.DataFrame]], there: frozenset[str], on: date) -> Mapping[str, str]:
    datasets = [Dataset({name: frame.drop(_KEY) for name, frame in tables.items()}) for tables in sources]
    return other_names([shape(each, on=on) for each in datasets], there)


def _renamed(tables: Mapping[str, pl.DataFrame], names: Mapping[str, str]) -> Tables:
    whole = {name: frame.drop(_KEY) for name, frame in tables.items()}
    for place in places() if names else ():
        if place.table in whole:
            whole[place.table] = _under_kept_ids(place, whole[place.table], names)
    return whole


def _under_kept_ids(place: Place, table: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The rows under the ids that are kept; one that is kept in another table is left out of this one."""
    here, beginning = f"{place.ref}:", len(place.ref) + 1
    kept = {ref[beginning:]: name for ref, name in names.items() if ref.startswith(here)}
    elsewhere = [key for key, name in kept.items() if not name.startswith(here)]
    ids = {key: name[beginning:] for key, name in kept.items() if name.startswith(here)}
    rest = table.filter(~pl.col(place.key).is_in(elsewhere).fill_null(False)) if elsewhere else table
    return rest.with_columns(pl.col(place.key).replace(ids)) if ids else rest


def _together(name: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
    every = ledger.with_key(name, pl.concat(frames))
    again = pl.col(_KEY).is_duplicated()
    merged = every.filter(again).group_by(_KEY, maintain_order=True).agg(pl.all().drop_nulls().first())
    return pl.concat([every.filter(~again), merged.select(every.columns)]).drop(_KEY)
