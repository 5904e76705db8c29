"""Writes differences into the record: new rows all at once, changed rows column by column, and nothing else."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import models

from kith.record.people.models import Recorded

from . import bulk
from .differences import WAS, Difference
from .shaping.tables import BY_NAME, TABLES, Table


@dataclass(frozen=True)
class Stamp:
    """What every row of a load carries."""

    at: datetime
    by: int | None
    load: int
    on: date


@dataclass
class Written:
    """What was done to the record, in rows; `kept_by_hand` were changed in Kith since, and stay so."""

    added: int = 0
    changed: int = 0
    kept_by_hand: int = 0
    withdrawn: int = 0


class Ids:
    """The id of each row that others name: of rows made in this load, and of rows that were there."""

    def __init__(self) -> None:
        """Start knowing none."""
        self._new: dict[str, pl.DataFrame] = {}

    def made(self, name: str, frame: pl.DataFrame) -> None:
        """Remember new rows (`ref`, `id`)."""
        self._new[name] = frame.select("ref", "id")

    def of(self, name: str, refs: pl.Series) -> pl.DataFrame:
        """`ref` and `id` of these refs, once each."""
        wanted = pl.DataFrame({"ref": refs.cast(pl.String)}).drop_nulls().unique()
        new = self._new.get(name, _NOTHING)
        rest = wanted.join(new, on="ref", how="anti")["ref"].to_list()
        held = bulk.ids_of(model=BY_NAME[name].model, refs=rest) if rest else {}
        there = pl.DataFrame({"ref": list(held), "id": list(held.values())}, schema=_NOTHING.schema)
        return pl.concat([wanted.join(new, on="ref"), there])


_NOTHING = pl.DataFrame(schema={"ref": pl.String, "id": pl.Int64})


def record(found: list[Difference], stamp: Stamp) -> Written:
    """Write every difference. Call inside `acting`; raises whatever the database refuses, leaving nothing."""
    for table in TABLES:
        bulk.lock(table.model)
    done, ids = Written(), Ids()
    for each in found:
        done.added += _add(each, stamp, ids)
        _change(each, stamp, ids, done)
    done.withdrawn = sum(_withdraw(each, stamp) for each in found)
    return done


def _add(difference: Difference, stamp: Stamp, ids: Ids) -> int:
    table, rows = difference.table, difference.added
    if rows.is_empty():
        return 0
    if table.detail_of:
        rows = _with_owner(table, rows, ids)
    else:
        rows = _numbered(table, rows)
        ids.made(table.name, rows)
    for field, target in table.links.items():
        rows = _linked(rows, field, ids.of(target, rows[field]))
    return bulk.insert(model=table.model, rows=rows, same=_stamped(table, stamp))


def _numbered(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """New rows with their ids; a row that is there under the same ref already is left as it is."""
    first = bulk.next_id(table.model)
    if first > 1:
        there = bulk.ids_of(model=table.model, refs=rows["ref"].to_list())
        rows = rows.filter(~pl.col("ref").is_in(list(there)))
    return rows.with_columns(id=pl.int_range(first, first + rows.height, dtype=pl.Int64))


def _with_owner(table: Table, rows: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    owner = _column(table.model._meta.pk)
    found = rows.join(ids.of(table.detail_of, rows["ref"]), on="ref", maintain_order="left").rename({"id": owner})
    there = bulk.there(model=table.model, ids=found[owner].to_list())
    return found.filter(~pl.col(owner).is_in(there)) if there else found


def _linked(rows: pl.DataFrame, field: str, found: pl.DataFrame) -> pl.DataFrame:
    """The link as an id instead of a ref."""
    named = found.rename({"ref": field, "id": f"{field}_id"})
    return rows.join(named, on=field, how="left", maintain_order="left").drop(field)


def _stamped(table: Table, stamp: Stamp) -> dict[str, Any]:
    if not issubclass(table.model, Recorded):
        return {}
    return {"recorded_at": stamp.at, "recorded_by_id": stamp.by, "load": stamp.load}


def _column(field: Any) -> str:
    return str(field.column)


def _change(difference: Difference, stamp: Stamp, ids: Ids, done: Written) -> None:
    """Bring changed columns up to date, where the record still says what the sources said before."""
    table, rows = difference.table, difference.changed
    if rows.is_empty():
        return
    for field, target in table.links.items():
        rows = _linked(rows, field, ids.of(target, rows[field]))
        rows = _linked(rows, f"{field}{WAS}", ids.of(target, rows[f"{field}{WAS}"]))
        rows = rows.rename({f"{field}{WAS}_id": f"{field}_id{WAS}"})
    held = _held(table, rows, ids)
    groups: dict[tuple[str, ...], list[models.Model]] = defaultdict(list)
    for row in rows.to_dicts():
        if (one := held.get(row["ref"])) is not None and (columns := _put(one, row, stamp, done)):
            groups[columns].append(one)
    for columns, changed in groups.items():
        table.model._default_manager.bulk_update(changed, columns, batch_size=200)
        done.changed += len(changed)


def _held(table: Table, rows: pl.DataFrame, ids: Ids) -> dict[str, models.Model]:
    """The record's own rows, by ref."""
    pairs = ids.of(table.detail_of or table.name, rows["ref"])
    by_id = table.model._default_manager.in_bulk(pairs["id"].to_list())
    return {ref: by_id[key] for ref, key in pairs.iter_rows() if key in by_id}


def _put(one: models.Model, row: dict[str, Any], stamp: Stamp, done: Written) -> tuple[str, ...]:
    """Set what differs on the row; gives the columns to write."""
    changed = []
    for column in [name for name in row if f"{name}{WAS}" in row]:
        new, was = _value(one, column, row[column]), _value(one, column, row[f"{column}{WAS}"])
        if new == was:
            continue
        if getattr(one, column) != was:
            done.kept_by_hand += 1
            continue
        setattr(one, column, new)
        changed.append(column)
    if changed and isinstance(one, Recorded):
        one.version, one.recorded_at, one.recorded_by_id, one.load = one.version + 1, stamp.at, stamp.by, stamp.load
        changed += ["version", "recorded_at", "recorded_by_id", "load"]
    return tuple(changed)


def _value(one: models.Model, column: str, value: Any) -> Any:
    """A frame's value as the model holds it."""
    field = one._meta.get_field(column)
    if value is None and not getattr(field, "null", True):
        return field.get_default() if field.has_default() else ""  # type: ignore[union-attr]
    if isinstance(field, models.JSONField):
        return json.loads(value)
    return field.to_python(value)  # type: ignore[union-attr]


def _withdraw(difference: Difference, stamp: Stamp) -> int:
    """What no source tells of any more stays, marked: a period is voided, a step cancelled; the rest stays as it is.

    A restriction stays in force: a system that stops telling of one must not open a record. A person ends it.
    """
    name, refs = difference.table.name, difference.gone["ref"].to_list()
    total = 0
    for at in range(0, len(refs), bulk.ASKED):
        rows = difference.table.model._default_manager.filter(ref__in=refs[at : at + bulk.ASKED])
        if name == "period":
            total += rows.filter(voided_at=None).update(voided_at=stamp.at)
        elif name == "step":
            why = "The system it came from no longer tells of it."
            total += rows.filter(cancelled_on=None).update(cancelled_on=stamp.on, cancelled_why=why)
        elif name == "named":
            total += rows.filter(ended_on=None).update(ended_on=stamp.on)
    return total
