"""Reading rows straight into frames: one query a table, no model object a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl
from django.db.models import QuerySet

from kith.foundation.prepared import Few, Prepared

FEW = 8  # people whose rows are asked for in words that are put together once: those of one save


class OfPeople:
    """A query whose rows belong to people, by the column `path`. Of a few people its words are put together once."""

    def __init__(self, rows: Callable[[], QuerySet[Any, Any]], path: str = "person_id") -> None:
        """Nothing is built before it is first asked, so that this may stand in a module."""
        self._rows, self._path = rows, path
        self._of_few = lru_cache(maxsize=None)(lambda many: Prepared(lambda: rows().filter(Few("person", many)(path))))

    def ask(self, people: Sequence[int] | None) -> list[Any]:
        """The rows of these people; everybody's when `people` is None."""
        if people is None or not 0 < len(people) <= FEW:
            return list(of_people(self._rows(), people, self._path))
        few = Few("person", len(people))
        return self._of_few(len(few.names)).ask(**few.values(people))


class PeoplesFrame:
    """Rows that belong to people as a frame of `schema`. `columns` maps a column to a model path or expression."""

    def __init__(
        self,
        rows: Callable[[], QuerySet[Any, Any]],
        columns: Mapping[str, Any],
        schema: Mapping[str, pl.DataType],
        path: str = "person_id",
    ) -> None:
        """Columns of the schema that are not named come out empty."""
        self._columns, self._schema = columns, schema
        self._asked = OfPeople(lambda: rows().values_list(*columns.values()), path)

    def of(self, people: Sequence[int] | None) -> pl.DataFrame:
        """The frame of these people; everybody's when `people` is None. One query."""
        return _framed(self._asked.ask(people), self._columns, self._schema)


def frame(*, rows: QuerySet[Any], columns: Mapping[str, Any], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Rows as a frame of `schema`. `columns` maps a column to a model path or expression; others come out empty."""
    return _framed(list(rows.values_list(*columns.values())), columns, schema)


def of_people(rows: QuerySet[Any], people: Iterable[int] | None, path: str = "person_id") -> QuerySet[Any]:
    """Those rows that belong to these people; everybody's when `people` is None."""
    return rows if people is None else rows.filter(**{f"{path}__in": list(people)})


def _framed(values: list[Any], columns: Iterable[str], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """An empty text is nothing said."""
    at = {name: place for place, name in enumerate(columns)}
    told = {
        name: [None] * len(values)
        if name not in at
        else [row[at[name]] or None for row in values]
        if kind == pl.String()
        else [row[at[name]] for row in values]
        for name, kind in schema.items()
    }
    return pl.DataFrame(told, schema=dict(schema))
