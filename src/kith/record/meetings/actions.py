"""Holding a meeting of any kind: called, people asked, who came, what was decided for each child, closed, added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.record.people.models import Person
from kith.record.people.recorded import new_ref
from kith.record.steps import actions as steps
from kith.record.steps.kinds import kind
from kith.record.steps.models import Part, Step
from kith.vocabulary.errors import KithError

from .models import Addition, Attendance


@dataclass(frozen=True)
class Asked:
    """Somebody asked to a meeting: an agency, and a name where there is one yet."""

    agency: str
    name: str = ""
    role: str = ""


@dataclass(frozen=True)
class Came:
    """What is known of somebody who was asked. `attended` and `apologies` stay None until somebody says."""

    name: str = ""
    role: str = ""
    attended: bool | None = None
    apologies: bool | None = None


@dataclass(frozen=True)
class Decision:
    """What was decided for one child: the outcome's code, and the fields of the kind's own part model."""

    outcome: str = ""
    detail: Mapping[str, Any] | None = None


class Closed(KithError):
    """A meeting that is closed is not changed; it is added to."""


@transaction.atomic
def convene(
    *,
    key: str,
    children: Sequence[steps.PartToRecord],
    asked: Sequence[Asked],
    by: Worker,
    opened_on: date,
    opened_at: datetime | None,
    planned_on: date | None,
    team: int | None,
    detail: Mapping[str, Any] | None = None,
    led_from: str = "",
) -> Step:
    """Call a meeting of kind `key` about these children, and ask these agencies to it."""
    step = steps.record(
        key=key,
        parts=children,
        by=by,
        opened_on=opened_on,
        opened_at=opened_at,
        planned_on=planned_on,
        team_id=team,
        led_from=led_from,
        detail=detail,
    )
    for each in asked:
        invite(step=step, asked=each, by=by)
    return step


def invite(*, step: Step, asked: Asked, by: Worker, came: Came | None = None, invited: bool = True) -> Attendance:
    """Ask somebody to a meeting; or note somebody who came without being asked (`invited` false)."""
    check_open(step)
    if not asked.agency:
        raise KithError("Say which agency they are from.", mend="Choose one from the list.")
    row = Attendance(step=step, agency=asked.agency, invited=invited, name=asked.name.strip(), role=asked.role.strip())
    row.attended, row.apologies = (came.attended, came.apologies) if came else (None, None)
    row.ref, row.recorded_at, row.recorded_by = new_ref("attendance"), timezone.now(), by
    row.save(force_insert=True)
    return row


def mark(*, attendance: Attendance, came: Came) -> Attendance:
    """Say who somebody was and whether they came. What was said before stays in the history."""
    check_open(attendance.step)
    if came.attended and came.apologies:
        raise KithError("Somebody cannot have come and sent apologies.", mend="Choose one of the two.")
    wanted = {"name": came.name.strip(), "role": came.role.strip()}
    wanted |= {"attended": came.attended, "apologies": came.apologies}
    if all(getattr(attendance, name) == value for name, value in wanted.items()):
        return attendance
    for name, value in wanted.items():
        setattr(attendance, name, value)
    attendance.version += 1
    attendance.save(update_fields=[*wanted, "version"])
    return attendance


@transaction.atomic
def save(
    *,
    step: Step,
    version: int,
    by: Worker,
    columns: Mapping[str, Any],
    detail: Mapping[str, Any],
    decisions: Mapping[int, Decision],
    people: Mapping[int, Came],
) -> Step:
    """Save what is known so far of an open meeting that is still at `version`: any part of it, at any time.

    `decisions` is by the id of each child's part, `people` by the id of each attendance; others of the meeting keep
    what they had. Raises Closed, or ChangedMeanwhile and saves nothing.
    """
    check_open(step)
    for part in Part.objects.filter(step=step, pk__in=decisions).select_related("step"):
        _decide(part, decisions[part.pk], by)
    for row in Attendance.objects.filter(step=step, pk__in=people).select_related("step"):
        mark(attendance=row, came=people[row.pk])
    return steps.change(step=step, version=version, by=by, detail=detail, **columns)


def _decide(part: Part, decision: Decision, by: Worker) -> None:
    """Write one child's decision, where it is not what is written already: saving twice is no change in the history."""
    model, wanted = kind(part.step.kind).part_detail, dict(decision.detail or {})
    held = model.objects.filter(part=part).first() if model else None
    same = held is not None and all(getattr(held, name) == value for name, value in wanted.items())
    if part.outcome != decision.outcome or (wanted and not same):
        steps.change_part(part=part, by=by, detail=wanted, outcome=decision.outcome)


@transaction.atomic
def close(*, step: Step, by: Worker, at: datetime) -> Step:
    """Close a meeting. Its kind says what must be there first (NotReady); closing stamps the day it was decided."""
    check_open(step)
    return steps.complete(step=step, version=step.version, by=by, at=at)


@transaction.atomic
def add(*, step: Step, by: Worker, words: str, person: Person | None = None) -> Addition:
    """Add to a closed meeting: a correction, or what came to light. Nothing already written is changed."""
    if not step.done_on:
        raise KithError("This meeting is still open.", mend="Write in the meeting itself.")
    if not words.strip():
        raise KithError("Nothing was written.", mend="Say what should be added or put right.")
    return Addition.objects.create(
        ref=new_ref("addition"),
        step=step,
        person=person,
        words=words.strip(),
        recorded_at=timezone.now(),
        recorded_by=by,
    )


def check_open(step: Step) -> None:
    """Refuse to change a meeting that was closed or did not go ahead."""
    if step.done_on:
        raise Closed("This meeting is closed.", mend="Add to it at the foot of its page: nothing is overwritten.")
    if step.cancelled_on:
        raise Closed("This meeting did not go ahead.", mend="Call another if one is needed.")
