"""The rows of a built return as they are shown: each cell as text, beside the row of the record that it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import polars as pl

from kith.foundation.documents import storage
from kith.record.extracting.extract import Extract
from kith.record.extracting.origins import SCHEMA
from kith.statutory.returns.rule_running import Return
from kith.statutory.returns.sources import Source, sources, traced

CHILD, ROW = "_child", ""
ORIGIN = "_origin"  # with a number: a row of the record, as origins.SCHEMA says it


@dataclass(frozen=True)
class Told:
    """One table of a built return: a column of text for each field, `_child`, and `_origin0` and on.

    `cells` says which origin a field has; the others have that of the row, the first.
    """

    name: str
    rows: pl.DataFrame
    cells: Mapping[str, int]


def of_dataset(extract: Extract) -> Iterator[Told]:
    """The tables of the dataset itself: each row came from the one beside it."""
    for name, frame in extract.dataset.tables.items():
        if frame.height:
            origin = extract.origins[name].select(pl.struct(list(SCHEMA)).alias(f"{ORIGIN}0"))
            child = pl.lit(None, pl.String).alias(CHILD)
            yield Told(name, _as_text(frame).with_columns(child).hstack(origin), {})


def of_return(said: Return, extract: Extract) -> Iterator[Told]:
    """The tables of a return as it was read back, each row with what it came from."""
    for name, where in sources(said.kind).items():
        frame = said.tables.get(name)
        if frame is None or not frame.height:
            continue
        different = list(dict.fromkeys([where.row, *where.cells.values()]))
        columns = [_origin(frame, each, extract).alias(f"{ORIGIN}{at}") for at, each in enumerate(different)]
        shown = [each for each in frame.columns if each[0] != "_" and ":" not in each]
        rows = _as_text(frame.select(shown)).with_columns(frame["_id"].cast(pl.String).alias(CHILD), *columns)
        yield Told(name, rows, {field: different.index(each) for field, each in where.cells.items()})


def _origin(frame: pl.DataFrame, source: Source, extract: Extract) -> pl.Series:
    found = traced(frame, source, extract.dataset)
    parts = [
        extract.origins[name].with_row_index("at").with_columns(pl.col("at").cast(pl.Int64), table=pl.lit(name))
        for name in found["table"].drop_nulls().unique()
    ]
    empty = pl.DataFrame(schema={**SCHEMA, "at": pl.Int64, "table": pl.String})
    known = pl.concat([empty, *(each.select(empty.columns) for each in parts)])
    joined = found.join(known, on=["table", "at"], how="left", maintain_order="left")
    return joined.select(pl.struct(list(SCHEMA)).alias(ORIGIN)).to_series()


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(_text(frame, name) for name in frame.columns)


def _text(frame: pl.DataFrame, name: str) -> pl.Expr:
    kind = frame.schema[name]
    if isinstance(kind, pl.List):
        return pl.col(name).cast(pl.List(pl.String)).list.join(", ").alias(name)
    return pl.col(name).cast(pl.String).alias(name)


def kept(told: Told) -> dict[str, Any]:
    """Keep a table among the documents; what the version says of it."""
    body = BytesIO()
    told.rows.write_parquet(body)
    name = storage.put(body.getvalue())
    return {"name": told.name, "rows": told.rows.height, "sha256": name, "cells": dict(told.cells)}


def opened(table: Mapping[str, Any], *, hidden: set[int], hidden_ids: set[str]) -> Told:
    """A table that was kept, without the rows of these people."""
    rows = pl.read_parquet(BytesIO(storage.get(table["sha256"])))
    if hidden or hidden_ids:
        of_hidden = [
            pl.col(name).struct.field("person").is_in(sorted(hidden)).fill_null(False)
            for name in rows.columns
            if name.startswith(ORIGIN)
        ]
        named = pl.col(CHILD).is_in(sorted(hidden_ids)).fill_null(False)
        rows = rows.filter(~pl.any_horizontal(named, *of_hidden))
    return Told(table["name"], rows, table["cells"])
