"""How a timescale counts: "WD+45", "M-3", "WD+1@09:00", "M+12>31 Mar"; or by a fixed day: "=date", "=31 Jul"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import ceil

from kith.vocabulary.hours import add_hours, from_london
from kith.vocabulary.months import add_months
from kith.vocabulary.school_terms import SchoolCalendar, school_days
from kith.vocabulary.working_days import Calendar

UNITS = {
    "WD": "working day",
    "CD": "day",
    "W": "week",
    "M": "month",
    "H": "hour",
    "SD": "school day",
    "TERM": "school term",
}
# Counts that are a day already: a planned date, the day of an event that must not come first, the same day.
FIXED = {"=date": "the day set for it", "=before": "before it happens", "=each": "the same day"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WRITTEN = re.compile(
    r"(?P<unit>WD|CD|W|M|H|SD|TERM)(?P<n>[+-]\d{1,4})(?:@(?P<clock>\d\d:\d\d))?(?:>(?P<until>\d{1,2} [A-Z][a-z]{2}))?"
)
_YEARLY = re.compile(r"=(?P<until>\d{1,2} [A-Z][a-z]{2})")
_DAYS_IN_A_WEEK = 7
_HOURS_IN_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Count:
    """A number of units after a day (before it when negative).

    `clock` is the London time on that day by which it is due; `until` a month and day: the first such day on or after
    the day counted to; `written` is how a fixed day was written ("=date"), and empty for the rest.
    """

    unit: str
    n: int
    clock: time | None = None
    until: tuple[int, int] | None = None
    written: str = ""

    def __str__(self) -> str:
        if self.written:
            return self.written
        clock = f"@{self.clock:%H:%M}" if self.clock else ""
        return f"{self.unit}{self.n:+d}{clock}{f'>{self._until_words[1]}' if self.until else ''}"

    @property
    def words(self) -> str:
        """In words, without its sign: "45 working days", "the first 31 March after 12 months"."""
        if self.written in FIXED:
            return FIXED[self.written]
        size = abs(self.n)
        plain = f"{size} {UNITS[self.unit]}{'' if size == 1 else 's'}"
        if self.unit == "TERM":
            plain = "the end of the term" if size == 0 else "the end of the next term" if size == 1 else plain
        if self.until:
            return f"the next {self._until_words[0]}" + (f" after {plain}" if size else "")
        return f"{plain} at {self.clock:%H:%M}" if self.clock else plain

    @property
    def _until_words(self) -> tuple[str, str]:
        month, day = self.until or (1, 1)
        return f"{day} {date(2000, month, 1):%B}", f"{day} {MONTHS[month - 1]}"

    @property
    def backwards(self) -> bool:
        """Whether it is due before what it is counted from, or no later than that: a gate or a day set beforehand."""
        return self.n < 0 or self.written in ("=date", "=before")

    @property
    def working_days(self) -> int:
        """The working days in it; 0 in any other unit."""
        return self.n if self.unit == "WD" else 0

    @property
    def school_days(self) -> int:
        """The school days in it; 0 in any other unit."""
        return self.n if self.unit == "SD" else 0

    @property
    def terms(self) -> int | None:
        """How many terms on, or None in any other unit."""
        return self.n if self.unit == "TERM" else None

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
        """The hours in it; 0 for a day that is set, which may be set to a time; or None in any other unit."""
        return self.n if self.unit == "H" else 0 if self.written == "=date" else None

    def less_the_first_day(self) -> Count:
        """The same count where the opening day is itself day 1, as a day-0 count: "beginning with the day"."""
        if self.unit == "WD":
            return replace(self, n=self.n - 1)
        return Count("CD", self.days - 1)


def read_count(text: str) -> Count:
    """Reads "WD+45", "CD+7", "W+6", "M-3", "H+72", "SD+20", "TERM+1", or one of the fixed days.

    After a count, "@09:00" gives the London time of the day it is due, and ">31 Mar" moves it on to the first such
    day. "=31 Jul" is the first 31 July on or after the opening. Raises ValueError for anything else.
    """
    if text in FIXED:
        return Count("CD", 0, written=text)
    if yearly := _YEARLY.fullmatch(text):
        return Count("CD", 0, until=_month_and_day(yearly["until"], text), written=text)
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise ValueError(f"“{text}” is not a count: write it as WD+45, CD+7, W+6, M+3, H+72, SD+20 or TERM+1")
    until = _month_and_day(found["until"], text) if found["until"] else None
    clock = time.fromisoformat(found["clock"]) if found["clock"] else None
    return Count(found["unit"], int(found["n"]), clock, until)


def _month_and_day(words: str, text: str) -> tuple[int, int]:
    day, month = words.split()
    try:
        number = MONTHS.index(month) + 1
        date(2001, number, int(day))  # 29 February is not in every year
    except ValueError as error:
        raise ValueError(f"“{text}” names a day that is not in every year") from error
    return number, int(day)


def day_after(*, day: date, count: Count, calendar: Calendar, schools: SchoolCalendar | None = None) -> date:
    """The day that is `count` after `day`, which is day 0. Hours are rounded up to whole days."""
    if count.terms is not None:
        ends = [(schools or school_days()).end_of_term(day, count.terms + more) for more in (0, 1)]
        moved = next((end for end in ends if end >= day), ends[-1])  # in the holidays, the end of the next term
    else:
        moved = add_months(calendar.add(day, count.working_days), count.months) + timedelta(days=count.days)
        moved = (schools or school_days()).add(moved, count.school_days) if count.school_days else moved
    return _first_on_or_after(moved, count.until) if count.until else moved


def _first_on_or_after(day: date, until: tuple[int, int]) -> date:
    found = date(day.year, *until)
    return found if found >= day else date(day.year + 1, *until)


def moment_after(*, moment: datetime | None, count: Count, due_on: date) -> datetime | None:
    """The moment, in UTC, that it is due; None when it is not counted in hours, nor to a time, or none is known."""
    if count.clock:
        return from_london(due_on, f"{count.clock:%H:%M}")
    return add_hours(moment, count.hours) if moment is not None and count.hours is not None else None
