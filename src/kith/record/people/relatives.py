"""A worker's own relatives: she says who they are, and from then on she finds nothing of them or of their family."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.history.actor import beyond_the_wall

from .families import families_of
from .models import Alias, Barring, Person, Relative
from .one_of import Ids
from .recorded import new_ref

WHY = "A relative of the worker, as she said herself."


@transaction.atomic
@beyond_the_wall()
def declare(*, worker: Worker, forename: str, surname: str, born_on: date, kind: str) -> Relative:
    """Keep what she said, and bar her from whoever answers to it. Nothing tells her whether anybody did."""
    said = Relative.objects.create(
        ref=new_ref("relative"),
        worker=worker,
        forename=forename.strip(),
        surname=surname.strip(),
        born_on=born_on,
        kind=kind.strip(),
        recorded_at=timezone.now(),
        recorded_by=worker,
    )
    _bar_from(said, set(_answering(said).values_list("pk", flat=True)))
    return said


def declared_by(worker: int | None) -> QuerySet[Relative]:
    """What this worker said, by name."""
    return Relative.objects.filter(worker_id=worker).order_by("surname", "forename", "pk")


@transaction.atomic
@beyond_the_wall()
def bar_relatives(people: Iterable[int]) -> int:
    """Whoever of these new people is a relative that a worker named is barred to her; how many barrings it made.

    Call it wherever people are added, or their names changed, in the transaction that does so.
    """
    wanted = Ids(people)
    return sum(
        _bar_from(said, set(_answering(said).filter(pk__one_of=wanted).values_list("pk", flat=True)))
        for said in Relative.objects.select_related("worker")
    )


def _answering(said: Relative) -> QuerySet[Person]:
    named = {"forename__iexact": said.forename, "surname__iexact": said.surname}
    also = Alias.objects.filter(**named).values("person_id")
    return Person.objects.filter(Q(**named) | Q(pk__in=also), born_on=said.born_on)


def _bar_from(said: Relative, found: set[int]) -> int:
    """Bar her from these people, and from their families: what is written of one is about all."""
    if not found:
        return 0
    everybody = found | families_of(Ids(found))
    already = Barring.objects.filter(worker=said.worker, ended_on=None).values_list("person_id", flat=True)
    new = sorted(everybody - set(already))
    Barring.objects.bulk_create(
        Barring(
            ref=new_ref("barring"),
            person_id=person,
            worker=said.worker,
            reason=WHY,
            recorded_at=timezone.now(),
            recorded_by=said.worker,
        )
        for person in new
    )
    return len(new)
