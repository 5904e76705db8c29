"""Temporary tables that stand before the record's own: a query inside sees the rows as they were at a moment.

Both databases look for a table among a connection's temporary ones first. So the same queries, and the same page,
serve the past; nobody else sees the tables, no trigger is on them, and the transaction takes them away with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Q

from kith.foundation.history.models import Change
from kith.record.people.models import Recorded

OWN = {"sqlite": "main", "postgresql": "public"}
PASSING = {"sqlite": "temp", "postgresql": "pg_temp"}
ASKED = 500  # values in one IN (…)


class Shadows:
    """The temporary tables of one frame, at one moment."""

    def __init__(self, at: datetime) -> None:
        """The moment: everything recorded until then was known."""
        self.at = at
        self.made: list[str] = []

    def empty(self, model: type[models.Model]) -> None:
        """A table of this model's with nothing in it."""
        table = model._meta.db_table
        if connection.vendor == "sqlite":
            columns = ", ".join(f'"{name}" {kind}' for _, name, kind, *_ in _run(f'PRAGMA main.table_info("{table}")'))
            _run(f'CREATE TEMP TABLE "{table}" ({columns})')
        else:
            _run(f'CREATE TEMP TABLE "{table}" (LIKE public."{table}" INCLUDING IDENTITY)')
        self.made.append(table)

    def copy(self, model: type[models.Model]) -> None:
        """A table of this model's with the rows of today: what is written to it inside does not last."""
        self.empty(model)
        table = model._meta.db_table
        _run(f"INSERT INTO {_passing(table)} SELECT * FROM {_own(table)}")  # noqa: S608 - names are the models'

    def fill(self, model: type[models.Model], *, column: str, ids: Iterable[int], more: Q | None = None) -> None:
        """The rows whose `column` was one of `ids` at the moment. May be called again to add others.

        `more`: which changes tell of rows that are not among them any more.
        """
        table, key = model._meta.db_table, model._meta.pk.column
        wanted = sorted(set(ids))
        if table not in self.made:
            self.empty(model)
        for some in _parts(wanted):
            marks = ", ".join(["%s"] * len(some))
            _run(
                f'INSERT INTO {_passing(table)} SELECT * FROM {_own(table)} WHERE "{column}" IN ({marks}) '  # noqa: S608
                f'AND "{key}" NOT IN (SELECT "{key}" FROM {_passing(table)})',
                some,
            )
        self._put_back(model, column, wanted, more)

    def ids(self, model: type[models.Model], column: str = "") -> list[int]:
        """The values of a column (its key, unless told otherwise) in a table of this frame."""
        name = column or model._meta.pk.column
        rows = _run(f'SELECT DISTINCT "{name}" FROM {_passing(model._meta.db_table)} WHERE "{name}" IS NOT NULL')  # noqa: S608
        return [row[0] for row in rows]

    def _put_back(self, model: type[models.Model], column: str, wanted: Sequence[int], more: Q | None) -> None:
        """Undo what came after: of each row its first change since says what it was at the moment."""
        table, key = model._meta.db_table, model._meta.pk.column
        first: dict[str, Change] = {}
        for change in self._changes(model, column, wanted, more):
            first.setdefault(change.row, change)
        for row in first:
            _run(f'DELETE FROM {_passing(table)} WHERE "{key}" = %s', [int(row)])  # noqa: S608
        befores = [each.before for each in first.values() if each.before]
        then = [_whole(model, each) for each in befores if each.get(column) in set(wanted)]
        _insert(table, then)
        if issubclass(model, Recorded):  # what a load added carries the load's moment, and no change tells of it
            moment = connection.ops.adapt_datetimefield_value(self.at)
            _run(f"DELETE FROM {_passing(table)} WHERE recorded_at > %s", [moment])  # noqa: S608

    def _changes(
        self, model: type[models.Model], column: str, wanted: Sequence[int], more: Q | None
    ) -> Iterator[Change]:
        since = Change.objects.filter(table=model._meta.db_table, at__gt=self.at)
        there = [str(each) for each in self.ids(model)]
        which = [Q(row__in=some) for some in _parts(there)] + ([more] if more is not None else [])
        gone = Q(act="removed", **{f"before__{column}__in": list(wanted)})
        found: dict[int, Change] = {}
        for each in [*which, gone]:
            found.update({change.pk: change for change in since.filter(each)})
        yield from (found[pk] for pk in sorted(found))

    def drop(self) -> None:
        """Take the tables away."""
        for table in self.made:
            _run(f"DROP TABLE {_passing(table)}")
        self.made = []


@contextmanager
def shadows(at: datetime) -> Iterator[Shadows]:
    """The tables of one frame, gone afterwards. Call inside a transaction, which takes them back when it fails."""
    if not connection.in_atomic_block:
        raise RuntimeError("A frame stands in a transaction.")
    made = Shadows(at)
    yield made
    made.drop()


def _whole(model: type[models.Model], before: dict[str, Any]) -> dict[str, Any]:
    """A row as the history kept it; a column that came later has what it begins with."""
    newer = [each for each in model._meta.concrete_fields if each.column not in before]
    return {each.column: each.get_default() for each in newer} | before


def _insert(table: str, rows: list[dict[str, Any]]) -> None:
    """Rows as the history kept them."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        _run(
            f'INSERT INTO {_passing(table)} SELECT * FROM jsonb_populate_recordset(NULL::public."{table}", %s::jsonb)',  # noqa: S608
            [json.dumps(rows)],
        )
        return
    columns = ", ".join(f'"{name}"' for name in rows[0])
    marks = ", ".join(["%s"] * len(rows[0]))
    for row in rows:
        _run(f"INSERT INTO {_passing(table)} ({columns}) VALUES ({marks})", list(row.values()))  # noqa: S608


def _parts(values: Sequence[Any]) -> Iterator[list[Any]]:
    yield from (list(values[at : at + ASKED]) for at in range(0, len(values), ASKED))


def _own(table: str) -> str:
    return f'{OWN[connection.vendor]}."{table}"'


def _passing(table: str) -> str:
    return f'{PASSING[connection.vendor]}."{table}"'


def _run(statement: str, values: Sequence[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall() if cursor.description else []
