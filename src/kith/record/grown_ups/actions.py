"""Beginning the record of an allegation, and of a worker's own supervision: kept apart from the first moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from kith.foundation.access.models import Worker
from kith.foundation.history.actor import beyond_the_wall
from kith.record.people.actions import rebuild_name_keys
from kith.record.people.models import ALLEGATION, SUPERVISED, Barring, Involvement, Person
from kith.record.people.recorded import as_recorded
from kith.record.people.restricting import guard, keep_apart, keepers
from kith.vocabulary.errors import KithError


@dataclass(frozen=True)
class Subject:
    """Whom an allegation is about. `worker`: somebody who works here, and is barred from the record."""

    forename: str
    surname: str
    born_on: date | None = None
    worker: Worker | None = None


@transaction.atomic
def begin_allegation(*, subject: Subject, by: Worker, on: date) -> Person:
    """Begin a record that opens to the designated officers in post, and to nobody whom the allegation is about.

    It is a record of its own, also where the same person is known here as a carer or a parent: nothing joins the two.
    """
    name = f"{subject.forename} {subject.surname}".strip()
    if subject.worker == by or _same_name(name, by):
        raise KithError("Nobody keeps the record of an allegation about herself.", mend="Ask another officer.")
    person = _person(ALLEGATION, by, forename=subject.forename, surname=subject.surname, born_on=subject.born_on)
    barred = [*([subject.worker] if subject.worker else []), *(each for each in keepers(on) if _same_name(name, each))]
    for worker in dict.fromkeys(barred):
        Barring.objects.create(
            person=person, worker=worker, reason="An allegation about this worker.", **as_recorded("barring", by=by)
        )
    named = [each for each in keepers(on) if each not in barred]
    _apart(person, "An allegation is kept apart.", by=by, on=on, named=named)
    _involve(person, by, "Designated officer", on)
    return person


@transaction.atomic
def begin_supervision(*, worker: Worker, by: Worker, on: date) -> Person:
    """Begin the record of a worker's supervision, or find it: it opens to her, and to whoever supervises her.

    Raises KithError for oneself, and where somebody else supervises this worker already.
    """
    if worker == by:
        raise KithError("Nobody supervises herself.", mend="Your own manager begins your record.")
    held = _held_of(worker)
    if held is not None:
        if not held.named.filter(worker=by, ended_on=None).exists():
            raise KithError(f"{worker.name} has a record already.", mend="Ask whoever keeps it to name you.")
        return held
    forename, _, surname = worker.name.rpartition(" ")
    person = _person(SUPERVISED, by, forename=forename, surname=surname, worker=worker)
    _apart(person, "A worker’s own supervision is kept apart.", by=by, on=on, named=[by, worker])
    _involve(person, by, "Supervisor", on)
    return person


@beyond_the_wall()
def _held_of(worker: Worker) -> Person | None:
    """Her record, whoever keeps it: there is never a second."""
    return Person.objects.filter(worker=worker).first()


def _person(record: str, by: Worker, **columns: Any) -> Person:
    return Person.objects.create(is_child=False, record=record, **columns, **as_recorded("person", by=by))


def _apart(person: Person, why: str, *, by: Worker, on: date, named: list[Worker]) -> None:
    keep_apart(person=person, reason=why, by=by, on=on, named=named)
    rebuild_name_keys([person.pk])
    guard([person.pk], on=on)


def _involve(person: Person, by: Worker, role: str, on: date) -> None:
    post = by.posts.filter(ended_on=None).order_by("-started_on").first()
    team = post.team if post else None
    Involvement.objects.create(
        person=person, worker=by, team=team, role=role, started_on=on, **as_recorded("involvement", by=by)
    )


def _same_name(name: str, worker: Worker) -> bool:
    return name.casefold() == worker.name.casefold()
