"""Why a clock was late, said by a person: it is kept beside the deadline and never moves its date."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kith.foundation.access.models import Worker
from kith.vocabulary.errors import KithError

from .models import Deadline, LateReason


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
