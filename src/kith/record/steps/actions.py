"""Writing steps of any kind: recorded, completed, signed or returned, cancelled; the clocks move each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.history.actor import beyond_the_wall
from kith.record.deadlines.actions import recompute
from kith.record.people.models import Person
from kith.record.people.recorded import new_ref
from kith.vocabulary.errors import KithError

from .kinds import kind
from .models import FormVersion, Part, SignOff, Step


@dataclass(frozen=True)
class PartToRecord:
    """One child's part in a step about to be recorded. `detail` holds the fields of the kind's own part model."""

    person: Person
    code: str = ""  # only where it is not the step's own
    span: str = ""
    outcome: str = ""
    counts: bool = True
    words: str = ""
    significant: bool | None = None
    impact: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


class NotReady(KithError):
    """A step cannot be closed yet."""


class ChangedMeanwhile(KithError):
    """Somebody else saved this step after it was opened: the second is told, and nothing is overwritten."""


class StepColumns(TypedDict, total=False):
    """What may be said of a new step: the columns of Step that a person, not the shape, decides."""

    code: str
    opened_on: date | None
    opened_at: datetime | None
    planned_on: date | None
    happened_on: date | None
    happened_at: datetime | None
    done_on: date | None
    done_at: datetime | None
    team_id: int | None
    led_from: str
    summary: str
    form: FormVersion | None
    answers: Mapping[str, Any]


def ref_of_part(step_ref: str, person: Person) -> str:
    """The ref of a child's part in a step that was recorded here."""
    return f"{step_ref}:{person.pk}"


@transaction.atomic
def record(
    *,
    key: str,
    parts: Sequence[PartToRecord],
    by: Worker,
    detail: Mapping[str, Any] | None = None,
    ref: str = "",
    **columns: Unpack[StepColumns],
) -> Step:
    """Record a new step of kind `key` with its parts; the clocks of every child in it are brought up to date.

    `ref` is one from `new_ref`, where what it opens had to name it first.
    """
    if not parts:
        raise KithError("Nobody was chosen.", mend="Choose at least one child.")
    if done_at := columns.get("done_at"):
        columns.setdefault("done_on", timezone.localdate(done_at))
    own = {"ref": ref or new_ref(key), "recorded_at": timezone.now(), "recorded_by": by}
    step = Step.objects.create(kind=key, worker=by, **own, **columns)
    if model := kind(key).detail:
        model.objects.create(step=step, **(detail or {}))
    for part in parts:
        add_part(step=step, part=part, by=by)
    recompute(people=[part.person.pk for part in parts], on=timezone.localdate())
    return step


def add_part(*, step: Step, part: PartToRecord, by: Worker) -> Part:
    """Add one child's part to a step. The caller brings the clocks up to date with `moved`."""
    of = kind(step.kind)
    row = Part.objects.create(
        ref=ref_of_part(step.ref, part.person),
        step=step,
        person=part.person,
        code=part.code,
        span=part.span,
        outcome=part.outcome,
        counts=part.counts,
        words=part.words,
        significant=of.significant if part.significant is None else part.significant,
        impact=part.impact,
        recorded_at=timezone.now(),
        recorded_by=by,
    )
    if of.part_detail:
        of.part_detail.objects.create(part=row, **part.detail)
    return row


def change_part(*, part: Part, by: Worker, detail: Mapping[str, Any] | None = None, **columns: Any) -> Part:
    """Change one child's part. The caller brings the clocks up to date with `moved`."""
    _put(part, columns, by)
    if detail and (model := kind(part.step.kind).part_detail):
        model.objects.update_or_create(part=part, defaults=dict(detail))
    return part


@transaction.atomic
def change(*, step: Step, version: int, by: Worker, detail: Mapping[str, Any] | None = None, **columns: Any) -> Step:
    """Change a step that is still at `version`; otherwise raise ChangedMeanwhile and change nothing."""
    held = _held(step, version)
    _put(held, columns, by)
    if detail and (model := kind(held.kind).detail):
        model.objects.update_or_create(step=held, defaults=dict(detail))
    moved(held)
    return held


@transaction.atomic
def complete(*, step: Step, version: int, by: Worker, at: datetime) -> Step:
    """Close a step. A kind may say what must be there first; a kind that needs sign-off is sent for it instead."""
    of, step = kind(step.kind), _held(step, version)
    if step.done_on or step.cancelled_on or step.submitted_at:
        raise KithError("This was closed, cancelled or sent for sign-off meanwhile.", mend="Open it again to see.")
    if missing := of.ready(step):
        raise NotReady(
            f"This {of.name.lower()} cannot be closed yet: {'; '.join(missing)}.", mend="Add what is missing."
        )
    if of.needs_sign_off:
        _put(step, {"submitted_at": at}, by)
    else:
        _put(step, {"done_at": at, "done_on": timezone.localdate(at)}, by)
    moved(step)
    return step


@transaction.atomic
def answer(*, step: Step, version: int, by: Worker, signed: bool, at: datetime, comment: str = "") -> SignOff:
    """Sign a step off, or return it with a comment. A return without a comment helps nobody, so it is refused."""
    step = _held(step, version)
    if step.submitted_at is None or step.done_on:
        raise KithError("This is not waiting for sign-off.", mend="Open it again to see where it stands.")
    if step.worker_id == by.pk:
        raise KithError("You cannot sign off your own work.", mend="Ask another manager.")
    if not signed and not comment.strip():
        raise KithError("Say what needs to change.", mend="Write a comment, then return it.")
    row = SignOff.objects.create(
        ref=new_ref("sign_off"),
        step=step,
        by=by,
        at=at,
        answer="signed" if signed else "returned",
        comment=comment.strip(),
        recorded_at=at,
        recorded_by=by,
    )
    done = {"done_at": at, "done_on": timezone.localdate(at)}
    _put(step, done if signed else {"submitted_at": None}, by)
    moved(step)
    return row


@transaction.atomic
def cancel(*, step: Step, version: int, by: Worker, on: date, why: str) -> Step:
    """Say that a step did not go ahead, or was recorded in error. It stays in the record, and its clocks let go."""
    step = _held(step, version)
    if not why.strip():
        raise KithError("Say why.", mend="A reason is kept with what is cancelled.")
    if step.cancelled_on:
        raise KithError("This was cancelled already.", mend="Open it again to see why.")
    _put(step, {"cancelled_on": on, "cancelled_why": why.strip()}, by)
    kind(step.kind).cancelled(step, by)
    moved(step)
    return step


def _held(step: Step, version: int) -> Step:
    """The step as it stands, locked until the transaction ends, and still at the version that the writer saw."""
    held = Step.objects.select_for_update().get(pk=step.pk)
    if held.version != version:
        raise ChangedMeanwhile("Somebody else saved this while you were writing.", mend="Compare the two texts.")
    return held


@beyond_the_wall()
def moved(step: Step) -> None:
    """Bring the clocks of everybody in this step up to date, in this transaction."""
    recompute(people=list(step.parts.values_list("person_id", flat=True)), on=timezone.localdate())


def _put(row: Step | Part, columns: Mapping[str, Any], by: Worker) -> None:
    """Change a row and its version; who changed it and what it was are in the history."""
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*columns, "version"])
