"""The engine: facts in, deadlines out, on columns, for one child or a nation with the same few joins."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.closing import closings
from kith.statutory.timescales.conditions import of_the_right_age, under_the_right_conditions
from kith.statutory.timescales.counting import with_due_days
from kith.statutory.timescales.matching import TIES, key_by, matching, numbered
from kith.statutory.timescales.shapes import DEADLINES_SCHEMA
from kith.statutory.timescales.states import with_states
from kith.statutory.timescales.tables import Tables
from kith.vocabulary.working_days import Calendar

ORDER = ("child", "rule", "opened_on", "cycle", "opened_by", "rule_version")
_CLOCK = ("rule_ix", "key")  # one clock: a rule, and what ties one child's facts together
_TOLD = ("child", "at", "outcome", "ref", "span", "fact", *TIES)  # what a row needs to know of its opening fact


def deadlines(
    *, facts: pl.DataFrame, rules: RuleBook, calendar: Calendar, on: date, people: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Every clock that the facts started, with its due day and its state at the end of `on`.

    `facts` is as `FACTS_SCHEMA`, for any number of children, in any order; a fact without a date is passed over.
    `people` (`child`, `dob`) is needed by rules that depend on age: a child whose birth date is not known is taken
    to be young, so that the shorter interval holds. Returns `DEADLINES_SCHEMA`, ordered by child, rule and opening.
    A completed event that starts the next interval does not do so once the need has ended.
    """
    tables = rules.tables
    dated = numbered(facts)
    openings = _openings(dated.lazy(), tables).collect()
    opened = _in_force(_numbered(openings.lazy()), tables).collect()
    told = pl.concat([opened, dated.select(_TOLD)[opened["fact_ix"]]], how="horizontal")
    fit = under_the_right_conditions(of_the_right_age(told, people), dated, tables)
    timed = with_due_days(fit.lazy(), tables, calendar).with_row_index("row").collect()
    closed = closings(timed, dated, tables)
    rows = with_states(closed, on).select(pl.col(name).cast(kind) for name, kind in DEADLINES_SCHEMA.items())
    return rows.sort(ORDER).collect()


def state_on(frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """The same deadlines as they stand at the end of another day: `state` and `days_late` made again, all else kept.

    `frame` needs the columns of `DEADLINES_SCHEMA`; others pass through untouched, and the order is kept.
    """
    return with_states(frame.lazy().with_columns(voided=pl.col("state") == "voided"), on).drop("voided").collect()


def _openings(dated: pl.LazyFrame, tables: Tables) -> pl.LazyFrame:
    """Each fact with each rule it may open, in order within its clock; one opening a day where doing it restarts it."""
    found = matching(dated, tables.openers).with_columns(key=key_by("link"), closing=~pl.col("base"))
    kept = ("base", "closing", "strict", "on", "fact_ix", "by_ref", "fact")
    ordered = found.filter(pl.col("key").is_not_null()).select(*_CLOCK, *kept)
    ordered = ordered.sort(*_CLOCK, "on", "closing", "strict", "fact_ix")
    same_day = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in (*_CLOCK, "on", "closing", "strict"))
    same_fact = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in ("by_ref", "fact"))
    fresh = ~(same_day & (pl.col("strict") | same_fact)).fill_null(False)
    return ordered.filter(fresh).drop("by_ref", "fact", "closing")


def _numbered(openings: pl.LazyFrame) -> pl.LazyFrame:
    """Numbers the openings of each clock from 1, leaving out completed events before the first that truly opened it."""
    started = openings.filter(_running_total(pl.col("base")) > 0)
    return started.with_columns(number=_running_total(pl.lit(True)))


def _running_total(flag: pl.Expr) -> pl.Expr:
    """A running count of the flag within each clock; the rows must be in the order of `_CLOCK`."""
    new = pl.any_horizontal(pl.col(name) != pl.col(name).shift(1) for name in _CLOCK).fill_null(True)
    total = (flag & pl.col("rule_ix").is_not_null()).cast(pl.Int64).cum_sum()
    before = pl.when(new).then(total - flag.cast(pl.Int64)).forward_fill()
    return total - before


_KEPT = (
    *("rule_ix", "rule", "rule_version", "on", "fact_ix", "strict", "recurs", "before_or_within", "conditions"),
    *("child_age_from", "child_age_under", "warn_before_due", "warn_working_days", "warn_offset", "warn_hours"),
)


def _in_force(openings: pl.LazyFrame, tables: Tables) -> pl.LazyFrame:
    """Keeps the openings that the version of the rule in force on that day measures."""
    joined = openings.join(tables.rules.lazy(), on="rule_ix", maintain_order="left")
    number = pl.col("number")
    return joined.filter(
        (pl.col("on") >= pl.col("since"))
        & (pl.col("until").is_null() | (pl.col("on") <= pl.col("until")))
        & (pl.col("chained") | (number >= pl.col("nth_from")))
        & (pl.col("chained") | pl.col("nth_until").is_null() | (number <= pl.col("nth_until")))
    ).select(
        *_KEPT,
        stage=pl.when("chained").then(pl.min_horizontal(number, "stages")).otherwise(1),
        cycle=pl.when("recurs").then(number).otherwise(1),
    )
