"""The whole record as a dataset: what stands of every source, and what the record has come to say since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from kith.record.loading import ledger
from kith.record.loading.shaping.whole import kept_refs, whole
from kith.statutory.returns.ssd.dataset import Dataset, conform, empty_table, table_names

from .facts import Said, differing, facts
from .origins import origins
from .places import places
from .rows import record_rows
from .scope import in_scope
from .sources import as_given
from .telling import told

NOTHING = ("ssd", Dataset({}))  # a record that was begun in Kith
TOLD_BY_OTHERS = ("care",)  # its episodes tell it


@dataclass(frozen=True, eq=False)
class Extract:
    """A dataset, and for each table beside it the row of the record that each of its rows came from (origins.py).

    Every table of the dataset is there, those without a row too. `notes` say what the dataset has no place for.
    """

    dataset: Dataset
    origins: Mapping[str, pl.DataFrame]
    notes: tuple[str, ...] = field(default=())


def extract(*, on: date) -> Extract:
    """The record as it stands today, of everybody. Reads only, in one query a table; asks nothing of who reads.

    What a source says of something that a worker has changed since is what the worker says; what the record has no
    column for is as the source gave it, unless it speaks of what was changed. `on` dates what sources give no day for.
    """
    standing = ledger.standing()
    there = kept_refs() if len(standing) > 1 else frozenset()
    shaped = whole(list(ledger.datasets(standing)) or [NOTHING], on=on, there=there)
    record = record_rows(shaped=shaped)
    now = facts(record)
    said = in_scope(differing(sources=facts(shaped), record=now), now)
    tables = told(as_given(standing, shaped=shaped, there=there, on=on), said)
    tables = {name: conform(name, tables.get(name, empty_table(name))) for name in table_names()}
    return Extract(dataset=Dataset(tables), origins=origins(tables, now), notes=_notes(said))


def _notes(said: Mapping[str, Said]) -> tuple[str, ...]:
    """What the record holds and no table of the dataset has a place for, counted; never whose it is."""
    return tuple(
        f"{count:,} rows of {kind.replace('_', ' ')} are in no table of the dataset, and are not told."
        for name in ("step", "period")
        for kind, count in _untold(name, said[name])
        if kind not in TOLD_BY_OTHERS
    )


def _untold(name: str, said: Said) -> list[tuple[str, int]]:
    columns = said.added.columns
    held = pl.any_horizontal(each.holds(columns) for each in places() if each.of == name)
    rows = said.added.filter(~held).group_by("kind").len().sort("kind")
    return [(str(kind), int(count)) for kind, count in rows.iter_rows()]
