"""Shapes the text tables that a reader took apart for the rules: typed, in the order of child and day, nothing lost.

Unlike loading, checking keeps every row: a repeat, a bad date or a missing id is what the rules are there to find.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from kith.statutory.returns.checking import blank_to_null, typed
from kith.statutory.returns.lookups import CHILD
from kith.statutory.returns.table_specs import TYPES, TableSpec

_WRITTEN = frozenset({"date", "int", "float"})


def typed_rows(spec: TableSpec, text: pl.DataFrame, *, also_written: Sequence[str] = ()) -> pl.DataFrame:
    """The rows with their fields typed: what cannot be read is empty.

    `text:X` holds what is written in a date or a number.
    Every other column of `text` is kept as it is.
    """
    here = [field for field in spec.fields if field.name in text.columns]
    said = [field for field in here if text[field.name].null_count() < text.height]
    nothing = [pl.lit(None, TYPES[field.kind]).alias(field.name) for field in here if field not in said]
    trimmed = text.with_columns(blank_to_null(field.name) for field in said)
    kept = [field.name for field in here if field.kind in _WRITTEN or field.name in also_written]
    texts = [pl.col(name).alias(f"text:{name}") for name in kept]
    return trimmed.with_columns(*texts, *nothing, *(typed(field).alias(field.name) for field in said))


def numbered(
    tables: Mapping[str, pl.DataFrame], *, child: Mapping[str, str], days: Mapping[str, str | None]
) -> dict[str, pl.DataFrame]:
    """The tables in the order of child and day, each with `_child`, `_id` and `_n`.

    `child` names for each table the column whose values tell children apart; `days` the day that orders their rows, or
    none where the order of the file holds. Rows with no day come after the others of their child. A table with no row
    that has `_n` already stays as it is.
    """
    every = [frame.select(_key=pl.col(child[name])) for name, frame in tables.items() if frame.height]
    keys = pl.concat(every).unique(maintain_order=True).drop_nulls() if every else pl.DataFrame({"_key": []})
    keys = keys.select(pl.col("_key").cast(pl.String)).with_row_index(CHILD).with_columns(pl.col(CHILD).cast(pl.Int64))
    found: dict[str, pl.DataFrame] = {}
    for name, frame in tables.items():
        if frame.is_empty() and "_n" in frame.columns:
            found[name] = frame
            continue
        joined = frame.join(keys, left_on=child[name], right_on="_key", how="left", maintain_order="left")
        day = days.get(name)
        by = [CHILD, day] if day else [CHILD]
        found[name] = joined.sort(by, nulls_last=True, maintain_order=True).with_row_index("_n")
    return found


def nothing_of(spec: TableSpec, *, more: Sequence[str] = ()) -> pl.DataFrame:
    """A table with no row, with the columns that the rules look at."""
    kinds = {name: TYPES[kind] for name, kind in ((field.name, field.kind) for field in spec.fields)}
    texts = {f"text:{field.name}": pl.String() for field in spec.fields if field.kind in _WRITTEN}
    place = {"_file": pl.String(), "_line": pl.Int64(), "_row": pl.Int64(), CHILD: pl.Int64(), "_id": pl.String()}
    return pl.DataFrame(schema={**kinds, **texts, **dict.fromkeys(more, pl.String()), **place, "_n": pl.UInt32()})
