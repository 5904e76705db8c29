"""The record's rows as frames, in the shape that a load makes them in: columns are fields, links hold refs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django.db import models
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from kith.record.loading.shaping.tables import TABLES, Table
from kith.record.loading.shaping.words import Frames
from kith.record.people.one_of import Ids
from kith.record.visits.models import Visit

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
    "person": "pk",
    "home": "period__person_id",
    "step": "parts__person_id",
    "visit_part": "part__person_id",
    "strategy_decision": "part__person_id",
    "strategy_meeting": _OF_STEP,
    "attendance": _OF_STEP,
    "visit": _OF_STEP,
}
_EVERYBODYS = ("team", "worker", "post")
_MOMENT = pl.Datetime("us", "UTC")


def record_rows(*, shaped: Frames, people: Sequence[int] | None = None) -> Frames:
    """The record's rows of everybody, or of some people: the same tables and columns as `shaped` has, and a few more.

    One query a table. Texts that are empty come out as nothing; each row has its number as `_id`.
    """
    read = {table.name: _read(table, _columns(table, shaped), people) for table in READ}
    return {table.name: _linked(table, read) for table in READ}


def _columns(table: Table, shaped: Frames) -> list[str]:
    """The fields of a table to read: those that a load fills, its links among them, and a few more."""
    loaded = [each for each in shaped[table.name].columns if each != "ref"] if table.name in shaped else []
    return [each for each in (*loaded, *MORE.get(table.name, ())) if each not in UNREAD]


def _read(table: Table, columns: Sequence[str], people: Sequence[int] | None) -> pl.DataFrame:
    model = table.model
    fields = {name: model._meta.get_field(name) for name in columns}
    asked = {name: _asked(name, field) for name, field in fields.items()}
    own = {ID: F("pk")} if table.detail_of else {ID: F("pk"), "ref": F("ref")}
    rows = _of(table, people).order_by("pk").annotate(**{f"_x_{name}": each for name, each in {**own, **asked}.items()})
    wanted = [*own, *fields]
    found = list(rows.values_list(*(f"_x_{name}" for name in wanted)).iterator(20_000))
    values = list(zip(*found, strict=True)) if found else [()] * len(wanted)
    kinds = {ID: pl.Int64(), "ref": pl.String()} | {name: _kind(field) for name, field in fields.items()}
    told = zip(wanted, values, strict=True)
    return pl.DataFrame([_series(name, list(each), kinds[name]) for name, each in told])


def _of(table: Table, people: Sequence[int] | None) -> QuerySet[Any]:
    rows = table.model._default_manager.all()
    if people is None or table.name in _EVERYBODYS:
        return rows
    return rows.filter(**{f"{_WHOSE.get(table.name, 'person_id')}__one_of": Ids(people)}).distinct()


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


def _series(name: str, values: list[Any], kind: pl.DataType) -> pl.Series:
    if kind == pl.Date():
        return pl.Series(name, values, dtype=pl.String).str.to_date("%Y-%m-%d")
    if kind == _MOMENT:
        plain = pl.Series(name, values, dtype=pl.String).str.replace(r"\+00(?::?00)?$", "")
        return plain.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us").dt.replace_time_zone("UTC")
    if kind == pl.Boolean():
        return pl.Series(name, values, dtype=pl.Int8 if values and isinstance(values[0], int) else None).cast(kind)
    made = pl.Series(name, values, dtype=kind)
    return made.replace("", None) if kind == pl.String() else made


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
