"""Who is in the dataset: everybody a source brought, and of those entered in Kith whoever has been worked with.

The dataset is of people with some activity. So a child whom an order gave a new identity is not in it, and stands in
no file beside the birth record, until somebody works with her as who she is now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from .facts import Said

Facts = Mapping[str, pl.DataFrame]


def in_scope(said: Mapping[str, Said], now: Facts) -> Mapping[str, Said]:
    """What the record says beside its sources, less everything about people who are not in the dataset."""
    outside = _outside(said["person"].added, now)
    return (
        {name: replace(each, added=_without(each.added, outside)) for name, each in said.items()} if outside else said
    )


def _outside(entered: pl.DataFrame, now: Facts) -> list[str]:
    worked_with = pl.concat([now[name].select("person") for name in ("step", "period")])["person"].implode()
    idle = entered.filter(~pl.col("ref").is_in(worked_with))
    children = idle.filter("is_child")["ref"].to_list()
    ties = now["relationship"].filter(~pl.col("person").is_in(children))
    around = pl.concat([ties["person"], ties["other"].drop_nulls()]).implode()
    adults = idle.filter(~pl.col("is_child") & ~pl.col("ref").is_in(around))["ref"].to_list()
    return [*children, *adults]


def _without(rows: pl.DataFrame, outside: list[str]) -> pl.DataFrame:
    for column in ("person", "other", "ref"):
        if column in rows.columns:
            rows = rows.filter(~pl.col(column).is_in(outside).fill_null(False))
    return rows
