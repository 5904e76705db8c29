"""Putting and ending restrictions: on the person and her match keys; nothing makes one looser by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kith.foundation.access.models import Post, Worker
from kith.foundation.access.policy import policy
from kith.vocabulary.errors import KithError

from .access import HIDDEN
from .match_keys import answering, remember, twins_of
from .models import ALLEGATION, APART, Address, Named, Person, Restriction
from .recorded import as_recorded
from .relatives import bar_relatives
from .standing import KEEPS_ALLEGATIONS, SHIELDED

LEVELS = {
    "R1": "Named people only: nobody else finds or opens the record",
    SHIELDED: "Shielded: the record is found, and where they are is withheld",
    "R4": "Withheld by a court or the police: hidden from all but those named",
}
NEEDS_NAMES = ("R1", "R4")
LASTING = {  # never ended here, and what to do instead
    "R3": ("A sealed record is not opened here.", "Two adoption officers may open the link together."),
    APART: ("This record is kept apart for as long as it is kept.", "Name whoever else must open it."),
}
BORN = "Answers to the keys of a restricted record. Look whether this is the same person."


@dataclass(frozen=True)
class NewHome:
    """Where a shielded person lives from now on. It takes the place of every address of today."""

    lines: str
    postcode: str = ""


@transaction.atomic
def restrict(
    *,
    person: Person,
    level: str,
    reason: str,
    by: Worker,
    on: date,
    named: Sequence[Worker] = (),
    home: NewHome | None = None,
) -> Restriction:
    """Restrict a person's record, and that of everybody recorded who may be the same person.

    `named` may open it (R1, R4) or know where she is (R2). `home` closes the addresses of today in the same step, and
    marks them as places that nothing may be written to.
    """
    if not reason.strip():
        raise KithError("Say why.", mend="A reason is kept with the restriction.")
    if level in NEEDS_NAMES and not named:
        raise KithError("Name at least one worker who may open it.", mend="A record that nobody can open helps nobody.")
    if Restriction.objects.filter(person=person, level=level, ended_on=None).exists():
        raise KithError("The record has this restriction already.", mend="Open the page again to see it.")
    row = _put(person.pk, level, reason.strip(), on=on, by=by)
    for worker in named:
        _name(person.pk, worker.pk, by=by)
    if home is not None:
        move(person=person, home=home, by=by, on=on)
    remember([person.pk])
    for twin in sorted(twins_of(person.pk)):
        _like(twin, person.pk, on=on, by=by)
    return row


@transaction.atomic
def end(*, restriction: Restriction, why: str, on: date) -> Restriction:
    """End a restriction, with the reason. It stays in the record with the day it ended."""
    if not why.strip():
        raise KithError("Say why it ends.", mend="A reason is kept with the restriction.")
    if restriction.level in LASTING:
        sentence, instead = LASTING[restriction.level]
        raise KithError(sentence, mend=instead)
    if restriction.ended_on:
        raise KithError("This restriction has ended already.", mend="Open the page again to see which are left.")
    restriction.ended_on, restriction.ended_why = on, why.strip()
    restriction.version += 1
    restriction.save(update_fields=["ended_on", "ended_why", "version"])
    if not Restriction.objects.filter(person=restriction.person_id, ended_on=None).exists():
        Named.objects.filter(person=restriction.person_id, ended_on=None).update(ended_on=on)
    return restriction


@transaction.atomic
def name(*, person: Person, worker: Worker, by: Worker) -> Named:
    """Name somebody who may open a restricted record, or know where a shielded person is."""
    if Named.objects.filter(person=person, worker=worker, ended_on=None).exists():
        raise KithError(f"{worker.name} is named already.", mend="Choose somebody else.")
    if person.record == ALLEGATION and worker not in keepers(timezone.localdate()):
        raise KithError(f"{worker.name} is no designated officer.", mend="An allegation opens to nobody else.")
    return _name(person.pk, worker.pk, by=by)


@transaction.atomic
def unname(*, named: Named, on: date) -> Named:
    """Take a name off. The last one named for a record that only named people open stays."""
    left = Named.objects.filter(person=named.person_id, ended_on=None).exclude(pk=named.pk)
    shut = Restriction.objects.filter(person=named.person_id, ended_on=None, level__in=HIDDEN)
    if shut.exists() and not left.exists():
        raise KithError("This is the last person named.", mend="Name somebody else first, or end the restriction.")
    named.ended_on = on
    named.version += 1
    named.save(update_fields=["ended_on", "version"])
    return named


@transaction.atomic
def move(*, person: Person, home: NewHome, by: Worker, on: date) -> Address:
    """Where she lives from a day on; every address of today ends, and nothing may be written to her there."""
    for row in Address.objects.filter(person=person, ended_on=None):
        row.ended_on, row.no_letters, row.version = on, True, row.version + 1
        row.save(update_fields=["ended_on", "no_letters", "version"])
    more = {"kind": "home", "lines": home.lines.strip(), "postcode": home.postcode.strip().upper()}
    return Address.objects.create(person=person, started_on=on, **more, **as_recorded("address", by=by))


@transaction.atomic
def guard(
    people: Iterable[int],
    *,
    on: date,
    at: datetime | None = None,
    load: int | None = None,
    by: Worker | None = None,
) -> int:
    """Whoever of these answers to the keys of a restricted person gets the same restrictions; how many did.

    Call it wherever people are added, or their names or numbers changed, in the transaction that does so. Who adds
    somebody by hand (`by`) is named for that record: it does not vanish from under the hand that wrote it.
    """
    ids = sorted(set(people))
    mine = set(Restriction.objects.filter(ended_on=None).values_list("person_id", flat=True)) & set(ids)
    remember(mine)
    stamp: dict[str, Any] = {"at": at, "load": load, "by": by}
    pairs = [(person, other) for person, others in answering(ids).items() for other in sorted(others)]
    pairs += [(twin, person) for person in sorted(mine) for twin in sorted(twins_of(person))]
    bar_relatives(ids)
    changed = {person for person, other in pairs if _like(person, other, on=on, **stamp)}
    for person in sorted(changed & set(ids)) if by else ():
        if not Named.objects.filter(person_id=person, worker=by, ended_on=None).exists():
            _name(person, by.pk, **stamp)
    return len(changed)


def _like(person: int, other: int, *, on: date, by: Worker | None = None, **stamp: Any) -> bool:
    """Give a person every restriction and every name that another's record has; whether she had not all of them."""
    mine = Restriction.objects.filter(person_id=person)
    have = set(mine.filter(ended_on=None).values_list("level", flat=True))
    settled = set(mine.filter(matched_id=other).exclude(ended_on=None).values_list("level", flat=True))
    hers = Restriction.objects.filter(person_id=other, ended_on=None).exclude(level=APART)
    wanted = set(hers.values_list("level", flat=True))
    new = sorted(wanted - have - settled)
    for level in new:
        _put(person, level, BORN, on=on, by=by, matched=other, **stamp)
    if new:
        named = Named.objects.filter(person_id=person, ended_on=None).values("worker_id")
        rows = Named.objects.filter(person_id=other, ended_on=None).exclude(worker_id__in=named)
        for worker in set(rows.values_list("worker_id", flat=True)):
            _name(person, worker, by=by, **stamp)
        remember([person])
    return bool(new)


def keepers(on: date) -> QuerySet[Worker]:
    """The workers in post on a day, in a role that keeps allegations."""
    roles = [key for key, role in policy().roles.items() if KEEPS_ALLEGATIONS in role.may]
    held = Post.objects.filter(Q(ended_on=None) | Q(ended_on__gte=on), role__in=roles, started_on__lte=on)
    return Worker.objects.filter(pk__in=held.values("worker_id")).order_by("name")


@transaction.atomic
def keep_apart(*, person: Person, reason: str, by: Worker, on: date, named: Sequence[Worker]) -> None:
    """Keep a record apart from its first day, for those named alone."""
    _put(person.pk, APART, reason, on=on, by=by)
    for worker in named:
        _name(person.pk, worker.pk, by=by)


def _put(person: int, level: str, reason: str, *, on: date, matched: int | None = None, **stamp: Any) -> Restriction:
    return Restriction.objects.create(
        person_id=person,
        level=level,
        reason=reason,
        started_on=on,
        matched_id=matched,
        **as_recorded("restriction", **stamp),
    )


def _name(person: int, worker: int, **stamp: Any) -> Named:
    return Named.objects.create(person_id=person, worker_id=worker, **as_recorded("named", **stamp))
