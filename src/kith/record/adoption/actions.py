"""Recording an adoption order, and opening the link that it sealed: never by one person alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.history.actor import acting, current
from kith.record.deadlines.actions import recompute
from kith.record.people.actions import rebuild_name_keys
from kith.record.people.match_keys import remember
from kith.record.people.models import Disability, Involvement, Named, Person, Restriction
from kith.record.people.recorded import as_recorded
from kith.record.periods.models import Period
from kith.vocabulary.errors import KithError

from .models import AdoptionLink, LinkLook, LinkOpening
from .sealing import Who, key_of, new_reference, opened, sealed

OPEN_FOR = timedelta(minutes=60)
ASKED_FOR = timedelta(days=7)  # how long a request waits for the second officer
ADOPTED = {"care": "E12", "care_episode": "E12", "need": "RC1"}  # why each ended, in the codes of its return
SEALED = "R3"


@dataclass(frozen=True)
class NewName:
    """What the child is called from the order on."""

    forename: str
    surname: str


@transaction.atomic
def seal_adoption(
    *, child: Person, name: NewName, ordered_on: date, by: Worker | None, court: str = ""
) -> AdoptionLink:
    """Record an adoption order: a new identity is made, the birth record is sealed, and the link between them too.

    From now on the birth record is hidden from everybody, and nothing joins the two but the link. The birth record's
    work ends on the day of the order.
    """
    Person.objects.select_for_update().get(pk=child.pk)
    _check(child, name, ordered_on)
    reference = new_reference()
    with _apart():
        adopted = _adopted(child, name, by)
    with _apart():
        _seal_birth(child, ordered_on, by)
    with _apart():
        return AdoptionLink.objects.create(
            reference=reference,
            sealed=sealed(Who(child.pk, adopted.pk, ordered_on, court.strip()), reference=reference),
            birth_key=key_of(child.name, child.born_on),
            adopted_key=key_of(adopted.name, adopted.born_on),
            sealed_at=timezone.now(),
        )


def _check(child: Person, name: NewName, ordered_on: date) -> None:
    whole = f"{name.forename.strip()} {name.surname.strip()}"
    if not name.forename.strip() or not name.surname.strip():
        raise KithError("Enter the name the child has now.", mend="Both a forename and a surname.")
    if ordered_on > timezone.localdate():
        raise KithError("The day of the order is in the future.", mend="Come back when it has been made.")
    if child.born_on and ordered_on < child.born_on:
        raise KithError("The order is before the child was born.", mend="Check the two dates.")
    if not child.is_child or child.born_on is None:
        raise KithError("Only a child who has been born is adopted.", mend="Check who this is.")
    if Restriction.objects.filter(person=child, level=SEALED, ended_on=None).exists():
        raise KithError("This record is sealed already.", mend="Go back to Today.")
    if key_of(whole, child.born_on) == key_of(child.name, child.born_on):
        raise KithError(
            "The name is the same as before, so a seal would hide nothing.",
            mend="Restrict the record to named people instead.",
        )


@contextmanager
def _apart() -> Iterator[None]:
    """What is written inside has a request of its own in the history: no log puts the two identities side by side."""
    actor = current()
    if actor is None:
        raise RuntimeError("An adoption was recorded with nobody acting.")
    with acting(replace(actor, request=uuid.uuid4().hex[:12])):
        yield


def _adopted(child: Person, name: NewName, by: Worker | None) -> Person:
    """The new identity: the child's own body and birthday, and nothing that another record knows her by."""
    same = {each: getattr(child, each) for each in ("sex", "gender", "born_on", "ethnicity", "is_child")}
    adopted = Person.objects.create(
        forename=name.forename.strip(),
        surname=name.surname.strip(),
        **same,
        **as_recorded("person", by=by),
    )
    for code in Disability.objects.filter(person=child, voided_at=None).values_list("code", flat=True):
        Disability.objects.create(person=adopted, code=code, **as_recorded("disability", by=by))
    rebuild_name_keys([adopted.pk])
    return adopted


def _seal_birth(child: Person, on: date, by: Worker | None) -> None:
    for row in Period.objects.filter(person=child, ended_on=None, voided_at=None):
        row.ended_on, row.version = max(on, row.started_on or on), row.version + 1
        row.end_reason = ADOPTED.get(row.kind, "")
        row.save(update_fields=["ended_on", "end_reason", "version"])
    for part in Involvement.objects.filter(person=child, ended_on=None):
        part.ended_on, part.version = max(on, part.started_on), part.version + 1
        part.save(update_fields=["ended_on", "version"])
    Named.objects.filter(person=child, ended_on=None).update(ended_on=timezone.localdate())
    why = "An adoption order was made."
    Restriction.objects.create(
        person=child, level=SEALED, reason=why, started_on=timezone.localdate(), **as_recorded("restriction", by=by)
    )
    remember([child.pk])
    recompute(people=[child.pk], on=timezone.localdate())


@transaction.atomic
def ask(*, link: AdoptionLink, reason: str, by: Worker, at: datetime) -> LinkOpening:
    """Ask that a link be opened. It opens only when another officer says so too."""
    if not reason.strip():
        raise KithError("Say why the link must be opened.", mend="The second officer reads it, and it is kept.")
    return LinkOpening.objects.create(link=link, reason=reason.strip(), asked_by=by, asked_at=at)


@transaction.atomic
def answer(*, opening: LinkOpening, by: Worker, yes: bool, at: datetime, why: str = "") -> LinkOpening:
    """Approve a request, which opens the link for an hour to the two officers; or refuse it, saying why."""
    held = LinkOpening.objects.select_for_update().get(pk=opening.pk)
    if held.asked_by_id == by.pk:
        raise KithError("You asked for this yourself.", mend="Another adoption officer has to answer.")
    if held.answered_at:
        raise KithError("This was answered already.", mend="Open the page again to see how.")
    if held.asked_at + ASKED_FOR < at:
        raise KithError("This was asked too long ago.", mend="It has to be asked for again.")
    if not yes and not why.strip():
        raise KithError("Say why not.", mend="The officer who asked reads it.")
    held.answered_by, held.answered_at = by, at
    held.closes_at, held.refused_why = (at + OPEN_FOR, "") if yes else (None, why.strip())
    held.save(update_fields=["answered_by", "answered_at", "closes_at", "refused_why"])
    return held


@transaction.atomic
def look(*, opening: LinkOpening, by: Worker, at: datetime) -> Who:
    """Who was who, for one of the two officers while the link is open. That it was looked at is kept first."""
    held = LinkOpening.objects.select_related("link").get(pk=opening.pk)
    if held.closes_at is None or not held.answered_at or not held.answered_at <= at < held.closes_at:
        raise KithError("This link is not open.", mend="Ask for it, and another adoption officer answers.")
    if by.pk not in (held.asked_by_id, held.answered_by_id) or held.asked_by_id == held.answered_by_id:
        raise KithError("This link was opened by others.", mend="Ask for it yourself.")
    LinkLook.objects.create(opening=held, worker=by, at=at)
    return opened(held.link.sealed, reference=held.link.reference)
