"""Due days and warning days, on columns."""

from __future__ import annotations

import polars as pl

from kith.statutory.timescales.tables import Tables
from kith.vocabulary.working_days import Calendar


def with_due_days(opened: pl.LazyFrame, tables: Tables, calendar: Calendar) -> pl.LazyFrame:
    """Adds `due_on`, `due_at` and `warn_on`. Hours need a time: without one, the due day is the last whole day."""
    staged = opened.join(tables.stages.lazy(), on=["rule_ix", "stage"], maintain_order="left")
    due_at = pl.col("at") + pl.duration(hours=pl.col("hours"))
    timed = staged.with_columns(due_at=due_at).with_columns(
        due_on=pl.coalesce(_london_day("due_at"), _day_after("on", "", calendar))
    )
    return timed.with_columns(warn_on=_warning_day(calendar))


def day_in(day: pl.Expr, *, months: pl.Expr, days: pl.Expr) -> pl.Expr:
    """The day that many months and then days later: the same day number, or the last day of a shorter month."""
    count = day.dt.year().cast(pl.Int32) * 12 + day.dt.month().cast(pl.Int32) - 1 + months
    first = pl.date(count // 12, count % 12 + 1, 1)
    last = first.dt.days_in_month()
    moved = first + pl.duration(days=pl.min_horizontal(day.dt.day(), last).cast(pl.Int64) - 1)
    return pl.when(months == 0).then(day).otherwise(moved) + pl.duration(days=days)


def _day_after(start: str, prefix: str, calendar: Calendar) -> pl.Expr:
    """`start` moved by the columns working_days, months and days, each with the prefix."""
    moved = calendar.add_column(pl.col(start), pl.col(f"{prefix}working_days"))
    return day_in(moved, months=pl.col(f"{prefix}months"), days=pl.col(f"{prefix}days"))


def _warning_day(calendar: Calendar) -> pl.Expr:
    """Counted back from the due day, or on from the opening; never before the opening, never after the due day."""
    from_opening = pl.coalesce(
        _london_day(pl.col("at") + pl.duration(hours=pl.col("warn_hours"))), _day_after("on", "warn_", calendar)
    )
    from_due = _day_after("due_on", "warn_", calendar)
    chosen = pl.when("warn_before_due").then(from_due).otherwise(from_opening)
    return pl.min_horizontal(pl.max_horizontal(chosen, "on"), "due_on")


def _london_day(moment: str | pl.Expr) -> pl.Expr:
    column = pl.col(moment) if isinstance(moment, str) else moment
    return column.dt.convert_time_zone("Europe/London").dt.date()
