"""The state of a deadline at the end of a day, from its due day, what met it, what ended it and who excused it."""

from __future__ import annotations

from datetime import date

import polars as pl

AHEAD = r"\.(planned|expected|reached)$"  # the moments of facts that are rightly dated in the future


def with_states(rows: pl.LazyFrame, on: date) -> pl.LazyFrame:
    """Adds `state`, `days_late` and `future`. What is dated after `on` has not happened yet. Needs `voided`."""
    today = pl.lit(on)
    met, excused, ended = ((pl.col(name) <= today).fill_null(False) for name in ("met_on", "excused_on", "ended_on"))
    until = pl.when(met).then("met_on").when(excused).then("excused_on").when(ended).then("ended_on").otherwise(today)
    late = pl.max_horizontal((until - pl.col("due_on")).dt.total_days(), pl.lit(0))
    state = (
        pl.when("voided")
        .then(pl.lit("voided"))
        .when(met)
        .then(pl.when(_on_time()).then(pl.lit("met")).otherwise(pl.lit("met_late")))
        .when(excused)
        .then(pl.lit("not_required"))
        .when(ended)
        .then(pl.lit("ended"))
        .when(pl.col("due_on") < today)
        .then(pl.lit("overdue"))
        .when(pl.col("warn_on") <= today)
        .then(pl.lit("due_soon"))
        .otherwise(pl.lit("not_due"))
    )
    return rows.with_columns(state=state, days_late=pl.when("voided").then(0).otherwise(late), future=_awaited(today))


def _awaited(today: pl.Expr) -> pl.Expr:
    """Whether it rests on a fact dated in the future, other than one that is planned ahead."""
    met = (pl.col("met_on") > today).fill_null(False)
    return met | ((pl.col("opened_on") > today) & ~pl.col("opened_fact").str.contains(AHEAD))


def _on_time() -> pl.Expr:
    """By the moment where both moments are known, otherwise by the day: done on the due day is on time."""
    by_moment = pl.col("met_at") <= pl.col("due_at")
    return pl.coalesce(by_moment, pl.col("met_on") <= pl.col("due_on"))
