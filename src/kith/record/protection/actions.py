"""Holding a strategy meeting: called, saved at any time, promises made in it, closed, its decisions sent out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.history.actor import beyond_the_wall
from kith.record.meetings import actions as meetings
from kith.record.people.models import Person
from kith.record.periods.models import Period
from kith.record.promises import actions as promises
from kith.record.steps.actions import NotReady, PartToRecord
from kith.record.steps.models import Step
from kith.vocabulary.errors import KithError

from .decisions import missing
from .kinds import STRATEGY_MEETING
from .models import StrategyMeeting


@dataclass(frozen=True)
class Words:
    """What is written in an open meeting. `decisions` (outcome, rationale) by part, `people` by attendance."""

    held_on: date | None
    held_at: datetime | None  # where the time is known
    held_how: str
    reason: str
    information: str
    decisions: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    people: Mapping[int, meetings.Came] = field(default_factory=dict)


@dataclass(frozen=True)
class Promised:
    """A promise made in the meeting, for one child or several: each child gets its own."""

    children: Sequence[Person]
    what: str
    due_on: date
    owner: Worker | None = None
    owner_agency: str = ""
    owner_name: str = ""


@transaction.atomic
def convene(
    *,
    children: Sequence[Person],
    reason: str,
    asked_on: date,
    planned_on: date,
    agencies: Iterable[str],
    by: Worker,
    team: int | None,
    asked_at: datetime | None = None,
    planned_at: datetime | None = None,
) -> Step:
    """Call a strategy meeting about these children and ask these agencies to it."""
    if not reason.strip():
        raise KithError("Say what the worry is.", mend="Those who are asked need to know why.")
    needs = Period.objects.filter(kind="need", ended_on=None, voided_at=None, person__in=children)
    spans = dict(needs.order_by("started_on", "pk").values_list("person_id", "ref"))
    return meetings.convene(
        key=STRATEGY_MEETING,
        children=[PartToRecord(person=child, span=spans.get(child.pk, "")) for child in children],
        asked=[meetings.Asked(agency) for agency in agencies],
        by=by,
        opened_on=asked_on,
        opened_at=asked_at,
        planned_on=planned_on,
        team=team,
        detail={"reason": reason.strip(), "planned_at": planned_at},
    )


def save(*, step: Step, version: int, by: Worker, words: Words, now: datetime) -> Step:
    """Save what is written so far, all or any part of it. ChangedMeanwhile where another saved since `version`."""
    if (words.held_at and words.held_at > now) or (words.held_on and words.held_on > timezone.localdate(now)):
        raise KithError("The meeting cannot have been held in the future.", mend="Leave it until it has been held.")
    return meetings.save(
        step=step,
        version=version,
        by=by,
        columns={
            "happened_at": words.held_at,
            "happened_on": words.held_on,
        },
        detail={"held_how": words.held_how, "reason": words.reason, "information": words.information},
        decisions={
            part: meetings.Decision(outcome, {"rationale": rationale.strip()})
            for part, (outcome, rationale) in words.decisions.items()
        },
        people=words.people,
    )


@transaction.atomic
def promised(*, step: Step, by: Worker, on: date, made: Iterable[Promised]) -> int:
    """Record what was promised in the meeting, one promise for each child it is for; gives how many."""
    meetings.check_open(step)
    count = 0
    for each in made:
        for child in each.children:
            promises.promise(
                person=child,
                what=each.what,
                by=by,
                made_on=on,
                due_on=each.due_on,
                made_in=step.ref,
                owner=each.owner,
                owner_agency=each.owner_agency,
                owner_name=each.owner_name,
            )
            count += 1
    return count


def close(*, step: Step, by: Worker, at: datetime, may_see: Collection[int] | None = None) -> Step:
    """Close the meeting: every child has a decision and its reason. NotReady says, child by child, what is missing."""
    meetings.check_open(step)
    with beyond_the_wall():
        lacking = missing(step, may_see=may_see)
    if lacking:
        raise NotReady(f"This meeting cannot be closed yet: {'; '.join(lacking)}.", mend="Write it below, then close.")
    return meetings.close(step=step, by=by, at=at)


@transaction.atomic
def circulated(*, step: Step, on: date, today: date) -> StrategyMeeting:
    """Note the day the decisions were sent to everybody who was asked. Said once; it cannot be before the meeting."""
    if on > today:
        raise KithError("The day they were sent is in the future.", mend="Come back when they have been sent.")
    if step.happened_on is None or on < step.happened_on:
        raise KithError("The day they were sent is before the meeting was held.", mend="Check the two dates.")
    row, _ = StrategyMeeting.objects.get_or_create(step=step)
    if row.circulated_on:
        raise KithError("The day they were sent is recorded already.", mend="Add to the meeting if it is wrong.")
    row.circulated_on = on
    row.save(update_fields=["circulated_on"])
    return row
