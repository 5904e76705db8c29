"""Reading rows straight into frames: one query a table, no model object a row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet

from kith.foundation.prepared import OfSome, OneOf


class OfPeople:
    """A query whose rows belong to people. `build` makes it, given what says of a column that it holds one of them."""

    def __init__(self, build: Callable[[OneOf], QuerySet[Any, Any]]) -> None:
        """Nothing is built before it is first asked, so that this may stand in a module."""
        self._build, self._of_some = build, OfSome(build)

    def ask(self, people: Collection[int] | None) -> list[Any]:
        """The rows of these people; everybody's when `people` is None."""
        return list(self._build(lambda _: Q())) if people is None else self._of_some.ask(people)


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
        self._asked = OfPeople(lambda hers: rows().filter(hers(path)).values_list(*columns.values()))

    def of(self, people: Sequence[int] | None) -> pl.DataFrame:
        """The frame of these people; everybody's when `people` is None. One query."""
        return _framed(self._asked.ask(people), self._columns, self._schema)


def frame(*, rows: QuerySet[Any], columns: Mapping[str, Any], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Rows as a frame of `schema`. `columns` maps a column to a model path or expression; others come out empty."""
    return _framed(list(rows.values_list(*columns.values())), columns, schema)


def _framed(values: list[Any], columns: Iterable[str], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """An empty text is nothing said."""
    place_of = {name: place for place, name in enumerate(columns)}
    places = [place_of.get(name) for name in schema]
    rows = [[None if place is None or row[place] == "" else row[place] for place in places] for row in values]
    return pl.DataFrame(rows, schema=dict(schema), orient="row")
