"""Writing to the history what no trigger can see: that a record was opened."""

from __future__ import annotations

from django.utils import timezone

from .actor import current
from .models import Opening


def opened(*, person: int, relationship: str, page: str, purpose: str = "") -> Opening:
    """Note that the acting worker opened this person's record, in the transaction that shows it."""
    actor = current()
    if actor is None:
        raise RuntimeError("A record was opened with nobody acting.")
    return Opening.objects.create(
        at=timezone.now(),
        person=person,
        worker=actor.worker,
        role=actor.role,
        relationship=relationship,
        purpose=purpose or actor.purpose,
        page=page,
        request=actor.request,
    )
