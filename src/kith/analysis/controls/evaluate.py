"""The engine of controls on facts: facts in; each expectation and whether it held; coverage by day and by week."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.statutory.timescales.counts import Count
from kith.statutory.timescales.matching import matching
from kith.statutory.timescales.rules import Watch
from kith.vocabulary.working_days import Calendar

from .shapes import DAYS_SCHEMA, EXPECTED_SCHEMA, OnFacts

_MATCH: dict[str, pl.DataType] = {
    "fact": pl.String(),
    "codes": pl.List(pl.String),
    "outcomes": pl.List(pl.String),
    "must_count": pl.Boolean(),
}


def expectations(*, facts: pl.DataFrame, test: OnFacts, calendar: Calendar, on: date) -> pl.DataFrame:
    """Every time the expectation arose until `on`, and whether it held (`EXPECTED_SCHEMA`), by day, child and ref.

    `facts` is as FACTS_SCHEMA. A fact dated after `on` is not known yet. While the due day is not over, an
    expectation that is not met is neither held nor failed: `judged` is false. Nothing is due before it arose.
    """
    known = facts.lazy().filter(pl.col("on") <= on)
    raised = _raised(known, test, calendar)
    found = _found(known, raised, test)
    over = pl.col("due_on") < on
    held = {
        "at_least_one": pl.col("found") > 0,
        "exactly_one": pl.col("found") == 1,
        "one_current": pl.col("found") == 1,
        "none": pl.col("found") == 0,
    }[test.requires]
    settled = {
        "at_least_one": pl.col("found") > 0,
        "exactly_one": pl.col("found") > 1,
        "one_current": pl.lit(False),
        "none": pl.col("found") > 0,
    }[test.requires]
    told = raised.join(found, on="row", how="left").with_columns(pl.col("found").fill_null(0))
    told = told.with_columns(judged=over | settled).with_columns(held=held & pl.col("judged"))
    columns = [pl.col(name).cast(kind) for name, kind in EXPECTED_SCHEMA.items()]
    return told.select(columns).sort("day", "child", "ref").collect()


def by_day(expected: pl.DataFrame, *, on: date) -> pl.DataFrame:
    """How many were expected and how many held, for each day that had any (`DAYS_SCHEMA`), whose time was over by `on`.

    What is not due yet is left out whole, held or not: counting only what was quick would flatter the newest days.
    """
    days = (
        expected.lazy().filter(pl.col("due_on") < on).group_by("day").agg(expected=pl.len(), held=pl.col("held").sum())
    )
    return days.select(pl.col(name).cast(kind) for name, kind in DAYS_SCHEMA.items()).sort("day").collect()


def by_week(days: pl.DataFrame, *, last_day: bool = False) -> pl.DataFrame:
    """Days (`DAYS_SCHEMA`) added up by week, with `percent`. A week is named by its Monday; an empty one is absent.

    With `last_day` a week is as its last day was: of what is asked of the same people every day.
    """
    weeks = days.lazy().filter(pl.col("expected") > 0).sort("day").group_by(pl.col("day").dt.truncate("1w"))
    counts = (pl.col("expected"), pl.col("held"))
    added = weeks.agg(*((each.last() if last_day else each.sum()) for each in counts)).sort("day")
    return added.with_columns(percent=pl.col("held") / pl.col("expected") * 100).collect()


def _raised(known: pl.LazyFrame, test: OnFacts, calendar: Calendar) -> pl.LazyFrame:
    """Each fact that raises the expectation, with the day (and for hours the moment) it is due."""
    count = test.within
    raised = matching(known, _wanted(test.expects)).sort("on", "child", "ref").with_row_index("row")
    due_at = pl.col("at") + pl.duration(hours=count.n) if count.unit == "H" else pl.lit(None, pl.Datetime("us", "UTC"))
    timed = raised.with_columns(due_at=due_at).with_columns(
        due_on=pl.coalesce(pl.col("due_at").dt.convert_time_zone("Europe/London").dt.date(), _after(count, calendar)),
        key=pl.col(test.holds.link),
    )
    return timed.select("row", "child", "ref", "at", "due_at", "due_on", "key", day="on")


def _found(known: pl.LazyFrame, raised: pl.LazyFrame, test: OnFacts) -> pl.LazyFrame:
    """For each expectation (by `row`): how many facts met it, the first of them, and the first that came too late."""
    facts = matching(known, _wanted(test.holds)).select("on", "at", key=pl.col(test.holds.link), met_by="ref")
    if test.requires == "one_current":
        facts = _with_ends(facts, known, test)
    pairs = raised.filter(pl.col("key").is_not_null()).join(facts, on="key", suffix="_met")
    timely = _current() if test.requires == "one_current" else _in_time()
    late = pl.col("on") > pl.col("due_on")
    first = {"met_on": pl.col("on"), "met_by": pl.col("met_by")}
    ordered = pairs.with_columns(timely=timely).sort("row", "on", "met_by")
    return ordered.group_by("row").agg(
        found=pl.col("timely").sum(),
        later_on=pl.col("on").filter(late).first(),
        **{name: column.filter("timely").first() for name, column in first.items()},
    )


def _in_time() -> pl.Expr:
    """On or after the day it arose and by the day it is due: by the moment, where both moments are known."""
    by_day = pl.col("on").is_between("day", "due_on")
    return by_day & pl.coalesce(pl.col("at_met") <= pl.col("due_at"), pl.lit(True))


def _current() -> pl.Expr:
    """Begun by the day it is due, and not ended before it."""
    return (pl.col("on") <= pl.col("due_on")) & (pl.col("ended").is_null() | (pl.col("ended") >= pl.col("due_on")))


def _with_ends(facts: pl.LazyFrame, known: pl.LazyFrame, test: OnFacts) -> pl.LazyFrame:
    ends = known.filter(pl.col("fact") == test.facts[-1]).group_by("ref").agg(ended=pl.col("on").min())
    return facts.join(ends, left_on="met_by", right_on="ref", how="left")


def _after(count: Count, calendar: Calendar) -> pl.Expr:
    """The day that is `count` after the column `on`; hours are rounded up to whole days."""
    moved = calendar.add_column(pl.col("on"), pl.lit(count.working_days))
    return moved.dt.offset_by(f"{count.months}mo{count.days}d")


def _wanted(watch: Watch) -> pl.DataFrame:
    row = (watch.fact, list(watch.codes) or None, list(watch.outcomes) or None, watch.counts)
    return pl.DataFrame([row], schema=_MATCH, orient="row")
