"""What falls due for the authority itself: each year's returns, each month the lists of Annex A, and its own duties.

It is in nobody's record. A return is done when a version is signed off here, the lists when they were checked here;
what is done outside Kith is recorded (own_duties.py). All of it is worked out as it is read, by the one engine, which
is not asked again for the same facts, rules and day: a director’s first page is opened far more often than they change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import polars as pl
from django.db.models import Value
from django.utils import timezone

from kith.foundation.access.viewer import Viewer
from kith.record.deadlines.local import Changes, changes, with_changes
from kith.statutory.returns.building import Asked
from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.clocks import deadlines
from kith.statutory.timescales.rules import Rule
from kith.statutory.timescales.shapes import FACTS_SCHEMA
from kith.vocabulary.few_rows import of_few_rows
from kith.vocabulary.months import add_months, year_of_returns
from kith.vocabulary.working_days import england

from . import own_duties
from .models import Check, OwnDuty, Version
from .own_duties import Told
from .queries import AWAY, SEE
from .versions import OF_A_YEAR

AUTHORITY = "authority"  # whose the facts are: there is one
SIGNED_OFF = "statutory_return.done"
MONTH_ENDED, CHECKED = "month.ended", "annex_a.done"
WHICH = {"now": ("overdue", "due_soon"), "later": ("not_due",), "done": ("met", "met_late")}


@dataclass(frozen=True)
class Turn:
    """One turn of a rule: of which return and year, month, or request; `state` is one of the clocks' states.

    `duty` is what was recorded of it, where it is done outside Kith.
    """

    rule: Rule
    of: str
    due_on: date
    met_on: date | None
    state: str
    duty: OwnDuty | None = None


def turns(viewer: Viewer, *, on: date) -> list[Turn]:
    """Every turn: what is open first, the soonest first; then what is done, the newest first.

    A return is followed from the first year of which a version was asked for here, and the lists from the first check:
    an authority that does it elsewhere is not told that all of it is late.
    """
    return _turns([*_kept_here(on)], own_duties.standing(), on) if viewer.may(SEE) else []


def late_or_soon(viewer: Viewer, *, on: date) -> list[Turn]:
    """Of these, what is late or due soon."""
    found = _turns([*_kept_here(on)], own_duties.not_over(), on) if viewer.may(SEE) else []
    return [turn for turn in found if turn.state in WHICH["now"]]


def turn_of(duty: OwnDuty, *, on: date) -> Turn | None:
    """The turn of one that was recorded; none where it was a mistake, or its rule is not in force."""
    own = [] if duty.mistaken_at else [duty]
    return next((turn for turn in _turns([], own, on) if turn.duty == duty), None)


def _turns(told: list[Told], own: Iterable[OwnDuty], on: date) -> list[Turn]:
    made, recorded = changes(), {own_duties.ref(duty): duty for duty in own}
    told += own_duties.facts(recorded.values(), last=Asked(on=on).year)
    found, rules = _due(tuple(told), made, on), _rules(made)
    return sorted((_turn(rules.rule(row["rule"]), row, recorded.get(row["opened_by"])) for row in found), key=_order)


@lru_cache(maxsize=16)
@of_few_rows
def _due(told: tuple[Told, ...], made: Changes, on: date) -> tuple[Mapping[str, Any], ...]:
    """The engine's answer: it hangs on nothing but these."""
    facts = pl.DataFrame([{"child": AUTHORITY, "counts": True} | one._asdict() for one in told], schema=FACTS_SCHEMA)
    return tuple(deadlines(facts=facts, rules=_rules(made), calendar=england(), on=on).to_dicts())


@lru_cache(maxsize=8)
def _rules(made: Changes) -> RuleBook:
    book = with_changes(made)
    return book.only(*{rule.id for rule in book if rule.of_nobody})


def _turn(rule: Rule, row: Mapping[str, Any], duty: OwnDuty | None) -> Turn:
    """A turn as it is said: of a month, "March 2026"; of a year, by its end, "2025/26"; else by its reference."""
    opened: date = row["opened_on"]
    of = duty.reference if duty else year_of_returns(opened.year)
    if row["opened_fact"] == MONTH_ENDED:
        of = f"{opened:%B %Y}"
    return Turn(rule, of, row["due_on"], row["met_on"], row["state"], duty)


def _order(turn: Turn) -> tuple[bool, int]:
    day = turn.due_on.toordinal()
    return turn.met_on is not None, day if turn.met_on is None else -day


def _kept_here(on: date) -> Iterator[Told]:
    """What was done here, in one query: versions with when each was signed, checks of the lists with their day."""
    made = Version.objects.filter(key__in=OF_A_YEAR).values_list("key", "term", "signed_at")
    checked = Check.objects.filter(kind="annex_a", state__in=("done", AWAY), rows_in__gt=0)
    rows = list(made.union(checked.values_list("kind", Value(""), "started_at"), all=True))
    yield from _of_returns([(key, int(term), signed_at) for key, term, signed_at in rows if term], on)
    yield from _of_lists([timezone.localdate(began_at) for _, term, began_at in rows if not term], on)


def _of_returns(versions: Sequence[tuple[str, int, datetime | None]], on: date) -> Iterator[Told]:
    """Each year from the first that was asked for until this one, and each signing off."""
    for key in sorted({key for key, *_ in versions}):
        yield from own_duties.each_year(key, min(year for of, year, _ in versions if of == key), Asked(on=on).year)
    for key, year, signed_at in versions:
        if signed_at:
            yield Told(SIGNED_OFF, timezone.localdate(signed_at), own_duties.of_year(key, year), key)


def _of_lists(checked: Sequence[date], on: date) -> Iterator[Told]:
    """Each month from the first that was checked until this one, and each check: it is of the month that ended last."""
    for end in _ends(checked, on):
        yield Told(MONTH_ENDED, end, f"month {end}")
    for day in checked:
        yield Told(CHECKED, day, f"month {_ended_by(day)}")


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
