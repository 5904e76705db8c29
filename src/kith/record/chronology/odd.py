"""Dates that cannot be right: kept as they came, shown on the child's page, and in no other clock's way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from kith.foundation.prepared import Prepared, day, number
from kith.record.people import ties
from kith.record.people.one_of import Ids
from kith.record.periods.models import Period
from kith.record.periods.words import name_of
from kith.record.steps.kinds import kind as kind_of
from kith.record.steps.models import Part
from kith.statutory.timescales.fact_words import before_birth

UNBORN = timedelta(weeks=40)  # how long before birth some work may rightly be dated
STEP_DAYS = ("opened_on", "happened_on", "done_on")
SAID = {
    "future": "dated in the future",
    "birth": "dated before birth",
    "order": "dated before what comes first",
}


@dataclass(frozen=True)
class Odd:
    """One piece of work, or one period, with a date to check."""

    what: str
    url: str
    why: str


def odd_dates(person: Any, periods: Iterable[Period], *, on: date, unread: Collection[str] = ()) -> list[Odd]:
    """What of this child's has a date that cannot be right, in one query; `periods` are all of hers, read already.

    Call only for a child the viewer may see; `unread` are the kinds of work that the viewer may not read.
    """
    given = {"people": Ids(ties.of(person)), "today": on} | ({"born": person.born_on} if person.born_on else {})
    rows = _steps(bool(person.born_on)).ask(**given)
    found = [_of_step(each, person.born_on, on) for each in rows if each.step.kind not in unread]
    return found + [odd for each in periods if (odd := _of_period(each, person.born_on, on)).why]


@cache
def _steps(born: bool) -> Prepared:
    def build() -> QuerySet[Part]:
        rows = Part.objects.filter(_odd_step(born), person__one_of=number("people"), step__cancelled_on=None)
        return rows.select_related("step").order_by("pk")

    return Prepared(build)


def _odd_step(born: bool) -> Q:
    odd = Q(step__happened_on__lt=F("step__opened_on")) | Q(step__done_on__lt=F("step__opened_on"))
    odd |= Q(step__done_on__lt=F("step__happened_on"))
    for name in STEP_DAYS:
        odd |= Q(**{f"step__{name}__gt": day("today")})
        if born:
            early = Q(**{f"step__{name}__lt": day("born")}) & ~Q(step__kind__in=before_birth())
            odd |= early | Q(**{f"step__{name}__lt": day("born", before=UNBORN.days)})
    return odd


def _of_step(part: Part, born: date | None, on: date) -> Odd:
    step = part.step
    days = [getattr(step, name) for name in STEP_DAYS]
    title = kind_of(step.kind).title(part.code or step.code)
    return Odd(title, reverse("steps:page", args=[step.kind, step.pk]), _why(days, step.kind, born, on))


def _of_period(period: Period, born: date | None, on: date) -> Odd:
    days = [period.started_on, period.ended_on]
    return Odd(name_of(period.kind, period.code), "", _why(days, period.kind, born, on))


def _why(days: list[date | None], kind: str, born: date | None, on: date) -> str:
    known = [day for day in days if day]
    earliest = born - (UNBORN if kind in before_birth() else timedelta(0)) if born else None
    found = {
        "future": any(day > on for day in known),
        "birth": earliest is not None and any(day < earliest for day in known),
        "order": known != sorted(known),
    }
    return "; ".join(SAID[name] for name, is_so in found.items() if is_so)
