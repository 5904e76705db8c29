"""Months counted as the law counts them: the same day number in the later month, or that month's last day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The corresponding date `months` later (earlier when negative), clamped to the end of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def year_of_returns(ends: int) -> str:
    """A year of returns by the one it ends in, on 31 March: 2026 is "2025/26"."""
    return f"{ends - 1}/{ends % 100:02d}"


def age_on(*, born: date, on: date) -> int:
    """Whole years of age on the day; someone born on 29 February is a year older on 1 March in a common year."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
