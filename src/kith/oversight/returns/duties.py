"""What falls due for the authority itself: each year's returns, and each month the lists of Annex A.

It is in nobody's record, and nothing of it is typed: a return is done when a version is signed off here, the lists when
they were checked here. There are a few dozen turns, so they are worked out as they are read, by the one engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.utils import timezone

from kith.foundation.access.viewer import Viewer
from kith.record.deadlines.local import local_book
from kith.statutory.returns.building import Asked
from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.clocks import deadlines
from kith.statutory.timescales.rules import Rule
from kith.statutory.timescales.shapes import FACTS_SCHEMA
from kith.vocabulary.months import add_months
from kith.vocabulary.working_days import england

from .models import Check, Version
from .queries import AWAY, SEE
from .versions import OF_A_YEAR

AUTHORITY = "authority"  # whose the facts are: there is one
YEAR_ENDED, SIGNED_OFF = "return_year.ended", "statutory_return.done"
MONTH_ENDED, CHECKED = "month.ended", "annex_a.done"
WHICH = {"now": ("overdue", "due_soon"), "later": ("not_due",), "done": ("met", "met_late")}


@dataclass(frozen=True)
class Turn:
    """One turn of a rule: of which return and year, or month; `state` is one of the clocks' states."""

    rule: Rule
    of: str
    due_on: date
    met_on: date | None
    state: str


def turns(viewer: Viewer, *, on: date) -> list[Turn]:
    """Every turn: what is open first, the soonest first; then what is done, the newest first.

    A return is followed from the first year of which a version was asked for here, and the lists from the first check:
    an authority that does it elsewhere is not told that all of it is late.
    """
    if not viewer.may(SEE):
        return []
    rules = _rules()
    found = deadlines(facts=_facts(on), rules=rules, calendar=england(), on=on)
    made = [_turn(rules.rule(row["rule"]), row) for row in found.to_dicts()]
    return sorted(made, key=_order)


def late_or_soon(viewer: Viewer, *, on: date) -> list[Turn]:
    """Of these, what is late or due soon."""
    return [turn for turn in turns(viewer, on=on) if turn.state in WHICH["now"]]


def _turn(rule: Rule, row: Mapping[str, Any]) -> Turn:
    """A turn as it is said: of a month, "March 2026"; of a year, by its end, "2025/26"."""
    opened: date = row["opened_on"]
    of_a_month = row["opened_fact"] == MONTH_ENDED
    of = f"{opened:%B %Y}" if of_a_month else f"{opened.year - 1}/{opened.year % 100:02d}"
    return Turn(rule, of, row["due_on"], row["met_on"], row["state"])


def _order(turn: Turn) -> tuple[bool, int]:
    day = turn.due_on.toordinal()
    return turn.met_on is not None, day if turn.met_on is None else -day


def _rules() -> RuleBook:
    book = local_book()
    return book.only(*{rule.id for rule in book if rule.of_nobody})


def _facts(on: date) -> pl.DataFrame:
    rows = [{"child": AUTHORITY, "counts": True} | row for row in (*_of_returns(on), *_of_lists(on))]
    return pl.DataFrame(rows, schema=FACTS_SCHEMA)


def _of_returns(on: date) -> Iterator[dict[str, object]]:
    """Each year from the first that was asked for until this one, and each signing off."""
    made = Version.objects.filter(key__in=OF_A_YEAR).values_list("key", "term", "signed_at")
    versions = [(key, int(term), signed_at) for key, term, signed_at in made]
    for key in sorted({key for key, *_ in versions}):
        for year in range(min(year for of, year, _ in versions if of == key), Asked(on=on).year + 1):
            yield {"fact": YEAR_ENDED, "on": date(year, 3, 31), "code": key, "ref": f"{key} {year}"}
    for key, year, signed_at in versions:
        if signed_at:
            yield {"fact": SIGNED_OFF, "on": timezone.localdate(signed_at), "code": key, "ref": f"{key} {year}"}


def _of_lists(on: date) -> Iterator[dict[str, object]]:
    """Each month from the first that was checked until this one, and each check: it is of the month that ended last."""
    made = Check.objects.filter(kind="annex_a", state__in=("done", AWAY), rows_in__gt=0).values_list(
        "started_at", flat=True
    )
    checked = [timezone.localdate(each) for each in made]
    for end in _ends(checked, on):
        yield {"fact": MONTH_ENDED, "on": end, "ref": f"month {end}"}
    for day in checked:
        yield {"fact": CHECKED, "on": day, "ref": f"month {_ended_by(day)}"}


def _ends(checked: Iterable[date], on: date) -> Iterator[date]:
    first = min(checked, default=None)
    end = _ended_by(first) if first else None
    while end and end <= _end_of(on):
        yield end
        end = _end_of(end + timedelta(days=1))


def _ended_by(day: date) -> date:
    """The last end of a month on or before the day."""
    return day if day == _end_of(day) else day.replace(day=1) - timedelta(days=1)


def _end_of(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(days=1)
