"""The record's rows as frames, in the shape that a load makes them in: columns are fields, links hold refs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import polars as pl
from django.db import models
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from kith.foundation.prepared import Prepared, number
from kith.record.loading.shaping.tables import TABLES, Table
from kith.record.loading.shaping.whole import shape
from kith.record.loading.shaping.words import Frames
from kith.record.people.one_of import Ids
from kith.record.steps.kinds import all_kinds
from kith.record.visits.models import Visit
from kith.statutory.returns.ssd.dataset import Dataset

ID = "_id"  # the row's own number, for whoever opens what was told of it
VISIT = Table("visit", Visit, detail_of="step")
READ: tuple[Table, ...] = (*TABLES, VISIT)
_ALL: Mapping[str, Table] = {table.name: table for table in READ}

# Fields read besides those that a load fills: what makes a row no longer told of, and what only Kith writes.
MORE: Mapping[str, tuple[str, ...]] = {
    "part": ("code",),
    "step": ("cancelled_on",),
    "period": ("voided_at",),
    "identifier": ("voided_at",),
    "disability": ("voided_at",),
    "restriction": ("ended_on",),
    "visit": ("where",),
}
UNREAD = ("details", "significant")  # the ledger holds the row itself; the other is Kith's own
# Of some people: the column by which their rows are found, and the rows whose numbers it holds. Each is found by an
# index, from rows already read: with a join the databases begin at the wrong end, and read a table from top to bottom.
_THEIRS = ("person_id", "")
_FOUND_BY: Mapping[str, tuple[str, str]] = {
    "home": ("pk", "period"),
    "step": ("pk", "part.step"),
    "told": ("pk", "part"),
    "visit_part": ("pk", "part"),
    "strategy_decision": ("pk", "part"),
    "strategy_meeting": ("pk", "step"),
    "attendance": ("step_id", "step"),
    "visit": ("pk", "step"),
    "worker": ("pk", "worker"),
    "person": ("pk", "person"),
}
_IN_ORDER = ("part", "period", "step")  # before those that are found by them
_NAMED = ("person", "worker")  # tables of which those are read that other rows name; a person may name a worker
_POSTS, _TEAMS = "post", "team"
_MOMENT = pl.Datetime("us", "UTC")
FEW = 200  # rows: of fewer it takes longer to ask for a whole column than to go through it


def record_rows(people: Sequence[int] | None = None, *, only: Collection[str] | None = None) -> Frames:
    """The record's rows of everybody, or of some people: the tables and columns that a load fills, and a few more.

    One query a table. Texts that are empty come out as nothing; each row has its number as `_id`. Of some people there
    are the adults, workers and teams that their rows name, and nobody's posts; tables that are not among `only`, where
    it is given, have no row.
    """
    if people is None:
        read = {table.name: _read(table, table.model._default_manager.all()) for table in READ}
        return {table.name: _linked(table, read) for table in READ}
    read = _read_of(people, only)
    rows = {table.name: _linked(table, read) if read[table.name].height else _nothing(table.name) for table in READ}
    theirs = pl.col(ID).is_in(list(people)) | ~pl.col("is_child")  # a brother is named, and is not told of
    return rows | {"person": rows["person"].filter(theirs)}


def _read_of(people: Sequence[int], only: Collection[str] | None) -> Frames:
    rest = [table.name for table in READ if table.name not in (*_IN_ORDER, *_NAMED)]
    read: Frames = {}
    for name in (*_IN_ORDER, *rest, *_NAMED):
        left_out = name == _POSTS or (only is not None and name not in only)
        numbers = [] if left_out else _numbers(name, people, read)
        found = _questions(name).ask(ids=Ids(numbers)) if numbers or (name == _TEAMS and not left_out) else []
        read[name] = _framed(_ALL[name], found) if found else _empty(name)
    return read


def _numbers(name: str, people: Sequence[int], read: Frames) -> Sequence[int]:
    """The numbers by which the rows of a table are found."""
    _, found_by = _FOUND_BY.get(name, _THEIRS)
    if name in _NAMED:
        return [*_linked_to(name, read), *(people if name == "person" else ())]
    table, _, column = found_by.partition(".")
    if not table:
        return people
    return _of_kind(name, table, read)[column or ID].drop_nulls().to_list()


def _of_kind(name: str, table: str, read: Frames) -> pl.DataFrame:
    """The rows to which a table's rows may add: those of its kind, so that nothing is asked where there are none."""
    rows, kinds = read[table], _kinds(name)
    if not kinds:
        return rows
    if table != "part":
        return rows.filter(pl.col("kind").is_in(kinds))
    return rows.join(read["step"].filter(pl.col("kind").is_in(kinds)), left_on="step", right_on=ID, how="semi")


