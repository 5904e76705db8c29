"""Which facts start which clocks: in order within each clock, numbered, in force, and of a child of the right age."""

from __future__ import annotations

from functools import cache

import polars as pl

from kith.statutory.timescales.numbering import DAYS_IN_ALL, TIES, TIES_IN_ALL, Numbered, collected
from kith.statutory.timescales.tables import OPENERS, Tables

_FLAGS = 4  # a completed event comes after what truly opens, on the same day
_NARROW = ("what", "fact_ix", "day", *TIES.values())
_OF_THE_FACT = ("row", "at", "day", *TIES.values())
_JUDGED_BY = (
    *("since", "until", "chained", "opens_again", "nth_from", "nth_until", "stages"),
    *("child_age_from", "child_age_under"),
)
_OF_THE_RULE = (
    *("rule", "rule_version", "beforehand", "backwards", "lapses", "conditions", "early"),
    *("warn_before_due", "warn_working_days", "warn_offset", "warn_hours"),
)


def openings(known: Numbered, tables: Tables) -> pl.DataFrame:
    """Each fact with each rule it opens, with `stage` (which interval) and `cycle` (which turn of one that recurs)."""
    wanted = tables.openers.of(known.said, tuple(OPENERS), OPENERS)
    found = known.numbers.lazy().select(_NARROW).join(wanted, on="what", maintain_order="left")
    placed = found.select("rule_ix", "base", "strict", "fact_ix", code=_code()).filter(_PLACED)
    fresh = placed.sort("code", maintain_order=True).filter(_FRESH).with_columns(clock=_CLOCK)
    started = fresh.filter(_FROM_THE_FIRST).with_columns(number=_NUMBER)
    return collected(_in_force(started, known, tables), of=known.facts)


@cache
def key_by(link: str) -> pl.Expr:
    """What ties a fact to others under the link that the column names; empty when the fact lacks it."""
    chosen = pl.col(link)
    by_span = pl.when(chosen == "span").then(pl.col("by_span"))
    return pl.when(chosen == "ref").then(pl.col("by_ref")).otherwise(by_span.otherwise(pl.col("by_child")))


@cache
def _code() -> pl.Expr:
    """Rule, tie, day, and whether it closes and restarts, as one number."""
    clock = pl.col("rule_ix") * TIES_IN_ALL + key_by("link")
    flags = (~pl.col("base")).cast(pl.UInt64) * 2 + pl.col("strict").cast(pl.UInt64)
    return (clock * DAYS_IN_ALL + pl.col("day")) * _FLAGS + flags


def _fresh() -> pl.Expr:
    """One opening a day where doing it restarts it; and no fact twice."""
    same_day = pl.col("code") == pl.col("code").shift(1)
    same_fact = pl.col("fact_ix") == pl.col("fact_ix").shift(1)
    return ~(same_day & (pl.col("strict") | same_fact)).fill_null(False)


def _running_total(flag: pl.Expr) -> pl.Expr:
    """A running count of the flag within each clock; the rows of a clock must follow one another."""
    new = (pl.col("clock") != pl.col("clock").shift(1)).fill_null(True)
    total = (flag & pl.col("clock").is_not_null()).cast(pl.Int64).cum_sum()
    before = pl.when(new).then(total - flag.cast(pl.Int64)).forward_fill()
    return total - before


def _measured() -> pl.Expr:
    """Whether this version of the rule measures an opening on that day, and one of that number."""
    number = pl.col("number")
    return (
        (pl.col("on") >= pl.col("since"))
        & (pl.col("until").is_null() | (pl.col("on") <= pl.col("until")))
        & (pl.col("chained") | (number >= pl.col("nth_from")))
        & (pl.col("chained") | pl.col("nth_until").is_null() | (number <= pl.col("nth_until")))
    )


# Made once: an expression costs more to write down than to work out for one child.
_PLACED = pl.col("code").is_not_null()
_FRESH = _fresh()
_CLOCK = pl.col("code") // (DAYS_IN_ALL * _FLAGS)
_FROM_THE_FIRST = _running_total(pl.col("base")) > 0  # leaves out what was completed before the clock truly opened
_NUMBER = _running_total(pl.lit(True))
_MEASURED = _measured()
_STAGE = pl.when("chained").then(pl.min_horizontal("number", "stages")).otherwise(1).alias("stage")
_CYCLE = pl.when("opens_again").then(pl.col("number")).otherwise(1).alias("cycle")


def _in_force(openings: pl.LazyFrame, known: Numbered, tables: Tables) -> pl.LazyFrame:
    """Keeps the openings that the version of the rule in force on that day measures, at the age it asks for."""
    judged = openings.with_columns(known.number("on", "fact_ix").alias("on"), *tables.of_rule(*_JUDGED_BY))
    kept = judged.filter(_MEASURED)
    if tables.asks_age:
        kept = _of_the_right_age(kept.with_columns(known.number("by_child", "fact_ix").alias("by_child")), known.births)
    told = [known.number(name, "fact_ix").alias(name) for name in _OF_THE_FACT]
    return kept.select("rule_ix", "fact_ix", "on", "strict", *told, *tables.of_rule(*_OF_THE_RULE), _STAGE, _CYCLE)


def _of_the_right_age(openings: pl.LazyFrame, births: pl.DataFrame | None) -> pl.LazyFrame:
    """Leaves out openings for a child of another age. An unknown birth date counts as young."""
    if births is None:
        born = openings.with_columns(dob=pl.lit(None, pl.Date))
    else:
        born = openings.join(births.lazy(), on="by_child", how="left", maintain_order="left")
    return born.filter(_RIGHT_AGE)


def _age(born: pl.Expr, on: pl.Expr) -> pl.Expr:
    before_birthday = (on.dt.month() < born.dt.month()) | (
        (on.dt.month() == born.dt.month()) & (on.dt.day() < born.dt.day())
    )
    return on.dt.year() - born.dt.year() - before_birthday.cast(pl.Int32)


def _right_age() -> pl.Expr:
    age = _age(pl.col("dob"), pl.col("on")).fill_null(0)
    low, high = pl.col("child_age_from"), pl.col("child_age_under")
    return (low.is_null() | (age >= low)) & (high.is_null() | (age < high))


_RIGHT_AGE = _right_age()
