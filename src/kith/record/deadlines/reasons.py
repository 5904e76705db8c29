"""What a person says of a clock: why it was late, which never moves its date; or that this once it is not required."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kith.foundation.access.models import Worker
from kith.vocabulary.errors import KithError

from .actions import recompute
from .models import Deadline, LateReason, NotRequired


@transaction.atomic
def say_why_late(*, deadline: Deadline, reason: str, by: Worker, at: datetime, on: date) -> LateReason:
    """Keep a reason for lateness. What is not late has nothing to explain, and an empty reason explains nothing."""
    if not reason.strip():
        raise KithError("Say why it is late.", mend="One sentence is enough.")
    if not deadline.late and not (deadline.open and deadline.due_on < on):
        raise KithError("This is not late, so there is nothing to explain.", mend="Go back to Today.")
    return LateReason.objects.create(
        person_id=deadline.person_id,
        rule=deadline.rule,
        opened_by=deadline.opened_by,
        cycle=deadline.cycle,
        reason=reason.strip(),
        by=by,
        at=at,
    )


@transaction.atomic
def say_not_required(*, deadline: Deadline, reason: str, by: Worker, at: datetime, on: date) -> NotRequired:
    """Keep that this turn need not be done, why and who decided; the child's clocks are worked out again."""
    if not reason.strip():
        raise KithError("Say why it is not required.", mend="One sentence is enough.")
    if not deadline.open:
        raise KithError("This is not open, so there is nothing to decide.", mend="Go back to Today.")
    key = {name: getattr(deadline, name) for name in ("person_id", "rule", "opened_by", "cycle")}
    if NotRequired.objects.filter(**key, back_at=None).exists():
        raise KithError("Somebody has decided this already.", mend="Open the page again.")
    made = NotRequired.objects.create(**key, reason=reason.strip(), by=by, at=at)
    recompute(people=[deadline.person_id], on=on)
    return made


@transaction.atomic
def take_back(*, said: NotRequired, why: str, by: Worker, at: datetime, on: date) -> NotRequired:
    """It is required after all. What was decided before stays, with who took it back and why."""
    if not why.strip():
        raise KithError("Say why it is required after all.", mend="One sentence is enough.")
    if said.back_at:
        raise KithError("This was taken back already.", mend="Open the page again.")
    said.back_at, said.back_by, said.back_why = at, by, why.strip()
    said.save(update_fields=["back_at", "back_by", "back_why"])
    recompute(people=[said.person_id], on=on)
    return said
