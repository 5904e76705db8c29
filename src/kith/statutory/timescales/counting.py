"""Due days and warning days, on columns."""

from __future__ import annotations

import polars as pl

from kith.statutory.timescales.tables import Tables
from kith.vocabulary.working_days import Calendar


def with_due_days(opened: pl.LazyFrame, tables: Tables, calendar: Calendar) -> pl.LazyFrame:
    """Adds `due_on`, `due_at` and `warn_on`. Hours need a time: without one, the due day is the last whole day."""
    staged = opened.join(tables.stages.lazy(), on=["rule_ix", "stage"], maintain_order="left")
    due_at = pl.col("at") + pl.duration(hours=pl.col("hours"))
    moved = staged.with_columns(due_at=due_at, moved=calendar.add_column(pl.col("on"), pl.col("working_days")))
    due = moved.with_columns(due_on=pl.coalesce(_london_day("due_at"), pl.col("moved").dt.offset_by(pl.col("offset"))))
    return _with_warning_days(due, calendar).drop("moved")


def _with_warning_days(due: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Adds `warn_on`, counted back from the due day or on from the opening; it is never outside those two days."""
    start = pl.when("warn_before_due").then("due_on").otherwise("on")
    moment = pl.when(~pl.col("warn_before_due")).then(pl.col("at") + pl.duration(hours=pl.col("warn_hours")))
    moved = due.with_columns(moved=calendar.add_column(start, pl.col("warn_working_days")), warn_at=moment)
    by_day = pl.col("moved").dt.offset_by(pl.col("warn_offset"))
    warned = moved.with_columns(warn_on=pl.coalesce(_london_day("warn_at"), by_day)).drop("warn_at")
    return warned.with_columns(warn_on=pl.min_horizontal(pl.max_horizontal("warn_on", "on"), "due_on"))


def _london_day(moment: str) -> pl.Expr:
    return pl.col(moment).dt.convert_time_zone("Europe/London").dt.date()
