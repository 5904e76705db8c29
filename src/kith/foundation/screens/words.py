"""How dates, times, ages, counts and lists are said on screens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils import timezone

from kith.vocabulary.texts import in_a_sentence

NOT_RECORDED = "Not recorded"


def nice_date(day: date | datetime | None, otherwise: str = NOT_RECORDED) -> str:
    """A day in words: 7 May 2026. A moment is said as its day in London."""
    if day is None:
        return otherwise
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    return f"{day.day} {day:%B %Y}"


def nice_time(at: datetime | time | None, otherwise: str = NOT_RECORDED) -> str:
    """A time of day: 9:30am, 5pm, midday, midnight. A moment is said in London time."""
    if at is None:
        return otherwise
    if isinstance(at, datetime):
        at = (timezone.localtime(at) if timezone.is_aware(at) else at).time()
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def nice_moment(at: datetime | None, otherwise: str = NOT_RECORDED) -> str:
    """A day and a time: 7 May 2026 at 9:30am."""
    return otherwise if at is None else f"{nice_date(at)} at {nice_time(at)}"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 child, 2 children, 1,204 visits. `many` is `one` with an s unless given."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def in_words(items: Iterable[object], last: str = "and") -> str:
    """A list as it is said: Ayla, Ben and Caleb."""
    said = [str(item) for item in items]
    if len(said) < 2:
        return "".join(said)
    return f"{', '.join(said[:-1])} {last} {said[-1]}"


def days_words(due: date | None, on: date) -> str:
    """How far off a day is: 3 days late, due today, due tomorrow, due in 8 days."""
    if due is None:
        return "No date set"
    days = (due - on).days
    if days < 0:
        return f"{plural(-days, 'day')} late"
    return {0: "due today", 1: "due tomorrow"}.get(days, f"due in {plural(days, 'day')}")


def age_words(born_on: date | None, on: date, expected_on: date | None = None, died_on: date | None = None) -> str:
    """How old somebody is: 9 days, 10 weeks, 14 months, 7 years; unborn children and those who died are said so."""
    if born_on is None:
        return f"Unborn, expected {nice_date(expected_on)}" if expected_on else "Age not known"
    if died_on is not None:
        return f"Died {nice_date(died_on)}, aged {_length(born_on, died_on)}"
    if born_on > on:
        return f"Unborn, expected {nice_date(born_on)}"
    return f"{_length(born_on, on)} old"


def _length(start: date, end: date) -> str:
    days = (end - start).days
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    if days < 14:
        return plural(days, "day")
    if months < 3:
        return plural(days // 7, "week")
    return plural(months, "month") if months < 24 else plural(months // 12, "year")


_WORDS = (nice_date, nice_time, nice_moment, plural, in_words, days_words, age_words, in_a_sentence)
FILTERS = {each.__name__: each for each in _WORDS}
