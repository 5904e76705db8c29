"""Recording and changing work of the plain kinds: what cannot be is refused in words, and every clock moves at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.screens.words import in_words
from kith.record.people.models import Person
from kith.record.periods.words import name_of
from kith.record.steps import actions as steps
from kith.record.steps.actions import PartToRecord
from kith.record.steps.models import FormVersion, Part, Step
from kith.vocabulary.errors import KithError

from .kinds import PlainKind
from .queries import span_of

ASIDE = ("opened", "happened", "done")  # moments that have a time beside their day


@dataclass(frozen=True)
class Told:
    """What is told of one piece of work. `days` and `times` by moment; `follows` is the ref of what it follows."""

    days: Mapping[str, date | None]
    times: Mapping[str, time | None] = field(default_factory=dict)
    code: str = ""
    outcome: str = ""
    follows: str = ""
    words: str = ""
    form: FormVersion | None = None  # the council's own questions, and the answers to them
    answers: Mapping[str, Any] = field(default_factory=dict)


def finished(of: PlainKind, told: Told) -> bool:
    """Whether it is over by what is told: then its outcome is known."""
    return of.closed_by_saving or told.days.get(of.finishes) is not None


class NothingItBelongsTo(KithError):
    """The child has no plan, care or case that work of this kind belongs to."""


@transaction.atomic
def record(*, of: PlainKind, child: Person, told: Told, by: Worker, team: int | None = None) -> Step:
    """Record one piece of plain work for one child. Raises KithError, in words, for what cannot be."""
    now = timezone.now()
    _check(of, told, now)
    return steps.record(
        key=of.key,
        parts=[PartToRecord(person=child, span=_span(of, child, told), outcome=told.outcome, words=told.words.strip())],
        by=by,
        team_id=team,
        code=told.code,
        led_from=told.follows,
        form=told.form,
        answers=dict(told.answers),
        **_columns(of, told, now),
    )


@transaction.atomic
def change(*, of: PlainKind, step: Step, version: int, told: Told, by: Worker) -> Step:
    """Change one that is still at `version`; otherwise ChangedMeanwhile, and nothing is changed."""
    now = timezone.now()
    _check(of, told, now)
    part = Part.objects.select_related("step", "person").get(step=step)
    steps.change_part(
        part=part,
        by=by,
        span=_span(of, part.person, told),
        outcome=told.outcome,
        words=told.words.strip(),
    )
    kept = _columns(of, told, step.done_at or now)
    kept |= {"code": told.code, "led_from": told.follows, "answers": dict(told.answers)}
    return steps.change(step=step, version=version, by=by, **kept)


def _columns(of: PlainKind, told: Told, saved_at: datetime) -> dict[str, Any]:
    """The days and moments, as columns of the step."""
    found: dict[str, Any] = {}
    for moment in of.asks:
        day, at = told.days.get(moment), told.times.get(moment)
        found[f"{moment}_on"] = day
        if moment in ASIDE:
            found[f"{moment}_at"] = _moment(day, at)
    if of.closed_by_saving:
        found |= {"done_at": saved_at, "done_on": timezone.localdate(saved_at)}
    return found


def _moment(day: date | None, at: time | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, at)) if day and at else None


def _span(of: PlainKind, child: Person, told: Told) -> str:
    """The ref of the period it belongs to. What must belong to one, and has none, is refused: no clock would see it."""
    wanted = of.spans(told.code)
    if not wanted:
        return ""
    told_days = [each for moment in ASIDE if (each := told.days.get(moment))]
    day = told_days[0] if told_days else timezone.localdate()
    found = span_of(child, wanted, day)
    if found is None:
        lacking = in_words([name_of(each).lower() for each in wanted], last="or")
        raise NothingItBelongsTo(
            f"The record holds no {lacking} of {child.name} on that day.", mend="Check the day, or record that first."
        )
    return found.ref


def _check(of: PlainKind, told: Told, now: datetime) -> None:
    if not any(told.days.get(moment) for moment in of.asks):
        raise KithError("No day is given.", mend="Give at least one.")
    for moment in of.asks:
        day = told.days.get(moment)
        if day and moment != "planned" and (day > timezone.localdate(now) or _late(day, told.times.get(moment), now)):
            raise KithError("What is recorded has not happened yet.", mend="Give a day and a time that have passed.")
    first, last = told.days.get("opened"), told.days.get("happened") or told.days.get("done")
    if first and last and last < first:
        raise KithError("It ends before it begins.", mend="Check the two days.")
    for chosen, choices in ((told.code, of.codes), (told.outcome, of.outcomes)):
        if chosen and chosen not in choices:
            raise KithError("That is none of the answers.", mend="Choose one of them.")
    if of.codes and not told.code:
        raise KithError(f"{of.code_asked} That is not said.", mend="Choose one of the answers.")
    if of.outcomes and not told.outcome and finished(of, told):
        raise KithError(f"{of.outcome_asked} That is not said.", mend="Choose one of the answers.")
    if of.follows and not told.follows:
        raise KithError(
            "What it follows is not said.", mend="Choose it from the list; record it first if it is not there."
        )


def _late(day: date, at: time | None, now: datetime) -> bool:
    moment = _moment(day, at)
    return moment is not None and moment > now
