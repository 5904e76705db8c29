"""Whose details a viewer may change."""

from __future__ import annotations

from kith.foundation.access.viewer import Viewer
from kith.record.people.models import CARER, CHILD, Person
from kith.record.people.queries import kept_for

MAY = {CHILD: "record_work", CARER: "record_carers"}


def person_for(viewer: Viewer, pk: int) -> Person | None:
    """A child, or a carer, whose record opens to somebody who records work with them; else nobody.

    Of an allegation, and of a worker's own supervision, the record holds a name and no more.
    """
    found = kept_for(viewer, only=pk).filter(pk=pk).first()
    return found if found is not None and found.about in MAY and viewer.may(MAY[found.about]) else None
