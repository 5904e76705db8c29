"""How a timescale counts: a number of working days, days, weeks, months or hours, written "WD+45" or "M-3"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from kith.vocabulary.hours import add_hours
from kith.vocabulary.months import add_months
from kith.vocabulary.working_days import Calendar

UNITS = {"WD": "working day", "CD": "day", "W": "week", "M": "month", "H": "hour"}
_WRITTEN = re.compile(r"(WD|CD|W|M|H)([+-])(\d{1,4})")
_DAYS_IN_A_WEEK = 7
_HOURS_IN_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Count:
    """A number of units after a day (before it when negative)."""

    unit: str
    n: int

    def __str__(self) -> str:
        return f"{self.unit}{self.n:+d}"

    @property
    def words(self) -> str:
        """In words, without its sign: "45 working days"."""
        size = abs(self.n)
        return f"{size} {UNITS[self.unit]}{'' if size == 1 else 's'}"

    @property
    def working_days(self) -> int:
        """The working days in it; 0 in any other unit."""
        return self.n if self.unit == "WD" else 0

    @property
    def days(self) -> int:
        """The calendar days in it; hours are rounded up to whole days; 0 for working days and months."""
        sizes = {"CD": self.n, "W": self.n * _DAYS_IN_A_WEEK, "H": ceil(self.n / _HOURS_IN_A_DAY)}
        return sizes.get(self.unit, 0)

    @property
    def months(self) -> int:
        """The months in it; 0 in any other unit."""
        return self.n if self.unit == "M" else 0

    @property
    def offset(self) -> str:
        """The same, but for working days, as Polars writes an offset of dates: "3mo" clamps to the month's end."""
        return f"{self.months}mo" if self.months else f"{self.days}d"

    @property
    def hours(self) -> int | None:
        """The hours in it, or None in any other unit."""
        return self.n if self.unit == "H" else None

    def less_the_first_day(self) -> Count:
        """The same count where the opening day is itself day 1, as a day-0 count: "beginning with the day"."""
        if self.unit == "WD":
            return Count("WD", self.n - 1)
        return Count("CD", self.days - 1)


def read_count(text: str) -> Count:
    """Reads "WD+45", "CD+7", "W+6", "M-3" or "H+72". Raises ValueError for anything else."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise ValueError(f"“{text}” is not a count: write it as WD+45, CD+7, W+6, M+3 or H+72")
    unit, sign, number = found.groups()
    return Count(unit, int(sign + number))


def day_after(*, day: date, count: Count, calendar: Calendar) -> date:
    """The day that is `count` after `day`, which is day 0. Hours are rounded up to whole days."""
    moved = add_months(calendar.add(day, count.working_days), count.months)
    return moved + timedelta(days=count.days)


def moment_after(*, moment: datetime | None, count: Count) -> datetime | None:
    """The moment, in UTC, that is `count` hours after; None when not counted in hours or the time is not known."""
    return add_hours(moment, count.n) if moment is not None and count.unit == "H" else None
