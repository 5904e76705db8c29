"""Ids for rows whose source gives them none: made of what stays the same from one extract to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from kith.statutory.returns.checking import as_date


def day_text(column: str) -> pl.Expr:
    """A day as 2026-03-31 from any way of writing it; what cannot be read stays as it is written."""
    return pl.coalesce(as_date(column).cast(pl.String), pl.col(column))


def with_id(
    frame: pl.DataFrame, *, name: str, natural: Sequence[str], days: Sequence[str] = (), content: Sequence[str]
) -> pl.DataFrame:
    """The frame with a text column `name`, made of the columns in `natural` and then `days`, joined by hyphens.

    Rows that agree on these but differ in `content` are told apart by "-2", "-3" … in the order they come; rows that
    agree in both have the same id, so that an exact repeat is seen to be one.
    """
    parts = [pl.col(each) for each in natural] + [day_text(each) for each in days]
    base = pl.concat_str([part.fill_null("undated") for part in parts], separator="-")
    named = frame.with_columns(base.alias(name))
    if named[name].is_unique().all():
        return named
    different = named.select(name, *[each for each in content if each != name]).unique(maintain_order=True)
    numbered = different.with_columns(pl.int_range(1, pl.len() + 1).over(name).alias("_nth"))
    told = named.join(numbered, on=different.columns, how="left", nulls_equal=True, maintain_order="left")
    later = pl.concat_str(pl.col(name), pl.lit("-"), pl.col("_nth").cast(pl.String))
    return told.with_columns(pl.when(pl.col("_nth") > 1).then(later).otherwise(pl.col(name)).alias(name)).drop("_nth")


def said_once(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables without rows that say the same as another: rows of a source that differ only in what is not kept.

    A table with no row is left out, except the people, who are always there.
    """
    once = {name: frame.unique(maintain_order=True) for name, frame in tables.items()}
    return {name: frame for name, frame in once.items() if frame.height or name == "ssd_person"}
