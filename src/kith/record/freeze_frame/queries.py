"""Reading a child's page as it was known on a day, for a viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kith.foundation.access.viewer import Viewer
from kith.record.chronology import queries as chronology
from kith.record.chronology.queries import Reads, child_for
from kith.record.people import ties
from kith.record.people.queries import NotFound

from .frame import as_known, end_of


@dataclass(frozen=True)
class Frame:
    """What the child's page read, and the words of every entry of the story, by its part."""

    reads: Reads
    texts: dict[int, dict[str, Any]]


def frame(viewer: Viewer, pk: int, *, on: date, few: int) -> Frame | None:
    """All that the file held, as it was known at the end of a day; None where nothing was known of the child yet.

    `few` is how many documents are read.
    NotFound where the viewer may not open the record today.
    """
    child = child_for(viewer, pk)
    with as_known(viewer, list(ties.of(child)), at=end_of(on), on=on):
        try:
            reads = chronology.reads(viewer, pk, on=on, few=few)
        except NotFound:
            return None
        return Frame(reads, chronology.texts(viewer, [each.pk for each in reads.events], reads.person.veil))
