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
from kith.record.people.recorded import new_ref
from kith.record.periods.actions import put_period
from kith.record.periods.words import name_of
from kith.record.steps import actions as steps
from kith.record.steps.actions import PartToRecord, ref_of_part
from kith.record.steps.models import FormVersion, Part, Step
from kith.vocabulary.errors import KithError

from .kinds import PlainKind
from .opening import put_beside
from .queries import span_of
from .told import ref_of_opened, strange, unsaid

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
    more: Mapping[str, Any] = field(default_factory=dict)  # what else its kind asks, by box
    form: FormVersion | None = None  # the council's own questions, and the answers to them
    answers: Mapping[str, Any] = field(default_factory=dict)


def finished(of: PlainKind, told: Told) -> bool:
    """Whether it is over by what is told: then its outcome is known."""
    return of.closed_by_saving or told.days.get(of.finishes) is not None


class NotRecordedOf(KithError):
    """Work of this kind is not recorded of such a person: a foster carer has no health plan, a child no approval."""


class NothingItBelongsTo(KithError):
    """The child has no plan, care or case that work of this kind belongs to."""


@transaction.atomic
def record(*, of: PlainKind, child: Person, told: Told, by: Worker, team: int | None = None) -> Step:
    """Record one piece of plain work for one child, or grown-up. Raises KithError, in words, for what cannot be."""
    now, ref = timezone.now(), new_ref(of.key)
    if child.about != of.about:
        raise NotRecordedOf(f"{of.name} is not recorded of {child.name}.", mend="Choose something else.")
    _not_of_oneself(child, by)
    _check(of, told, now)
    span = _belongs(of, ref_of_part(ref, child), child, told, by, team)
    part = PartToRecord(person=child, span=span, words=told.words.strip(), **_went(of, told))
    return steps.record(
        key=of.key,
        parts=[part],
        by=by,
        ref=ref,
        team_id=team,
        code=told.code or of.as_code,
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
    _not_of_oneself(part.person, by)
    steps.change_part(
        part=part,
        by=by,
        span=_belongs(of, part.ref, part.person, told, by, part.step.team_id, was=part),
        words=told.words.strip(),
        **_went(of, told),
    )
    kept = _columns(of, told, step.done_at or now)
    kept |= {"code": told.code or (step.code if of.told else ""), "answers": dict(told.answers)}
    kept |= {"led_from": told.follows} if of.followed else {}
    return steps.change(step=step, version=version, by=by, **kept)


def _went(of: PlainKind, told: Told) -> dict[str, Any]:
    """How it went, whether that counts, and what else the part holds; an outcome nobody was asked for stays."""
    went: dict[str, Any] = {"outcome": told.outcome} if of.outcomes else {}
    if of.counts_if and told.outcome:
        went["counts"] = told.outcome in of.counts_if
    return went | {"detail": _more(of, told, period=False)}


def _more(of: PlainKind, told: Told, *, period: bool) -> dict[str, Any]:
    """What else was told, as columns of the child's part, or of the period; an empty text where nothing is said."""
    empty = {"codes": "", "yes": None, "day": None}
    chosen = [each for each in of.more if each.of_period == period]
    given = {each.column: (told.more.get(each.name), empty[each.form]) for each in chosen}
    return {column: nothing if value in (None, "") else value for column, (value, nothing) in given.items()}


def _opened(of: PlainKind, part_ref: str, child: Person, told: Told, by: Worker, team: int | None) -> str:
    """The ref of the period that the work opens, which is put as it is told; an outcome may end it the same day."""
    said = {"started_on": told.days.get("opened")} | _more(of, told, period=True)
    over = told.days.get(of.finishes)
    if told.outcome in of.ends_with and over and not said.get("ended_on"):
        said |= {"ended_on": over, "end_reason": of.ends_with[told.outcome]}
    ref = ref_of_opened(of, part_ref)
    put_period(ref=ref, kind=of.opens, child=child, by=by, team=team, **said)
    return ref


def _belongs(
    of: PlainKind, ref: str, child: Person, told: Told, by: Worker, team: int | None, *, was: Part | None = None
) -> str:
    """The ref of what it belongs to: what it opens; else of work with a table of its own what it belonged to before.

    A period that it opens or ends beside that is brought into line.
    """
    if of.opens and not of.opens_if:
        return _opened(of, ref, child, told, by, team)
    if was and of.opens and of.spans(was.step.code) != of.spans(told.code):
        raise KithError("This cannot become the other.", mend="Cancel it, and record the other.")
    span = was.span if was and of.told and was.span else _span(of, child, told)
    if of.opens:
        on, said = told.days.get("happened"), _more(of, told, period=True)
        given = {"outcome": told.outcome, "said": said, "was": was, "by": by, "team": team}
        put_beside(of, ref=ref, child=child, span=span, on=on, **given)
    return span


def _not_of_oneself(person: Person, by: Worker) -> None:
    if person.worker_id == by.pk:
        raise NotRecordedOf("Nobody records her own supervision.", mend="Your supervisor does.")


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
    if out_of_order(of, told.days):
        raise KithError("It ends before it begins.", mend="Check the two days.")
    for chosen, choices in ((told.code, of.codes), (told.outcome, of.outcomes_for(told.code))):
        if chosen and chosen not in choices:
            raise KithError("That is none of the answers.", mend="Choose one of them.")
    if of.codes and not told.code:
        raise KithError(f"{of.code_asked} That is not said.", mend="Choose one of the answers.")
    if of.outcomes and not told.outcome and finished(of, told):
        raise KithError(f"{of.outcome_asked} That is not said.", mend="Choose one of the answers.")
    _check_more(of, told, timezone.localdate(now))
    if of.follows and not told.follows:
        raise KithError(
            "What it follows is not said.", mend="Choose it from the list; record it first if it is not there."
        )


def out_of_order(of: PlainKind, days: Mapping[str, date | None]) -> str:
    """The moment whose day is before that of one it comes after; empty where all is well.

    Work that is told in a table of its own happens before it is done; of other work only the end comes after the start.
    """
    first, *rest = ASIDE if of.told else ("opened", "happened" if days.get("happened") else "done")
    latest = days.get(first)
    for moment in rest:
        day = days.get(moment)
        if day and latest and day < latest:
            return moment
        latest = day or latest
    return ""


def undated(of: PlainKind, told: Told) -> bool:
    """Whether it is said how it went, and not when: of work that is told with its day, and that nobody signs off."""
    return of.told and not of.signed and bool(told.outcome) and not told.days.get(of.answered)


def _check_more(of: PlainKind, told: Told, today: date) -> None:
    if undated(of, told):
        raise KithError(f"{of.asks[of.answered]} That is not said.", mend="Give the day.")
    for each, wrong in strange(of, told.more):
        raise KithError(f"{each.asked} {wrong}.", mend="Choose again.")
    for each in unsaid(of, told.more, outcome=told.outcome, over=finished(of, told)):
        raise KithError(f"{each.asked} That is not said.", mend="Answer it.")
    for each in of.more:
        day = told.more.get(each.name) if each.form == "day" else None
        if day and (day > today or day < (told.days.get("opened") or day)):
            raise KithError(f"{each.asked} That day cannot be.", mend="Give a day since it began that has passed.")


def _late(day: date, at: time | None, now: datetime) -> bool:
    moment = _moment(day, at)
    return moment is not None and moment > now
