"""Writes very many rows at once, on SQLite and on PostgreSQL; the triggers still see every one of them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import polars as pl
from django.db import connection, models
from django.db.models import Field

from kith.foundation.history import triggers

NOTHING = "\x01nothing\x01"  # stands for NULL on its way to the database; no text of a person's holds it
NO_NUMBER = -(2**62)  # stands for NULL among whole numbers on their way to SQLite; no id or count comes near it
MANY = 5_000  # rows from which on asking a trigger about each one is too slow
ROOM = 512_000  # KiB of SQLite's pages that a first load keeps in memory
SLICE = 50_000  # rows turned into Python values at a time, to keep memory even
ASKED = 900  # values in one IN (…), within the limits of both databases


def lock(model: type[models.Model]) -> None:
    """Nobody else writes to this table until the transaction ends. SQLite's one writer holds that lock already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{model._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')


@contextmanager
def roomy() -> Iterator[None]:
    """SQLite keeps the pages of a first load in memory, rather than writing them out and reading them again."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        usual = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{ROOM}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {usual}")


def next_id(model: type[models.Model]) -> int:
    """The first free id of a table; call `lock` before."""
    return (model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1


def insert(*, model: type[models.Model], rows: pl.DataFrame, same: Mapping[str, Any] | None = None) -> int:
    """Write rows whose columns are named as the table's, ids among them, and `same`, values that all rows have.

    What neither gives takes the model's default. JSON columns hold text. Gives the number of rows written. Must be
    called inside `acting`.
    """
    if rows.is_empty():
        return 0
    fields = model._meta.concrete_fields
    constant = {each.column: _default(each) for each in fields if each.column not in rows.columns} | dict(same or {})
    ready = rows.select(_ready(each) for each in fields if each.column not in constant)
    write = _copy if connection.vendor == "postgresql" else _execute_many
    write(model, ready, constant)
    return ready.height


def _ready(field: Field[Any, Any]) -> pl.Expr:
    """A column as the table takes it: what may not be null gets the model's default, or no text at all."""
    default = _default(field)
    return pl.col(field.column) if field.null or default is None else pl.col(field.column).fill_null(default)


def _default(field: Field[Any, Any]) -> Any:
    if field.has_default():
        value = field.get_default()
        return json.dumps(value) if isinstance(field, models.JSONField) else value
    texty = isinstance(field, models.CharField | models.TextField) and not field.null
    return "" if texty else None


def _execute_many(model: type[models.Model], rows: pl.DataFrame, constant: Mapping[str, Any]) -> None:
    """What all rows share is written into the statement: a sixth of the time goes otherwise in handing it over."""
    plain = rows.select(_for_sqlite(name, kind) for name, kind in rows.schema.items())
    gaps = {name: gap for name, gap in map(_gap, plain.iter_columns()) if gap is not None}
    columns = ", ".join(f'"{name}"' for name in (*plain.columns, *constant))
    given = [f"nullif(?, {_literal(gaps[name])})" if name in gaps else "?" for name in plain.columns]
    values = ", ".join(given + [_literal(each) for each in constant.values()])
    statement = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({values})'  # noqa: S608 - names are the models'
    filled = plain.with_columns(pl.col(name).fill_null(gap) for name, gap in gaps.items())
    connection.ensure_connection()
    with triggers.spared(model) if rows.height > MANY else nullcontext():
        for part in filled.iter_slices(SLICE):
            connection.connection.executemany(statement, part.rows())


def _gap(column: pl.Series) -> tuple[str, str | int | None]:
    """What stands for NULL in this column on its way to SQLite, whose driver takes ten times as long over a None."""
    if not column.null_count():
        return column.name, None
    if column.dtype == pl.String:
        return column.name, NOTHING
    return column.name, NO_NUMBER if column.dtype.is_integer() else None


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(int(value))
    if isinstance(value, datetime):
        value = value.astimezone(UTC).replace(tzinfo=None)
    return "'" + str(value).replace("'", "''") + "'"


def _for_sqlite(name: str, kind: pl.DataType) -> pl.Expr:
    """Dates, moments and yes or no as Django writes them, so that rows written either way compare alike."""
    column = pl.col(name)
    if kind == pl.Date:
        return column.cast(pl.String)
    if isinstance(kind, pl.Datetime):
        whole = column.dt.strftime("%Y-%m-%d %H:%M:%S")
        return pl.when(column.dt.microsecond() == 0).then(whole).otherwise(column.dt.strftime("%Y-%m-%d %H:%M:%S%.6f"))
    return column.cast(pl.Int64) if kind == pl.Boolean or kind.is_integer() else column


def _copy(model: type[models.Model], rows: pl.DataFrame, constant: Mapping[str, Any]) -> None:
    rows = rows.with_columns(pl.lit(value).alias(name) for name, value in constant.items())
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    table = model._meta.db_table
    statement = f"COPY \"{table}\" ({columns}) FROM STDIN WITH (FORMAT csv, NULL '{NOTHING}')"
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for part in rows.iter_slices(SLICE):
                text = io.BytesIO()
                part.write_csv(text, include_header=False, null_value=NOTHING)
                copy.write(text.getvalue())
        if isinstance(model._meta.pk, models.AutoField):
            key = model._meta.pk.column
            cursor.execute(
                f'SELECT setval(pg_get_serial_sequence(\'"{table}"\', \'{key}\'), max("{key}")) FROM "{table}"'  # noqa: S608
            )


def ids_of(*, model: type[models.Model], refs: Sequence[str]) -> dict[str, int]:
    """The ids of the rows with these refs, for those that are there."""
    everything = model._default_manager.order_by()
    if len(refs) > 20 * ASKED:
        wanted = set(refs)
        return {ref: key for ref, key in everything.values_list("ref", "pk").iterator(20_000) if ref in wanted}
    found: dict[str, int] = {}
    for at in range(0, len(refs), ASKED):
        found.update(everything.filter(ref__in=refs[at : at + ASKED]).values_list("ref", "pk"))
    return found


def there(*, model: type[models.Model], ids: Sequence[int]) -> list[int]:
    """Those of these ids that have a row already."""
    everything = model._default_manager.order_by()
    if not everything.exists():
        return []
    slices = (ids[at : at + ASKED] for at in range(0, len(ids), ASKED))
    return [key for each in slices for key in everything.filter(pk__in=each).values_list("pk", flat=True)]
