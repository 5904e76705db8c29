"""Joins facts with a table of what rules look for, and ties facts together by ref, span or child."""

from __future__ import annotations

import polars as pl


def matching(dated: pl.LazyFrame, wanted: pl.DataFrame) -> pl.LazyFrame:
    """Each fact with each row of `wanted` that it answers: same fact, and code, outcome and counting as asked."""
    joined = dated.join(wanted.lazy(), on="fact")
    return joined.filter(
        _asked("codes", "code"),
        _asked("outcomes", "outcome"),
        pl.col("must_count").is_null() | (pl.col("counts").fill_null(True) == pl.col("must_count")),
    ).drop("codes", "outcomes", "must_count")


def _asked(wanted: str, held: str) -> pl.Expr:
    return pl.col(wanted).is_null() | pl.col(wanted).list.contains(pl.col(held)).fill_null(False)


def key_by(link: str) -> pl.Expr:
    """What ties a fact to others under the link that the column names; empty when the fact lacks it."""
    chosen = pl.col(link)
    return pl.when(chosen == "ref").then(pl.col("ref")).when(chosen == "span").then(pl.col("span")).otherwise("child")
