"""Two records of one person: proposed by one worker, agreed by another, parted by anybody who may agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.database import one_moment
from kith.foundation.history.actor import Actor, acting
from kith.record.deadlines.actions import recompute
from kith.record.people import ties
from kith.record.people.models import Person, Same
from kith.record.people.recorded import new_ref
from kith.vocabulary.errors import KithError

from . import facts
from .access import kept_apart
from .models import Likely

BATCH = 1000
NIGHTLY = Actor(worker=None, role="system", purpose="looking for likely duplicates")


class NeedsAnother(KithError):
    """Somebody tried to agree to what they proposed themselves."""


@transaction.atomic
def propose(*, person: Person, leads: Person, why: str, by: Worker) -> Same:
    """Say that two records are of one person, to be read with `leads` first. Both are kept back as one from now on."""
    first, second = _leaders(leads, person)
    _check_pair(first, second)
    if not why.strip():
        raise KithError("Say why they are the same person.", mend="Whoever agrees needs to know what you know.")
    if _standing(first, second):
        raise KithError("Somebody has proposed this already.", mend="Open it from the list and look at it there.")
    return _link(person=second, leads=first, why=why.strip(), by=by)


@transaction.atomic
def agree(*, same: Same, by: Worker, on: date) -> Same:
    """Agree, as a second person; from now on the two are read together. Neither is changed."""
    same = _open(same)
    check_another(same, by)
    first, second = _leaders(same.leads, same.person)
    if {first.pk, second.pk} != {same.leads_id, same.person_id}:
        raise KithError("One of them has been joined to another record meanwhile.", mend="Say no, and propose it anew.")
    _check_pair(first, second)
    _decide(same, agreed=True, by=by)
    recompute(people=sorted(ties.rebuild([same.person_id, same.leads_id])), on=on)
    return same


@transaction.atomic
def refuse(*, same: Same, by: Worker) -> Same:
    """Say that they are two people: by another, or by whoever proposed it and thought better of it."""
    same = _open(same)
    _decide(same, agreed=False, by=by)
    ties.rebuild([same.person_id, same.leads_id])
    return same


@transaction.atomic
def part(*, same: Same, why: str, by: Worker, on: date) -> Same:
    """Part two records that were joined. What was written meanwhile stays with the record it was written on."""
    same = Same.objects.select_for_update().get(pk=same.pk)
    if not same.agreed or same.parted_at:
        raise KithError("These records are not joined.", mend="Open the page again to see how they stand.")
    if not why.strip():
        raise KithError("Say why they are parted.", mend="A reason is kept with it.")
    same.parted_by, same.parted_at, same.parted_why = by, timezone.now(), why.strip()
    same.version += 1
    same.save(update_fields=["parted_by", "parted_at", "parted_why", "version"])
    recompute(people=sorted(ties.rebuild([same.person_id, same.leads_id])), on=on)
    return same


@transaction.atomic
def two_people(*, one: Person, other: Person, why: str, by: Worker) -> Same:
    """Say that a likely pair are two people, so that nobody is asked again."""
    first, second = _leaders(one, other)
    if first.pk == second.pk or _standing(first, second):
        raise KithError(
            "These records are joined, or somebody has proposed it.", mend="Open the link and decide there."
        )
    same = _link(person=second, leads=first, why=why.strip() or "Looked at: they are two people.", by=by)
    return refuse(same=same, by=by)


def check_another(same: Same, by: Worker) -> None:
    """Nobody agrees to what they proposed themselves. The database refuses it too."""
    if same.proposed_by_id == by.pk:
        raise NeedsAnother("You proposed this, so somebody else must agree.", mend="Ask a colleague to look at it.")


def _leaders(one: Person, other: Person) -> tuple[Person, Person]:
    """Those who lead the two, held until the transaction ends so that no two links are made at once."""
    leads = ties.all_together([one.pk, other.pk])
    rows = {row.pk: row for row in Person.objects.select_for_update().filter(pk__in=set(leads.values())).order_by("pk")}
    return rows[leads[one.pk]], rows[leads[other.pk]]


def _check_pair(one: Person, other: Person) -> None:
    if one.pk == other.pk:
        raise KithError("These records are read as one already.", mend="Open either of them.")
    if one.is_child != other.is_child:
        raise KithError("One is a child’s record and the other a grown-up’s.", mend="They cannot be one person.")
    if {one.pk, other.pk} & set(kept_apart().values_list("person_id", flat=True)):
        raise KithError("There is no such record to join.", mend="Go back to the list.")


def _standing(one: Person, other: Person) -> bool:
    pair = [one.pk, other.pk]
    return Same.objects.filter(ties.STANDING, person_id__in=pair, leads_id__in=pair).exists()


def _link(*, person: Person, leads: Person, why: str, by: Worker) -> Same:
    made = Same.objects.create(
        ref=new_ref("same"),
        person=person,
        leads=leads,
        why=why,
        proposed_by=by,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    ties.rebuild([person.pk, leads.pk])
    return made


def _open(same: Same) -> Same:
    found = Same.objects.select_for_update().select_related("person", "leads").get(pk=same.pk)
    if found.agreed is not None or found.parted_at:
        raise KithError("Somebody has decided this already.", mend="Open the page again to see how it stands.")
    return found


def _decide(same: Same, *, agreed: bool, by: Worker) -> None:
    same.agreed, same.decided_by, same.decided_at = agreed, by, timezone.now()
    same.version += 1
    same.save(update_fields=["agreed", "decided_by", "decided_at", "version"])


def find_all(*, on: date) -> int:
    """Look through the whole record for likely duplicates, and keep the pairs nobody has decided; says how many.

    Nobody's saving waits for the reading, nor for the looking; only for the keeping.
    """
    from kith.analysis.linkage.same_person import likely  # Splink is heavy: only this job has it

    with one_moment():
        people = facts.people()
    found = likely(people)
    with acting(NIGHTLY):
        return _keep(list(found.iter_rows()), on)


def _keep(found: Sequence[tuple[int, int, float, list[str]]], on: date) -> int:
    known = _decided()
    rows = [
        Likely(one_id=one, other_id=other, probability=probability, why=why, found_on=on)
        for one, other, probability, why in found
        if (one, other) not in known
    ]
    Likely.objects.all().delete()
    Likely.objects.bulk_create(_of_a_kind(rows), batch_size=BATCH)
    return Likely.objects.count()


def _decided() -> set[tuple[int, int]]:
    """Every pair somebody has spoken of: proposed, agreed, refused or parted, and so not asked about again."""
    pairs = Same.objects.values_list("person_id", "leads_id")
    return {(min(pair), max(pair)) for pair in pairs}


def _of_a_kind(rows: Sequence[Likely]) -> list[Likely]:
    """A child and a grown-up are not one person."""
    ids = {pk for row in rows for pk in (row.one_id, row.other_id)}
    grown: set[int] = set()
    for start in range(0, len(ids), BATCH):
        some = sorted(ids)[start : start + BATCH]
        grown |= set(Person.objects.filter(pk__in=some, is_child=False).values_list("pk", flat=True))
    return [row for row in rows if (row.one_id in grown) == (row.other_id in grown)]
