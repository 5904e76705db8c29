"""Joins facts with a table of what rules look for, and ties facts together by ref, span or child."""

from __future__ import annotations

import polars as pl

TIES = ("by_ref", "by_span", "by_child")
_HALF = 2**32  # a tie holds a child in its upper half, and what ties that child's facts in its lower


def numbered(facts: pl.DataFrame) -> pl.DataFrame:
    """The facts that have a date, in order of day, time and ref, numbered by `fact_ix`, with their ties as numbers.

    Two facts of one child with the same ref have the same `by_ref`; so for span and child. A fact without a span has
    no `by_span`. Numbers compare many times faster than the words they stand for.
    """
    ordered = facts.lazy().filter(pl.col("on").is_not_null()).sort("on", "at", "ref", "fact").with_row_index("fact_ix")
    child = _as_number("child") * _HALF
    ties = {"by_ref": child + _as_number("ref"), "by_span": child + _as_number("span"), "by_child": child}
    return ordered.with_columns(**ties).collect()


def _as_number(column: str) -> pl.Expr:
    kind = pl.Categorical(pl.Categories.random())  # its own numbering, forgotten with the frame
    return pl.col(column).cast(kind).to_physical().cast(pl.UInt64)


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
    by_span = pl.when(chosen == "span").then(pl.col("by_span"))
    return pl.when(chosen == "ref").then(pl.col("by_ref")).otherwise(by_span.otherwise(pl.col("by_child")))
