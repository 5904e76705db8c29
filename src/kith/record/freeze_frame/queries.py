"""Reading a child's page as it was known on a day, for a viewer."""

from __future__ import annotations

from datetime import date

from kith.foundation.access.viewer import Viewer
from kith.record.chronology import queries as chronology
from kith.record.chronology.queries import Reads, child_for
from kith.record.people import ties
from kith.record.people.queries import NotFound

from .frame import as_known, end_of


def reads(viewer: Viewer, pk: int, *, on: date, few: int) -> Reads | None:
    """All that the page shows, as it was known at the end of a day; None where nothing was known of the child yet.

    `few` is how many documents are read.
    NotFound where the viewer may not open the record today.
    """
    child = child_for(viewer, pk)
    with as_known(viewer, list(ties.of(child)), at=end_of(on), on=on):
        try:
            return chronology.reads(viewer, pk, on=on, few=few)
        except NotFound:
            return None