@cache
def _kinds(name: str) -> list[str]:
    """The kinds of work, or of period, to which alone a table's rows add; empty where they may be of any."""
    if name == "home":
        return ["home"]
    return [each.key for each in all_kinds() if _ALL[name].model in (each.detail, each.part_detail)]


@cache
def _questions(name: str) -> Prepared:
    """What is asked for the rows of some people."""
    table, (column, _) = _ALL[name], _FOUND_BY.get(name, _THEIRS)

    def build() -> QuerySet[Any]:
        rows = table.model._default_manager.all()
        return _asking(table, rows if name == _TEAMS else rows.filter(**{f"{column}__one_of": number("ids")}))

    return Prepared(build)


@cache
def _empty(name: str) -> pl.DataFrame:
    return _framed(_ALL[name], [])


@cache
def _nothing(name: str) -> pl.DataFrame:
    """No row of a table, as its rows are with their links."""
    return _linked(_ALL[name], {table.name: _empty(table.name) for table in READ})


def _linked_to(name: str, read: Frames) -> list[int]:
    """The numbers of the rows of one table that the rows of others name."""
    links = [(table.name, field) for table in READ for field, to in table.links.items() if to == name]
    named = [read[table][field].drop_nulls() for table, field in links if table in read]
    return pl.concat(named).unique().to_list()


@cache
def columns_of(table: str) -> tuple[str, ...]:
    """The fields of a table to read: those that a load fills, its links among them, and a few more."""
    loaded = [each for each in _shape()[table].columns if each != "ref"] if table in _shape() else []
    return tuple(each for each in (*loaded, *MORE.get(table, ())) if each not in UNREAD)


@cache
def _shape() -> Frames:
    return shape(Dataset({}), on=date.min, detailed=False)


def _read(table: Table, rows: QuerySet[Any]) -> pl.DataFrame:
    return _framed(table, list(_asking(table, rows).iterator(20_000)))


@cache
def _wanted(name: str) -> Mapping[str, pl.DataType]:
    """The columns of a table as they are read, and their types."""
    table, own = _ALL[name], {ID: pl.Int64(), "ref": pl.String()}
    if table.detail_of:
        own.pop("ref")
    return own | {each: _kind(table.model._meta.get_field(each)) for each in columns_of(name)}


def _asking(table: Table, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    own = {ID: F("pk"), "ref": F("ref")}
    asked = {name: own.get(name) or _asked(name, table.model._meta.get_field(name)) for name in _wanted(table.name)}
    named = rows.order_by("pk").annotate(**{f"_x_{name}": each for name, each in asked.items()})
    return named.values_list(*(f"_x_{name}" for name in asked))


def _framed(table: Table, found: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """The rows that a table was asked for, typed."""
    wanted = _wanted(table.name)
    values = list(zip(*found, strict=True)) if found else [()] * len(wanted)
    if len(found) <= FEW:
        return pl.DataFrame(
            [_column(*each, kind) for (*each, kind) in zip(wanted, values, wanted.values(), strict=True)]
        )
    raw = [_raw(name, list(each), kind) for (name, kind), each in zip(wanted.items(), values, strict=True)]
    return pl.DataFrame(raw).with_columns(_finished(name, kind) for name, kind in wanted.items())


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


def _column(name: str, values: Sequence[Any], kind: pl.DataType) -> pl.Series:
    """A column of a few rows: what `_raw` and `_finished` make of it together."""
    make = _MAKES.get(kind)
    return pl.Series(
        name, [make(each) if each not in ("", None) else None for each in values] if make else values, kind
    )


_MAKES: Mapping[Any, Callable[[Any], Any]] = {
    pl.Date(): date.fromisoformat,
    _MOMENT: lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC),
    pl.Boolean(): bool,
    pl.String(): lambda text: text,  # one that is empty is nothing
}


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
    links = dict(table.links) | ({"ref": table.detail_of} if table.detail_of else {})
    return read[table.name].with_columns(
        pl.col(ID if field == "ref" else field)
        .replace_strict(read[target][ID], read[target]["ref"], default=None, return_dtype=pl.String)
        .alias(field)
        for field, target in links.items()
    )
