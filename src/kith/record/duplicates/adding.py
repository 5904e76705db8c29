"""Adding somebody who is not in the record yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from kith.foundation.access.models import Worker
from kith.record.people.actions import rebuild_name_keys
from kith.record.people.models import Address, Identifier, Involvement, Person
from kith.record.people.recorded import as_recorded
from kith.record.people.restricting import guard
from kith.record.personal_details.numbers import NHS, UPN
from kith.vocabulary.errors import KithError


@dataclass(frozen=True)
class Entered:
    """Somebody as they were entered. `record`: of what a grown-up has a record of work, if any."""

    is_child: bool
    record: str = ""
    forename: str = ""
    surname: str = ""
    known_as: str = ""
    sex: str = ""
    born_on: date | None = None
    expected_on: date | None = None
    nhs: str = ""
    upn: str = ""
    lines: str = ""
    postcode: str = ""


@transaction.atomic
def add_person(*, entered: Entered, by: Worker, on: date) -> Person:
    """Add somebody, with their numbers and where they live from today, and the keys their name is found by."""
    if not (entered.forename or entered.surname or entered.expected_on):
        raise KithError("Enter a name.", mend="Of an unborn child, the day the birth is expected is enough.")
    person = Person.objects.create(
        is_child=entered.is_child,
        record=entered.record,
        forename=entered.forename,
        surname=entered.surname,
        known_as=entered.known_as,
        sex=entered.sex,
        born_on=entered.born_on,
        expected_on=None if entered.born_on else entered.expected_on,
        **as_recorded("person", by=by),
    )
    for kind, value in ((NHS, entered.nhs), (UPN, entered.upn)):
        if value:
            Identifier.objects.create(person=person, kind=kind, value=value, **as_recorded("identifier", by=by))
    if entered.lines or entered.postcode:
        where = {"lines": entered.lines, "postcode": entered.postcode}
        Address.objects.create(person=person, started_on=on, **where, **as_recorded("address", by=by))
    rebuild_name_keys([person.pk])
    _involve(person, by, on)
    guard([person.pk], on=on, by=by)
    return person


def _involve(person: Person, by: Worker, on: date) -> None:
    """Who enters a record has a part in that life for this day, and so can go on with it for as long as one lingers.

    Who enters a carer supervises them, until somebody else does.
    """
    post = by.posts.filter(ended_on=None).order_by("-started_on").first()
    days = {"started_on": on, "ended_on": None if person.record else on}
    more = {"team": post.team if post else None, **days, **as_recorded("involvement", by=by)}
    role = "Supervising social worker" if person.record else "Entered the record"
    Involvement.objects.create(person=person, worker=by, role=role, **more)
