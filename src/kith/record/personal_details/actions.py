"""Changing what is held of somebody themselves: found by the new name at once, and every clock moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.record.deadlines.actions import recompute
from kith.record.people.actions import rebuild_name_keys
from kith.record.people.models import Alias, Disability, Person
from kith.record.people.recorded import as_recorded
from kith.record.people.restricting import guard
from kith.record.steps.actions import ChangedMeanwhile
from kith.vocabulary.errors import KithError

from .numbers import UPN, put_number

OF_EVERYBODY = ("forename", "surname", "known_as", "born_on", "died_on", "sex", "ethnicity")
BACKGROUND = ("first_language", "interpreter", "religion", "nationality")
OF_A_CHILD = ("expected_on", "gender", "is_mother", "upn_unknown", *BACKGROUND)
OF_A_GROWN_UP = (*BACKGROUND, "phone")
NO_DISABILITY = "NONE"
BEFORE = "previous name"
TERM = timedelta(days=300)  # how far ahead a birth may be expected


@dataclass(frozen=True)
class Details:
    """What is told of somebody: columns of the person, numbers by kind, codes of disabilities (None: not asked)."""

    columns: Mapping[str, Any]
    numbers: Mapping[str, str] = field(default_factory=dict)
    disabilities: tuple[str, ...] | None = None


@transaction.atomic
def change(*, person: Person, version: int, details: Details, by: Worker, on: date) -> Person:
    """Change the details of somebody still at `version`, else ChangedMeanwhile. KithError where they cannot be so.

    What was before stays in the history. Who answers, with the new name or number, to a restricted record gets the
    same restriction, as whoever is added does.
    """
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.version != version:
        raise ChangedMeanwhile("Somebody else changed these details while you were writing.", mend="Read theirs first.")
    for _, sentence in wrong(held, details, on):
        raise KithError(f"{sentence}.", mend="Check what was entered.")
    at = timezone.now()
    _keep_name(held, details, by, at)
    for name, value in details.columns.items():
        setattr(held, name, value)
    held.version += 1
    held.save(update_fields=[*details.columns, "version"])
    for kind, value in details.numbers.items():
        put_number(person=held, kind=kind, value=value, by=by, at=at)
    if details.disabilities is not None:
        _put_disabilities(held, details.disabilities, by, at)
    rebuild_name_keys([held.pk])
    guard([held.pk], on=on, by=by)
    recompute(people=[held.pk], on=on)
    return held


def wrong(person: Person, details: Details, on: date) -> Iterator[tuple[str, str]]:
    """What cannot be, as (the box it is about, a sentence without its stop)."""
    given = details.columns
    born, died, expected = given.get("born_on"), given.get("died_on"), given.get("expected_on")
    if not (given["forename"] or given["surname"]) and (person.forename or person.surname):
        yield "forename", "Enter a name: one that is known is not taken away"
    if not (born or expected) and (person.born_on or person.expected_on):
        yield "born_on", "Enter the date of birth, or the day it is expected"
    if born and born > on:
        yield "born_on", "The date of birth must be today or before"
    if expected and expected > on + TERM:
        yield "expected_on", "No birth is expected so far ahead"
    if died and (died > on or (born and died < born)):
        yield "died_on", "The date of death must be between the date of birth and today"
    if details.numbers.get(UPN) and given.get("upn_unknown"):
        yield "upn_unknown", "Choose no reason where there is a pupil number"
    chosen = details.disabilities or ()
    if NO_DISABILITY in chosen and len(chosen) > 1:
        yield "disabilities", "“No disability” stands alone"


def _keep_name(held: Person, details: Details, by: Worker, at: datetime) -> None:
    """The name that is given up is kept as another of theirs: whoever knows the old one still finds them."""
    old, new = ((given["forename"], given["surname"]) for given in (vars(held), details.columns))
    if any(old) and old != new:
        names = {"forename": old[0], "surname": old[1]}
        if not Alias.objects.filter(person=held, **names).exists():
            Alias.objects.create(person=held, kind=BEFORE, **names, **as_recorded("alias", by=by, at=at))


def codes_of(person: Person) -> list[str]:
    """The codes of this person's disabilities, as they stand."""
    return list(Disability.objects.filter(person=person, voided_at=None).order_by("pk").values_list("code", flat=True))


def _put_disabilities(person: Person, codes: tuple[str, ...], by: Worker, at: datetime) -> None:
    """Bring them into line with what was chosen; what is chosen no more is taken back, and stays in the history."""
    there: set[str] = set()
    for row in Disability.objects.filter(person=person, voided_at=None).order_by("pk"):
        if row.code in codes and row.code not in there:
            there.add(row.code)
            continue
        row.voided_at, row.version = at, row.version + 1
        row.save(update_fields=["voided_at", "version"])
    for code in codes:
        if code not in there:
            Disability.objects.create(person=person, code=code, **as_recorded("disability", by=by, at=at))
