"""What the authority itself has to do and does outside Kith: somebody says that it began, and when it was done.

A freedom of information request is the council's own register's; the workforce census is made elsewhere. Here stands
only what their clocks need: which it is, and two days. It names nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.statutory.timescales.loading import rule_book
from kith.vocabulary.errors import KithError
from kith.vocabulary.months import year_of_returns

from .models import OwnDuty
from .queries import SEE

KEEP = "keep_own_duties"


@dataclass(frozen=True)
class Kind:
    """One kind: its rule, its words, and what its form asks. Which it is says a reference, or the year of a return."""

    rule: str
    title: str
    began: str
    done: str
    reference: str = ""
    yearly: str = ""  # the return that is asked for each year, by its key; it has no reference
    hint: str = ""
    ahead: bool = False  # the day is one set for it, so that it may be to come, and done before


KINDS: Mapping[str, Kind] = {
    "information_request": Kind(
        rule="foi_20_wd",
        title="A freedom of information request",
        began="The day it was received",
        done="The day it was answered",
        reference="Its reference in the council’s own register",
    ),
    "workforce_census": Kind(
        rule="return_csww",
        title="The workforce census",
        yearly="csww",
        began="The last day of its year",
        hint="For example 31 3 2026. From the first year that is recorded, each year is due.",
        done="The day it was signed off",
    ),
    "protection_team": Kind(
        rule="macpt",
        title="A multi-agency child protection team",
        began="The day set for it",
        done="The day it was set up",
        reference="Which team",
        ahead=True,
    ),
}


class Told(NamedTuple):
    """One thing that the clocks are told, by the names of the facts' own columns; `ref` is of which turn."""

    fact: str
    on: date
    ref: str
    code: str | None = None


def in_force(*, on: date) -> dict[str, Kind]:
    """The kinds whose rule is in force: of another nothing would be due, so there is nothing to record."""
    rules = {rule.id for rule in rule_book() if rule.since <= on}
    return {key: kind for key, kind in KINDS.items() if kind.rule in rules}


def each_year(key: str, first: int, last: int) -> Iterator[Told]:
    """That the year of a return ended, for each year by the one it ends in."""
    for year in range(first, last + 1):
        yield Told("return_year.ended", date(year, 3, 31), of_year(key, year), key)


def of_year(key: str, year: int) -> str:
    """What the clocks know the return of one year by."""
    return f"{key} {year}"


def facts(duties: Collection[OwnDuty], *, last: int) -> Iterator[Told]:
    """What the clocks are told of them; a return is asked for each year from the first that was recorded to `last`."""
    first: dict[str, int] = {}
    for duty in duties:
        kind, year = KINDS[duty.kind], duty.began_on.year
        if kind.yearly:
            first[kind.yearly] = min(year, first.get(kind.yearly, year))
        else:
            moment = "planned" if kind.ahead else "opened"
            yield Told(f"{duty.kind}.{moment}", duty.began_on, ref(duty))
        if duty.done_on:
            yield Told(f"{duty.kind}.done", duty.done_on, ref(duty))
    for key, year in first.items():
        yield from each_year(key, year, last)


def ref(duty: OwnDuty) -> str:
    """What the clocks know it by."""
    key = KINDS[duty.kind].yearly
    return of_year(key, duty.began_on.year) if key else f"own {duty.pk}"


def standing() -> QuerySet[OwnDuty]:
    """Those that were not recorded by mistake."""
    return OwnDuty.objects.filter(mistaken_at=None)


def not_over() -> QuerySet[OwnDuty]:
    """Of these, what something may still be due of: not done, or of a return, which each year asks for again."""
    return standing().filter(Q(done_on=None) | Q(kind__in=[key for key, kind in KINDS.items() if kind.yearly]))


def one(viewer: Viewer, pk: int) -> OwnDuty:
    """One of them, a mistaken one too; not found for whoever may not see returns."""
    found = OwnDuty.objects.filter(pk=pk).select_related("by", "mistaken_by").first() if viewer.may(SEE) else None
    if found is None:
        raise Http404("duty")
    return found


def add(*, kind: str, reference: str, began_on: date, done_on: date | None, at: datetime, by: Worker) -> OwnDuty:
    """Record that it began, and when it was done if it is. Raises KithError where it stands here already."""
    named = year_of_returns(began_on.year) if KINDS[kind].yearly else reference.strip()
    try:
        with transaction.atomic():
            return OwnDuty.objects.create(
                kind=kind, reference=named, began_on=began_on, done_on=done_on, recorded_at=at, by=by
            )
    except IntegrityError:
        raise KithError(
            f"{named} is recorded already.", mend="Open it in the list, and say there that it is done."
        ) from None


def done(*, duty: int, on: date) -> None:
    """Say when it was done, once. Raises KithError where somebody said so meanwhile, or that it was a mistake."""
    _once(duty, {"done_on": None}, {"done_on": on})


def mistaken(*, duty: int, why: str, at: datetime, by: Worker) -> None:
    """Say that it was recorded by mistake: nothing is due of it any more, and it stays to be read. Raises KithError."""
    _once(duty, {}, {"mistaken_at": at, "mistaken_by": by, "why_mistaken": why.strip()})


@transaction.atomic
def _once(duty: int, only: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    held = standing().select_for_update().filter(pk=duty, **only).first()
    if held is None:
        raise KithError("Somebody else changed this meanwhile.", mend="Read what it says now.")
    for name, value in said.items():
        setattr(held, name, value)
    held.save(update_fields=list(said))
