"""Which facts start which clocks: in order within each clock, numbered, in force, and of a child of the right age."""

from __future__ import annotations

import polars as pl

from kith.statutory.timescales.numbering import DAYS_IN_ALL, TIES_IN_ALL, Numbered
from kith.statutory.timescales.tables import OPENERS, Tables

_FLAGS = 4  # a completed event comes after what truly opens, on the same day
_KEPT = (
    *(
        "rule_ix",
        "rule",
        "rule_version",
        "fact_ix",
        "row",
        "on",
        "at",
        "day",
        "by_ref",
        "by_span",
        "by_child",
        "strict",
    ),
    *("beforehand", "backwards", "lapses", "conditions", "early"),
    *("warn_before_due", "warn_working_days", "warn_offset", "warn_hours"),
)


def openings(known: Numbered, tables: Tables) -> pl.DataFrame:
    """Each fact with each rule it opens, with `stage` (which interval) and `cycle` (which turn of one that recurs)."""
    wanted = tables.openers.of(known.said, tuple(OPENERS), OPENERS)
    found = known.numbers.lazy().join(wanted, on="what").with_columns(code=_code())
    ordered = found.filter(pl.col("code").is_not_null()).sort("code", "fact_ix")
    started = _started(ordered.filter(_fresh()).with_columns(clock=pl.col("code") // (DAYS_IN_ALL * _FLAGS)))
    return _in_force(started, known, tables).collect()


def key_by(link: str) -> pl.Expr:
    """What ties a fact to others under the link that the column names; empty when the fact lacks it."""
    chosen = pl.col(link)
    by_span = pl.when(chosen == "span").then(pl.col("by_span"))
    return pl.when(chosen == "ref").then(pl.col("by_ref")).otherwise(by_span.otherwise(pl.col("by_child")))


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


def _started(ordered: pl.LazyFrame) -> pl.LazyFrame:
    """Numbers the openings of each clock from 1, leaving out completed events before the first that truly opened it."""
    started = ordered.filter(_running_total(pl.col("base")) > 0)
    return started.with_columns(number=_running_total(pl.lit(True)))


def _running_total(flag: pl.Expr) -> pl.Expr:
    """A running count of the flag within each clock; the rows of a clock must follow one another."""
    new = (pl.col("clock") != pl.col("clock").shift(1)).fill_null(True)
    total = (flag & pl.col("clock").is_not_null()).cast(pl.Int64).cum_sum()
    before = pl.when(new).then(total - flag.cast(pl.Int64)).forward_fill()
    return total - before


def _in_force(openings: pl.LazyFrame, known: Numbered, tables: Tables) -> pl.LazyFrame:
    """Keeps the openings that the version of the rule in force on that day measures, at the age it asks for."""
    joined = openings.join(tables.rules.lazy(), on="rule_ix", maintain_order="left")
    number = pl.col("number")
    kept = joined.filter(
        (pl.col("on") >= pl.col("since"))
        & (pl.col("until").is_null() | (pl.col("on") <= pl.col("until")))
        & (pl.col("chained") | (number >= pl.col("nth_from")))
        & (pl.col("chained") | pl.col("nth_until").is_null() | (number <= pl.col("nth_until")))
    )
    if tables.asks_age:
        kept = _of_the_right_age(kept, known.births)
    return kept.select(
        *_KEPT,
        stage=pl.when("chained").then(pl.min_horizontal(number, "stages")).otherwise(1),
        cycle=pl.when("recurs").then(number).otherwise(1),
    )


def _of_the_right_age(openings: pl.LazyFrame, births: pl.DataFrame | None) -> pl.LazyFrame:
    """Leaves out openings for a child of another age. An unknown birth date counts as young."""
    if births is None:
        born = openings.with_columns(dob=pl.lit(None, pl.Date))
    else:
        born = openings.join(births.lazy(), on="by_child", how="left", maintain_order="left")
    age = _age(pl.col("dob"), pl.col("on")).fill_null(0)
    low, high = pl.col("child_age_from"), pl.col("child_age_under")
    return born.filter((low.is_null() | (age >= low)) & (high.is_null() | (age < high)))


def _age(born: pl.Expr, on: pl.Expr) -> pl.Expr:
    before_birthday = (on.dt.month() < born.dt.month()) | (
        (on.dt.month() == born.dt.month()) & (on.dt.day() < born.dt.day())
    )
    return on.dt.year() - born.dt.year() - before_birthday.cast(pl.Int32)
