"""The filters of the list of deadlines: what every count of deadlines, on any page, counts by and opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q

from kith.foundation.screens import asked

from .duties import subjects, titles

AHEAD = 10  # how many days ahead Today looks
STATES = {
    "open": "Not done yet",
    "overdue": "Overdue",
    "today": "Due today",
    "soon": f"Due in the next {AHEAD} days",
    "later": "Due after that",
    "met": "Done in time",
    "met_late": "Done late",
    "not_required": "Not required",
    "ended": "No longer needed",
    "all": "All",
}
NOBODY = "none"  # asks for what falls to no team, or to no worker


@dataclass(frozen=True)
class DueFilter:
    """Which deadlines. `team` and `worker` are ids as text, or "none" for what falls to nobody; empty is any."""

    state: str = "open"
    team: str = ""
    worker: str = ""
    rule: str = ""
    subject: str = ""
    child: int | None = None
    involved: int | None = None  # the children in whose lives this worker has a part, whoever the duty falls to
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> DueFilter:
        """From an address or a form."""
        return cls(
            state=asked.one_of(query, "state", STATES, "open"),
            team=_who(query, "team"),
            worker=_who(query, "worker"),
            rule=asked.one_of(query, "rule", titles()),
            subject=query.get("subject", "") if query.get("subject", "") in subjects() else "",
            child=asked.number(query, "child"),
            involved=asked.number(query, "involved"),
            since=asked.day(query, "from"),
            until=asked.day(query, "until"),
        )

    def address(self) -> dict[str, object]:
        """The filters as they stand in an address; what is not asked for is left out."""
        named = {
            "state": self.state,
            "team": self.team,
            "worker": self.worker,
            "rule": self.rule,
            "subject": self.subject,
            "child": self.child,
            "involved": self.involved,
            "from": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
        }
        return {name: value for name, value in named.items() if value}

    def where(self, on: date) -> Q:
        """The filters as a condition, on a day; but for whose child, which is not said by a column alone."""
        return in_state(self.state, on) & self._whose() & self._which() & self._when()

    def _whose(self) -> Q:
        found = Q()
        for name in ("team", "worker"):
            value = getattr(self, name)
            if value == NOBODY:
                found &= Q(**{f"{name}__isnull": True})
            elif value:
                found &= Q(**{f"{name}_id": int(value)})
        return found

    def _which(self) -> Q:
        found = Q(rule=self.rule) if self.rule else Q()
        return found & Q(rule__in=subjects()[self.subject]) if self.subject else found

    def _when(self) -> Q:
        found = Q(due_on__gte=self.since) if self.since else Q()
        return found & Q(due_on__lte=self.until) if self.until else found


def in_week(asked: DueFilter, *, on: date) -> DueFilter:
    """The same filters, of what is open and due from today until six days on: late within a week unless it is done."""
    since, until = max(asked.since or on, on), min(asked.until or date.max, on + timedelta(days=6))
    return replace(asked, state="open", since=since, until=until)


def in_state(state: str, on: date) -> Q:
    """The deadlines in one of STATES on a day."""
    soon = on + timedelta(days=AHEAD)
    conditions = {
        "open": Q(open=True),
        "overdue": Q(open=True, due_on__lt=on),
        "today": Q(open=True, due_on=on),
        "soon": Q(open=True, due_on__gt=on, due_on__lte=soon),
        "later": Q(open=True, due_on__gt=soon),
        "met": Q(met_on__isnull=False, late=False),
        "met_late": Q(met_on__isnull=False, late=True),
        "not_required": Q(met_on=None, excused_on__isnull=False),
        "ended": Q(met_on=None, excused_on=None, ended_on__isnull=False),
        "all": Q(),
    }
    return conditions[state]


def _who(query: Mapping[str, str], name: str) -> str:
    found = asked.number(query, name)
    return NOBODY if query.get(name) == NOBODY else str(found or "")
