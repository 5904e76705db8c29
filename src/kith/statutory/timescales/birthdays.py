"""The facts that time itself makes: a child reaching an age, worked out from the date of birth."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl

from kith.statutory.timescales.fact_words import BIRTHDAY
from kith.statutory.timescales.following import as_facts
from kith.statutory.timescales.numbering import collected
from kith.statutory.timescales.shapes import FACTS_SCHEMA

_MONTHS = 12


def with_birthdays(facts: pl.DataFrame, people: pl.DataFrame | None, ages: Sequence[str]) -> pl.DataFrame:
    """The facts, and for each child with facts and a known birth date the day of reaching each age (in years, "17.5").

    Somebody born on 29 February reaches an age on 1 March in a common year.
    """
    if not ages or people is None or facts.is_empty():
        return facts
    told = people.lazy().select("child", pl.col("dob").cast(pl.Date)).drop_nulls()
    born = told.unique("child", keep="first")
    there = born.join(facts.lazy().select("child").unique(), on="child", how="semi")
    rows = there.join(_asked(tuple(ages)), how="cross").select(_BIRTHDAYS)
    return pl.concat([facts.select(list(FACTS_SCHEMA)), collected(rows, of=facts)])


@cache
def _asked(ages: tuple[str, ...]) -> pl.LazyFrame:
    return pl.LazyFrame({"code": ages, "after": [f"{round(float(age) * _MONTHS)}mo" for age in ages]})


def _reached() -> pl.Expr:
    born = pl.col("dob")
    day = born.dt.offset_by(pl.col("after"))
    moved = (born.dt.month() == 2) & (born.dt.day() == 29) & (day.dt.day() == 28)
    return day + pl.duration(days=moved.cast(pl.Int64))


_OF_THE_DAY = pl.lit("birthday ") + pl.col("code")
_BIRTHDAYS = as_facts(fact=pl.lit(BIRTHDAY), on=_reached(), code=pl.col("code"), ref=_OF_THE_DAY)
