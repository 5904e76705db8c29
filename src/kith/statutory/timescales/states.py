"""The state of a deadline at the end of a day, from its due day, what met it and what ended it."""

from __future__ import annotations

from datetime import date

import polars as pl


def with_states(rows: pl.LazyFrame, on: date) -> pl.LazyFrame:
    """Adds `state` and `days_late`. What is dated after `on` has not happened yet. Needs a `voided` column."""
    today = pl.lit(on)
    met = (pl.col("met_on") <= today).fill_null(False)
    ended = (pl.col("ended_on") <= today).fill_null(False)
    until = pl.when(met).then(pl.col("met_on")).when(ended).then(pl.col("ended_on")).otherwise(today)
    late = pl.max_horizontal((until - pl.col("due_on")).dt.total_days(), pl.lit(0))
    state = (
        pl.when("voided")
        .then(pl.lit("voided"))
        .when(met)
        .then(pl.when(_on_time()).then(pl.lit("met")).otherwise(pl.lit("met_late")))
        .when(ended)
        .then(pl.lit("ended"))
        .when(pl.col("due_on") < today)
        .then(pl.lit("overdue"))
        .when((pl.col("warn_on") <= today) & (pl.col("opened_on") <= today))
        .then(pl.lit("due_soon"))
        .otherwise(pl.lit("not_due"))
    )
    return rows.with_columns(state=state, days_late=pl.when("voided").then(0).otherwise(late))


def _on_time() -> pl.Expr:
    """By the moment where both moments are known, otherwise by the day: done on the due day is on time."""
    by_moment = pl.col("met_at") <= pl.col("due_at")
    return pl.coalesce(by_moment, pl.col("met_on") <= pl.col("due_on"))
