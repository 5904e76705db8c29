"""The record's rows as frames, in the shape that a load makes them in: columns are fields, links hold refs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import polars as pl
from django.db import models
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from kith.record.loading.shaping.tables import BY_NAME, TABLES, Table
from kith.record.loading.shaping.whole import shape
from kith.record.loading.shaping.words import Frames
from kith.record.people.one_of import Ids
from kith.record.visits.models import Visit
from kith.statutory.returns.ssd.dataset import Dataset

ID = "_id"  # the row's own number, for whoever opens what was told of it
VISIT = Table("visit", Visit, detail_of="step")
READ: tuple[Table, ...] = (*TABLES, VISIT)

# Fields read besides those that a load fills: what makes a row no longer told of, and what only Kith writes.
MORE: Mapping[str, tuple[str, ...]] = {
    "part": ("code",),
    "step": ("cancelled_on",),
    "period": ("voided_at",),
    "restriction": ("ended_on",),
    "visit": ("where",),
}
UNREAD = ("details", "significant")  # the ledger holds the row itself; the other is Kith's own
_OF_STEP = "step__parts__person_id"
_WHOSE: Mapping[str, str] = {
    "home": "period__person_id",
    "step": "parts__person_id",
    "visit_part": "part__person_id",
    "strategy_decision": "part__person_id",
    "strategy_meeting": _OF_STEP,
    "attendance": _OF_STEP,
    "visit": _OF_STEP,
}
_NAMED = ("worker", "person")  # tables of which those are read that other rows name
_POSTS, _TEAMS = "post", "team"
_MOMENT = pl.Datetime("us", "UTC")


def record_rows(people: Sequence[int] | None = None) -> Frames:
    """The record's rows of everybody, or of some people: the tables and columns that a load fills, and a few more.

    One query a table. Texts that are empty come out as nothing; each row has its number as `_id`. Of some people there
    are the adults, workers and teams that their rows name, and nobody's posts.
    """
    if people is None:
        read = {table.name: _read(table, table.model._default_manager.all()) for table in READ}
        return {table.name: _linked(table, read) for table in READ}
    read = _read_of(people)
    rows = {table.name: _linked(table, read) for table in READ}
    theirs = pl.col(ID).is_in(list(people)) | ~pl.col("is_child")  # a brother is named, and is not told of
    return rows | {"person": rows["person"].filter(theirs)}


def _read_of(people: Sequence[int]) -> Frames:
    ids, named = Ids(people), {name: BY_NAME[name] for name in _NAMED}
    read: Frames = {}
    for table in READ:
        rows = table.model._default_manager.all()
        if table.name == _POSTS:
            rows = rows.none()
        elif table.name in named:
            continue
        elif table.name != _TEAMS:
            rows = rows.filter(**{f"{_WHOSE.get(table.name, 'person_id')}__one_of": ids}).distinct()
        read[table.name] = _read(table, rows)
    for name, table in named.items():
        wanted = {*_linked_to(name, read), *(people if name == "person" else ())}
        read[name] = _read(table, table.model._default_manager.filter(pk__one_of=Ids(wanted)))
    return read


def _linked_to(name: str, read: Frames) -> list[int]:
    """The numbers of the rows of one table that the rows of others name."""
    links = [(table.name, field) for table in READ for field, to in table.links.items() if to == name]
    named = [read[table][field].drop_nulls() for table, field in links if table in read]
    return pl.concat(named).unique().to_list()


@cache
def _columns(table: str) -> tuple[str, ...]:
    """The fields of a table to read: those that a load fills, its links among them, and a few more."""
    loaded = [each for each in _shape()[table].columns if each != "ref"] if table in _shape() else []
    return tuple(each for each in (*loaded, *MORE.get(table, ())) if each not in UNREAD)


@cache
def _shape() -> Frames:
    return shape(Dataset({}), on=date.min, detailed=False)


def _read(table: Table, rows: QuerySet[Any]) -> pl.DataFrame:
    fields = {name: table.model._meta.get_field(name) for name in _columns(table.name)}
    asked = {name: _asked(name, field) for name, field in fields.items()}
    own = {ID: F("pk")} if table.detail_of else {ID: F("pk"), "ref": F("ref")}
    rows = rows.order_by("pk").annotate(**{f"_x_{name}": each for name, each in {**own, **asked}.items()})
    wanted = [*own, *fields]
    found = list(rows.values_list(*(f"_x_{name}" for name in wanted)).iterator(20_000))
    values = list(zip(*found, strict=True)) if found else [()] * len(wanted)
    kinds = {ID: pl.Int64(), "ref": pl.String()} | {name: _kind(field) for name, field in fields.items()}
    raw = [_raw(name, list(each), kinds[name]) for name, each in zip(wanted, values, strict=True)]
    return pl.DataFrame(raw).with_columns(_finished(name, kinds[name]) for name in wanted)


def _asked(name: str, field: Any) -> Any:
    """Days and moments are read as texts, a column at a time: the drivers' own way takes ten times as long."""
    if isinstance(field, models.DateField | models.DateTimeField):
        return Cast(name, TextField())
    return F(f"{name}_id") if field.is_relation else F(name)


def _kind(field: Any) -> pl.DataType:
    if field.is_relation:
        return pl.Int64()
    if isinstance(field, models.DateTimeField):
        return _MOMENT
    if isinstance(field, models.DateField):
        return pl.Date()
    if isinstance(field, models.BooleanField):
        return pl.Boolean()
    if isinstance(field, models.FloatField):
        return pl.Float64()
    return pl.Int64() if isinstance(field, models.IntegerField) else pl.String()


def _raw(name: str, values: list[Any], kind: pl.DataType) -> pl.Series:
    """A column as the database gave it: days and moments as texts, yes and no as it has them."""
    if kind == pl.Boolean():
        return pl.Series(name, values, dtype=pl.Int8 if any(type(each) is int for each in values) else kind)
    return pl.Series(name, values, dtype=pl.String if kind in (pl.Date(), _MOMENT) else kind)


def _finished(name: str, kind: pl.DataType) -> pl.Expr:
    held = pl.col(name)
    if kind == pl.Date():
        return held.str.to_date("%Y-%m-%d")
    if kind == _MOMENT:
        plain = held.str.replace(r"\+00(?::?00)?$", "")
        return plain.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us").dt.replace_time_zone("UTC")
    return held.replace("", None) if kind == pl.String() else held.cast(kind)


def _linked(table: Table, read: Frames) -> pl.DataFrame:
    """Links as refs; a row that adds to another has that one's ref."""
    frame = read[table.name]
    links = dict(table.links) | ({"ref": table.detail_of} if table.detail_of else {})
    for field, target in links.items():
        refs = read[target].select(pl.col(ID).alias("_to"), pl.col("ref").alias("_ref"))
        column = ID if field == "ref" else field
        named = frame.join(refs, left_on=column, right_on="_to", how="left", maintain_order="left")
        frame = named.drop([field] if field in named.columns else []).rename({"_ref": field})
    return frame
