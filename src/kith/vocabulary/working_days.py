"""Working days in England: Monday to Friday, leaving out the bank holidays held as dated data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from importlib.resources import files

import polars as pl

from kith.vocabulary.ladders import Ladder, every_day

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """The holidays (day to name) of the years `known_from` to `known_until`.

    Outside those years only weekends are left out: `knows` says whether a count stayed inside them.
    """

    holidays: Mapping[date, str]
    known_from: date
    known_until: date
    source: str

    def is_working(self, day: date) -> bool:
        """Whether the day is a working day."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def knows(self, day: date) -> bool:
        """Whether the bank holidays of that day's year are published and held."""
        return self.known_from <= day <= self.known_until

    def add(self, day: date, working_days: int) -> date:
        """The working day that many after `day`, which is itself day 0; before it when negative; `day` itself for 0."""
        step = _DAY if working_days > 0 else -_DAY
        left = abs(working_days)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` comes first."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + _DAY * n) for n in range(1, (end - start).days + 1))

    def add_column(self, day: pl.Expr, working_days: pl.Expr) -> pl.Expr:
        """`add`, on columns of dates and whole numbers; empty where either is empty.

        For a day outside 1900 to 2199, which can only be a mistake, every day counts as a working day.
        """
        return self._ladder.add(day, working_days)

    @cached_property
    def _ladder(self) -> Ladder:
        every = every_day()
        return Ladder.of((every.dt.weekday() > _SATURDAY) | every.is_in(list(self.holidays)))


@cache
def england() -> Calendar:
    """The calendar of England, from the data that comes with Kith. Read once."""
    text = files("kith.vocabulary").joinpath("data/england_bank_holidays.toml").read_text(encoding="utf-8")
    return read_calendar(tomllib.loads(text))


def read_calendar(data: Mapping[str, object]) -> Calendar:
    """A calendar from a parsed holidays file: `from`, `until`, `source`, and a table of days for each year."""
    holidays: dict[date, str] = {}
    for name, year in data.items():
        if name.isdigit() and isinstance(year, Mapping):
            holidays |= {date.fromisoformat(day): str(holiday) for day, holiday in year.items()}
    known_from, known_until = data["from"], data["until"]
    if not isinstance(known_from, date) or not isinstance(known_until, date):
        raise ValueError("a holidays file must say the days it is known from and until")
    return Calendar(dict(sorted(holidays.items())), known_from, known_until, str(data["source"]))
