"""Writing promises: made, changed, done with its evidence, dropped with its reason, taken up again; clocks follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.record.deadlines.actions import recompute
from kith.record.people.models import Person
from kith.record.people.recorded import new_ref
from kith.record.steps.actions import ChangedMeanwhile
from kith.vocabulary.errors import KithError

from .facts import is_followed
from .models import Promise

CHANGEABLE = frozenset({"what", "owner", "owner_agency", "owner_name", "due_on", "person"})


@transaction.atomic
def promise(
    *,
    person: Person,
    what: str,
    by: Worker,
    made_on: date,
    due_on: date,
    made_in: str = "",
    owner: Worker | None = None,
    owner_agency: str = "",
    owner_name: str = "",
) -> Promise:
    """Say what will be done for a child, by whom and by when. `made_in` is the ref of a step, if any."""
    row = Promise(person=person, what=what.strip(), owner=owner, owner_agency=owner_agency, due_on=due_on)
    row.owner_name = owner_name.strip()
    row.made_in, row.made_on = made_in, made_on
    _check(row)
    row.ref, row.recorded_at, row.recorded_by = new_ref("promise"), timezone.now(), by
    row.save(force_insert=True)
    _moved(row)
    return row


@transaction.atomic
def change(*, promise: Promise, version: int, columns: Mapping[str, Any]) -> Promise:
    """Change what was promised, while it is open. What it was before stays in the history."""
    held = _held(promise, version)
    if unknown := sorted(set(columns) - CHANGEABLE):
        raise ValueError(f"these columns of a promise do not change: {', '.join(unknown)}")
    was = held.person_id
    for name, value in columns.items():
        setattr(held, name, value)
    _check(held)
    return _put(held, *columns, was=was)


@transaction.atomic
def mark_done(
    *, promise: Promise, version: int, by: Worker, on: date, today: date, evidence: str, effect: str = ""
) -> Promise:
    """Say that it was done: the day, how we know, and what difference it made, where that is known."""
    held = _held(promise, version)
    if not evidence.strip():
        raise KithError("Say how you know that it was done.", mend="A sentence is enough.")
    if on > today:
        raise KithError("The day it was done is in the future.", mend="Come back when it is done.")
    if on < held.made_on:
        raise KithError("The day it was done is before it was promised.", mend="Check the two dates.")
    held.done_on, held.done_by, held.evidence, held.effect = on, by, evidence.strip(), effect.strip()
    return _put(held, "done_on", "done_by", "evidence", "effect")


@transaction.atomic
def drop(*, promise: Promise, version: int, on: date, why: str) -> Promise:
    """Say that it will not be done, and why. It stays in the record, and is counted as dropped, never as done."""
    held = _held(promise, version)
    if not why.strip():
        raise KithError("Say why it will not be done.", mend="The child may ask one day.")
    held.dropped_on, held.dropped_why = on, why.strip()
    return _put(held, "dropped_on", "dropped_why")


@transaction.atomic
def take_up_again(*, promise: Promise, version: int) -> Promise:
    """Undo a done or a dropped that was recorded by mistake. What was recorded stays in the history."""
    held = Promise.objects.select_for_update().get(pk=promise.pk)
    _check_version(held, version)
    held.done_on = held.done_by = held.dropped_on = None
    held.evidence = held.effect = held.dropped_why = ""
    return _put(held, "done_on", "done_by", "evidence", "effect", "dropped_on", "dropped_why")


def _held(promise: Promise, version: int) -> Promise:
    """The promise as it stands, locked: still open, and still at the version the writer saw."""
    held = Promise.objects.select_for_update().get(pk=promise.pk)
    _check_version(held, version)
    if held.done_on or held.dropped_on:
        raise KithError("This promise is closed.", mend="Take it up again first, if that was a mistake.")
    return held


def _check_version(held: Promise, version: int) -> None:
    if held.version != version:
        raise ChangedMeanwhile("Somebody else changed this promise while you were writing.", mend="Read theirs first.")


def _check(row: Promise) -> None:
    if not row.what.strip():
        raise KithError("Say what will be done.", mend="Begin with a verb: “Visit Imran at school”.")
    if row.owner is None and not row.owner_name.strip():
        raise KithError("Nobody owns this promise.", mend="Choose a worker, or name somebody in another agency.")
    if row.due_on is None:
        raise KithError("Say by when it will be done.", mend="A promise without a day is seldom kept.")
    if row.due_on < row.made_on:
        raise KithError("It is due before it was promised.", mend="Check the two dates.")


def _put(row: Promise, *columns: str, was: int | None = None) -> Promise:
    row.version += 1
    row.save(update_fields=[*columns, "version"])
    _moved(row, was)
    return row


def _moved(row: Promise, was: int | None = None) -> None:
    """Bring the clocks up to date of the child whom it is for, and of her whom it was for before."""
    if is_followed(row):
        recompute(people=sorted({row.person_id, was or row.person_id}), on=timezone.localdate())
