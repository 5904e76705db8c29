"""Writing on the child's page: which entries are significant, and why."""

from __future__ import annotations

from kith.foundation.access.models import Worker
from kith.record.steps.actions import change_part
from kith.record.steps.models import Part
from kith.vocabulary.errors import KithError


def make_significant(*, part: Part, impact: str, by: Worker) -> Part:
    """Put an entry in the short chronology, with a sentence on what it meant for the child."""
    if not impact.strip():
        raise KithError("Say what this meant for the child.", mend="One sentence is enough.")
    return change_part(part=part, by=by, significant=True, impact=impact.strip())


def make_ordinary(*, part: Part, by: Worker) -> Part:
    """Take an entry out of the short chronology. It stays in the full record, and so does what was written of it."""
    return change_part(part=part, by=by, significant=False)
