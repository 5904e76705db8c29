"""Access to one record given to one worker: given by those who may, for a reason and a time, and ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.access.policy import policy
from kith.vocabulary.errors import KithError

from .models import Grant, Person
from .recorded import new_ref

EMERGENCY = "break_glass"


@transaction.atomic
def give(
    *,
    person: Person,
    worker: Worker,
    ground: str,
    purpose: str,
    by: Worker,
    starts_at: datetime,
    ends_at: datetime,
    reference: str = "",
    whereabouts: bool = False,
) -> Grant:
    """Give `worker` access. Raises KithError where it is for oneself, for no reason, or for longer than may be."""
    longest = policy().grants[ground]["days"]
    if worker == by:
        raise KithError("You cannot give access to yourself.", mend="Ask another manager to give it.")
    if not purpose.strip():
        raise KithError("Say what the access is for.", mend="The purpose is kept, and the child may one day read it.")
    if not starts_at < ends_at <= starts_at + timedelta(days=longest):
        raise KithError(f"Access of this kind lasts {longest} days at most.", mend="Choose an earlier last day.")
    return Grant.objects.create(
        ref=new_ref("grant"),
        person=person,
        worker=worker,
        ground=ground,
        reference=reference.strip(),
        purpose=purpose.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        whereabouts=whereabouts,
        recorded_at=timezone.now(),
        recorded_by=by,
    )


@transaction.atomic
def end(*, grant: Grant, by: Worker, at: datetime) -> Grant:
    """End access before its time. It stays in the record, with who ended it."""
    if grant.ended_at or grant.ends_at <= at:
        raise KithError("This access has ended already.", mend="Open the page again to see who has access.")
    grant.ended_at, grant.ended_by = at, by
    grant.version += 1
    grant.save(update_fields=["ended_at", "ended_by", "version"])
    return grant


def grants_of(person: Person) -> QuerySet[Grant]:
    """All access that was ever given to this record, the newest first. Ask for the person with `person_for` before."""
    rows = Grant.objects.filter(person=person).select_related("worker", "recorded_by", "ended_by")
    return rows.order_by("-starts_at", "-pk")


def running_out(*, worker: int | None, person: int) -> datetime | None:
    """When the emergency for which this worker has the record open runs out."""
    rows = Grant.objects.filter(worker_id=worker, person_id=person, ground=EMERGENCY, ended_at=None)
    return rows.order_by("-ends_at").values_list("ends_at", flat=True).first()
