"""Reading rows straight into frames: one query a table, no model object a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db.models import QuerySet


def frame(*, rows: QuerySet[Any], columns: dict[str, Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Rows as a frame of `schema`. `columns` maps a column to a model path or expression; others come out empty."""
    values = list(rows.values_list(*columns.values()))
    read = pl.DataFrame(values, schema={name: schema[name] for name in columns}, orient="row")
    blank = [pl.col(name).replace("", None) for name in columns if schema[name] == pl.String()]
    absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in columns]
    return read.with_columns(*blank, *absent).select(list(schema))


def of_people(rows: QuerySet[Any], people: Sequence[int] | None, path: str = "person_id") -> QuerySet[Any]:
    """Those rows that belong to these people; everybody's when `people` is None."""
    return rows if people is None else rows.filter(**{f"{path}__in": list(people)})
