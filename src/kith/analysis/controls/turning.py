"""The engine of controls on clocks and on periods: each turn, or each person each day, and whether it held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from .shapes import EXPECTED_SCHEMA, SPANS_SCHEMA, EachDay, OnClocks

DAILY = 60  # days looked back at one by one; before them a week is as its Sunday was


def of_clocks(*, turns: pl.DataFrame, test: OnClocks, on: date) -> pl.DataFrame:
    """Every turn of these clocks (`TURNS_SCHEMA`) as an expectation (`EXPECTED_SCHEMA`), on the day it is due.

    What was no longer needed by the day it was due is not expected. What was needed, and ended undone later, failed.
    """
    done = pl.col("met_on").is_not_null()
    needless = ~done & pl.col("ended_on").is_not_null() & (pl.col("ended_on") <= pl.col("due_on"))
    timely = done & ~pl.col("late").fill_null(False)
    told = turns.lazy().filter(pl.col("rule").is_in(test.rules), ~needless)
    told = told.with_columns(
        day="due_on",
        found=timely.cast(pl.Int64),
        held=timely,
        judged=done | (pl.col("due_on") < on),
        later_on=pl.when(done & ~timely).then("met_on"),
        met_on=pl.when(timely).then("met_on"),
        met_by=pl.when(timely).then("met_by"),
    )
    return _shaped(told)


def days_asked(*, since: date, on: date) -> list[date]:
    """The days that a control of each day is asked on, from `since` until the day before `on`."""
    daily = max(since, on - timedelta(days=DAILY))
    older = [since + timedelta(days=each) for each in range((daily - since).days)]
    return [day for day in older if day.weekday() == 6] + [
        daily + timedelta(days=each) for each in range((on - daily).days)
    ]


def of_each_day(*, spans: pl.DataFrame, test: EachDay, days: Sequence[date], on: date) -> pl.DataFrame:
    """Whoever had a period running at the end of each of these days, and whether the other ran beside it.

    `spans` is as SPANS_SCHEMA; gives EXPECTED_SCHEMA with one row a child, a period and a day. What ends on a day does
    not run at its end: a move of home on one day is not two homes.
    """
    asked = pl.DataFrame({"day": list(days)}, schema={"day": pl.Date})
    whole = spans.select(pl.col(name).cast(kind) for name, kind in SPANS_SCHEMA.items()).lazy()
    of = whole.filter(pl.col("kind") == test.of).join(asked.lazy(), how="cross").filter(_runs(test.settled))
    has = whole.filter(pl.col("kind") == test.has).select("child", "started_on", "ended_on", other="ref")
    beside = of.select("child", "day").unique().join(has, on="child").filter(_runs(0))
    found = beside.group_by("child", "day").agg(found=pl.len().cast(pl.Int64), met_by=pl.col("other").first())
    told = of.select("child", "ref", "day").join(found, on=["child", "day"], how="left")
    count = pl.col("found").fill_null(0)
    held = {"at_least_one": count > 0, "exactly_one": count == 1, "at_most_one": count < 2}[test.how_many]
    return _shaped(
        told.with_columns(
            found=count,
            held=held,
            judged=pl.col("day") < on,
            due_on="day",
            met_on=pl.when(held).then("day"),
            later_on=pl.lit(None, pl.Date),
        )
    )


def _runs(settled: int) -> pl.Expr:
    """Begun at least so many days before the day, and not ended by its end."""
    begun = pl.col("started_on") + pl.duration(days=settled) <= pl.col("day")
    return begun & (pl.col("ended_on").is_null() | (pl.col("ended_on") > pl.col("day")))


def _shaped(told: pl.LazyFrame) -> pl.DataFrame:
    columns = [pl.col(name).cast(kind) for name, kind in EXPECTED_SCHEMA.items()]
    return told.select(columns).sort("day", "child", "ref").collect()
