"""Hours: elapsed time is counted in UTC, where an hour is always an hour, and shown in London time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def add_hours(moment: datetime, hours: int) -> datetime:
    """The moment `hours` of elapsed time later, in UTC. The moment must know its time zone."""
    return _known(moment).astimezone(UTC) + timedelta(hours=hours)


def in_london(moment: datetime) -> datetime:
    """The same moment on a London clock."""
    return _known(moment).astimezone(LONDON)


def london_day(moment: datetime) -> date:
    """The calendar day in London at that moment: 23:30 UTC in June is already tomorrow."""
    return in_london(moment).date()


def from_london(day: date, clock: str) -> datetime:
    """The moment, in UTC, when a London clock shows `clock` ("HH:MM") on `day`.

    The hour that happens twice in October is read as its first time; the hour that never happens in March as the
    moment the clocks go forward plus the minutes given. Raises ValueError for a time that cannot be read.
    """
    return datetime.combine(day, time.fromisoformat(clock), LONDON).astimezone(UTC)


def _known(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment must say its time zone")
    return moment
