"""Opening somebody's record: noted in the history with what was decided, in the transaction that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kith.foundation.access.pace import count
from kith.foundation.access.policy import policy
from kith.foundation.access.proof import proof_of
from kith.foundation.history.actions import opened

from .grants import EMERGENCY, running_out
from .models import Person
from .standing import standing_of
from .ties import of


def note_opening(request: Any, person: Person, *, page: str, shown: Iterable[int | None] = ()) -> None:
    """The viewer of this request opened this person's record on this page, which names `shown` besides."""
    if (proof := proof_of(request)) is not None:
        count(worker=request.viewer.worker, proved_at=proof.at, person=person.pk)
    decision = standing_of(request.viewer).decision(person.pk)
    given = decision.relationship in policy().grants or decision.relationship == EMERGENCY
    purpose = standing_of(request.viewer).purposes.get(person.pk, "") if given else ""
    others = list(shown)
    for each in of(person):  # the history of each record says who read it, whatever it is read with
        opened(
            person=each,
            relationship=decision.relationship,
            page=page,
            purpose=purpose,
            decision=decision.reason.value,
            shown=others,
        )
    if decision.relationship == EMERGENCY:
        request.emergency = running_out(worker=request.viewer.worker, person=person.pk)
