"""Due days and warning days, on columns."""

from __future__ import annotations

import polars as pl

from kith.statutory.timescales.numbering import Numbered
from kith.statutory.timescales.openings import key_by
from kith.statutory.timescales.tables import LEGS, Tables
from kith.vocabulary.school_terms import SchoolCalendar, school_days
from kith.vocabulary.working_days import Calendar


def with_due_days(
    opened: pl.LazyFrame,
    known: Numbered,
    tables: Tables,
    calendar: Calendar,
    schools: SchoolCalendar | None,
    asked: frozenset[str],
) -> pl.LazyFrame:
    """Adds `due_on`, `due_at` and `warn_on`. Hours need a time: without one, the due day is the last whole day.

    `asked`: which rarer things the rules of these openings ask (`Tables.asked_by`).
    """
    staged = opened.join(tables.stages.lazy(), on=["rule_ix", "stage"], maintain_order="left")
    moved = calendar.add_column(pl.col("on"), pl.col("working_days"))
    due = staged.with_columns(due_on=moved.dt.offset_by(pl.col("offset")))
    due = _rarer_counts(due, asked, schools or school_days())
    if "leg" in asked:
        due = _by_the_other_leg(due, known, tables, calendar)
    return _with_warning_days(_with_moments(due, asked), asked, calendar)


def _rarer_counts(due: pl.LazyFrame, asked: frozenset[str], schools: SchoolCalendar) -> pl.LazyFrame:
    """School days, terms, and the next of a fixed day of the year: worked out only where a rule counts so."""
    if "school_days" in asked:
        due = due.with_columns(due_on=schools.add_column(pl.col("due_on"), pl.col("school_days")))
    if "terms" in asked:
        this, following = (schools.end_of_term_column(pl.col("on"), pl.col("terms") + more) for more in (0, 1))
        ended = (
            pl.when(this < pl.col("on")).then(following).otherwise(this)
        )  # opened in the holidays: nothing has passed
        due = due.with_columns(due_on=pl.when(pl.col("terms").is_null()).then(pl.col("due_on")).otherwise(ended))
    if "until_month" in asked:
        due = due.with_columns(due_on=_first_on_or_after(pl.col("due_on")))
    return due


def _first_on_or_after(day: pl.Expr) -> pl.Expr:
    """The first day of that month and number on or after; the day itself where no such day is asked for."""
    month, number = pl.col("until_month"), pl.col("until_day")
    passed = (day.dt.month() > month) | ((day.dt.month() == month) & (day.dt.day() > number))
    found = pl.date(day.dt.year() + passed.cast(pl.Int32), month, number)
    return pl.when(month.is_null()).then(day).otherwise(found)


def _by_the_other_leg(due: pl.LazyFrame, known: Numbered, tables: Tables, calendar: Calendar) -> pl.LazyFrame:
    """Takes the sooner, or the later, of the two ways to count, where the other fact is there to count from."""
    wanted = tables.leg_facts.of(known.said, ("rule_ix", "link"), LEGS)
    others = known.numbers.lazy().join(wanted, on="what").with_columns(tie=key_by("link"))
    first = others.group_by("rule_ix", "tie").agg(other_on=pl.col("on").min())
    legs = due.join(tables.legs.lazy(), on="rule_ix", how="left", maintain_order="left").with_columns(
        tie=key_by("link")
    )
    both = legs.join(first, on=["rule_ix", "tie"], how="left", maintain_order="left")
    moved = calendar.add_column(pl.col("other_on"), pl.col("leg_working_days")).dt.offset_by(pl.col("leg_offset"))
    later = pl.col("later").fill_null(False)
    chosen = pl.when(later).then(pl.max_horizontal("due_on", moved)).otherwise(pl.min_horizontal("due_on", moved))
    return both.with_columns(due_on=chosen).drop(*(name for name in LEGS if name != "rule_ix"), "tie", "other_on")


def _with_moments(due: pl.LazyFrame, asked: frozenset[str]) -> pl.LazyFrame:
    """Adds `due_at`: so many hours after a moment, or a London time on the due day."""
    due_at = pl.lit(None, pl.Datetime("us", "UTC"))
    if "hours" in asked:
        due_at = pl.col("at") + pl.duration(hours=pl.col("hours"))
        due = due.with_columns(due_on=pl.coalesce(_london_day(due_at), "due_on"))
    if "clock" in asked:
        due_at = pl.coalesce(due_at, _london_moment(pl.col("due_on"), pl.col("clock")))
    return due.with_columns(due_at=due_at)


def _with_warning_days(due: pl.LazyFrame, asked: frozenset[str], calendar: Calendar) -> pl.LazyFrame:
    """Adds `warn_on`, counted back from the due day or on from the opening; it is never outside those two days."""
    start = pl.when("warn_before_due").then("due_on").otherwise("on")
    warned = calendar.add_column(start, pl.col("warn_working_days")).dt.offset_by(pl.col("warn_offset"))
    if "warn_hours" in asked:
        hours = pl.when(~pl.col("warn_before_due")).then(pl.col("at") + pl.duration(hours=pl.col("warn_hours")))
        warned = pl.coalesce(_london_day(hours), warned)
    opened = pl.when(~pl.col("backwards")).then(pl.col("on"))  # what is planned ahead is warned of ahead
    return due.with_columns(warn_on=pl.min_horizontal(pl.max_horizontal(warned, opened), "due_on"))


def _london_day(moment: pl.Expr) -> pl.Expr:
    return moment.dt.convert_time_zone("Europe/London").dt.date()


def _london_moment(day: pl.Expr, clock: pl.Expr) -> pl.Expr:
    moment = day.dt.combine(clock).dt.replace_time_zone("Europe/London", ambiguous="earliest", non_existent="null")
    return moment.dt.convert_time_zone("UTC")
