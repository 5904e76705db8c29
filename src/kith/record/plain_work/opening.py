"""The period that work opens or ends, such as the need that begins with a referral: put beside it, and taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from kith.foundation.access.models import Worker
from kith.foundation.screens.words import nice_date
from kith.record.people.models import Person
from kith.record.people.ties import all_together
from kith.record.periods.actions import put_period, void_period
from kith.record.periods.models import Period
from kith.record.periods.words import name_of
from kith.record.steps.models import Part, Step
from kith.vocabulary.errors import KithError

from .kinds import PlainKind
from .told import period_of, ref_of_opened, told_kinds


def put_beside(
    of: PlainKind,
    *,
    ref: str,
    child: Person,
    span: str,
    on: date | None,
    outcome: str,
    said: dict[str, Any],
    was: Part | None,
    by: Worker,
    team: int | None,
) -> None:
    """Open the period that this outcome opens, or end the one it ends; what an earlier answer did is undone.

    `ref` is the part's; `was` the part as it stood before, where there is one. What is not said of a period stays.
    """
    given = {name: value for name, value in said.items() if value not in (None, "")}
    held = period_of(of, was) if was else None
    if outcome in of.opens_if and on:
        _open(of, held or _began(of, child, on), ref_of_opened(of, ref), child, span, on, given, by, team)
    elif was and held and held.ref == ref_of_opened(of, ref):
        _take_back(held.ref, was.step)
    ended = was.step.happened_on if was and was.outcome in of.ends_span_if else None
    plan = Period.objects.filter(ref=span, kind=of.opens, voided_at=None).first()
    if plan is None:
        return
    ends = on if outcome in of.ends_span_if else None
    if plan.ended_on in (None, ended) and plan.ended_on != ends:
        given["ended_on"] = ends
    if given:
        put_period(ref=span, kind=plan.kind, child=child, by=by, **given)


def _open(
    of: PlainKind,
    held: Period | None,
    ref: str,
    child: Person,
    span: str,
    on: date,
    given: dict[str, Any],
    by: Worker,
    team: int | None,
) -> None:
    if held is None:
        given = given | {"parent": span, "start_reason": given.get("code", "")}
    ref = held.ref if held else ref
    put_period(ref=ref, kind=of.opens, child=child, by=by, team=team, started_on=on, **given)


def _began(of: PlainKind, child: Person, on: date) -> Period | None:
    """One that began on that day already, as a load tells it. KithError where the child has another that day."""
    rows = Period.objects.filter(person_id__in=all_together([child.pk]), kind=of.opens, voided_at=None)
    running = [each for each in rows.filter(started_on__lte=on) if each.ended_on is None or each.ended_on > on]
    began = next((each for each in running if each.started_on == on), None)
    if running and began is None:
        since = nice_date(running[0].started_on)
        raise KithError(
            f"{child.name} has had a {name_of(of.opens).lower()} since {since}.", mend="Record a review of it instead."
        )
    return began


def undone(step: Step, by: Worker) -> None:
    """With work that is cancelled goes the period that it opened, and what it ended goes on."""
    of = told_kinds()[step.kind]
    nothing: dict[str, Any] = {"on": None, "outcome": "", "said": {}, "by": by, "team": None}
    for part in step.parts.select_related("person"):
        put_beside(of, ref=part.ref, child=part.person, span=part.span, was=part, **nothing)


def taken_back(step: Step, by: Worker) -> None:
    """With work that is cancelled goes the period that it opened and belongs to, unless other work stands under it."""
    for part in step.parts.all():
        if part.span:
            _take_back(part.span, step)


def _take_back(ref: str, step: Step) -> None:
    beneath = Part.objects.filter(span=ref, step__cancelled_on=None).exclude(step=step)
    if beneath.exists() or Period.objects.filter(parent=ref, voided_at=None).exists():
        raise KithError(
            "Other work stands under this.", mend="Cancel that first, or close the case instead of cancelling."
        )
    void_period(ref=ref)
