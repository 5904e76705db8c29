"""Counting one kind of day on columns: each day of three centuries stands on a rung, and a count climbs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

# The columns can count in these years; far wider than any life, so that only a mistyped year falls outside.
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
DAYS = (LAST - FIRST).days + 1
DAY_NUMBER = (FIRST - date(1970, 1, 1)).days


def every_day() -> pl.Series:
    """Every day the columns can count in."""
    return pl.date_range(FIRST, LAST, eager=True)


def place_of(day: pl.Expr) -> pl.Expr:
    """Where a day stands in `every_day`; a day outside stands at the nearer end."""
    return (day.cast(pl.Int32) - DAY_NUMBER).clip(0, DAYS - 1)


@dataclass(frozen=True)
class Ladder:
    """For each day the rung it stands on and whether it is a day of rest; for each rung its day.

    A day that counts stands on its own rung; a day of rest on the rung of the day before it that counts.
    """

    floors: pl.Series
    rests: pl.Series
    days: pl.Series

    @classmethod
    def of(cls, rests: pl.Series) -> Ladder:
        """The ladder for `rests`: for every day, whether it is left out of the count."""
        return cls((~rests).cast(pl.Int32).cum_sum() - 1, rests, every_day().filter(~rests))

    def add(self, day: pl.Expr, count: pl.Expr) -> pl.Expr:
        """The day that many counting days after each day; before it when negative; the day itself for 0.

        For a day outside 1900 to 2199, which can only be a mistake, every day counts.
        """
        place = place_of(day)
        # Going back from a day of rest, the counting day before it is already one step away.
        one_less = ((count < 0) & pl.lit(self.rests).gather(place)).cast(pl.Int32)
        rung = pl.lit(self.floors).gather(place) + count + one_less
        moved = pl.lit(self.days).gather(rung.clip(0, self.days.len() - 1))
        unmoved = (count == 0) | ~day.is_between(FIRST, LAST)
        return pl.when(unmoved).then(day + pl.duration(days=count)).otherwise(moved)
