"""The facts that time itself makes: a child reaching an age, worked out from the date of birth."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kith.statutory.timescales.fact_words import BIRTHDAY
from kith.statutory.timescales.numbering import plan_for
from kith.statutory.timescales.shapes import FACTS_SCHEMA

_MONTHS = 12


def with_birthdays(facts: pl.DataFrame, people: pl.DataFrame | None, ages: Sequence[str]) -> pl.DataFrame:
    """The facts, and for each child with facts and a known birth date the day of reaching each age (in years, "17.5").

    Somebody born on 29 February reaches an age on 1 March in a common year.
    """
    if not ages or people is None or facts.is_empty():
        return facts
    born = people.select("child", pl.col("dob").cast(pl.Date)).drop_nulls().unique("child", keep="first")
    there = born.join(facts.select("child").unique(), on="child", how="semi")
    asked = pl.LazyFrame({"code": list(ages), "after": [f"{round(float(age) * _MONTHS)}mo" for age in ages]})
    rows = (
        there.lazy()
        .join(asked, how="cross")
        .with_columns(on=_REACHED, fact=pl.lit(BIRTHDAY), ref=pl.lit("birthday ") + pl.col("code"), counts=pl.lit(True))
    )
    blank = [pl.lit(None, kind).alias(name) for name, kind in FACTS_SCHEMA.items() if name in _BLANK]
    shaped = rows.with_columns(*blank).select(pl.col(name).cast(kind) for name, kind in FACTS_SCHEMA.items())
    return pl.concat([facts.select(list(FACTS_SCHEMA)), shaped.collect(optimizations=plan_for(facts))])


_BLANK = ("at", "outcome", "span", "parent")


def _reached() -> pl.Expr:
    born = pl.col("dob")
    day = born.dt.offset_by(pl.col("after"))
    moved = (born.dt.month() == 2) & (born.dt.day() == 29) & (day.dt.day() == 28)
    return day + pl.duration(days=moved.cast(pl.Int64))


_REACHED = _reached()
