"""What is due to a worker, as a calendar. No name leaves the building: a duty, a number and the way back to Kith."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from kith.record.deadlines.duties import title_of

BACK, AHEAD = timedelta(days=30), timedelta(days=60)  # how far the calendar reaches


def as_calendar(rows: Iterable[Any], *, home: str, on: date, at: datetime) -> bytes:
    """These deadlines as an iCalendar file (RFC 5545). `home` is where Kith is served, without a closing stroke.

    A calendar lies on telephones and on other people's servers. So an event says the duty and the number of the
    record, never who the child is or what was written; the link asks its reader to sign in.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Kith//What is due//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Kith: what is due")
    for row in rows:
        calendar.add_component(_event(row, home=home, on=on, at=at))
    return bytes(calendar.to_ical())


def _event(row: Any, *, home: str, on: date, at: datetime) -> Event:
    event, link = Event(), f"{home}/deadlines/{row.pk}/why/"
    late = "Late: " if row.due_on < on else ""
    event.add("uid", f"deadline-{row.pk}@kith")
    event.add("dtstamp", at)
    event.add("summary", f"{late}{title_of(row.rule)}, child {row.person_id}")
    event.add("description", f"Sign in to Kith to see for whom, and why it is due: {link}")
    event.add("url", link)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")  # it takes no time out of the day
    if row.due_at:
        event.add("dtstart", row.due_at)
    else:
        event.add("dtstart", row.due_on)
        event.add("dtend", row.due_on + timedelta(days=1))
    return event
