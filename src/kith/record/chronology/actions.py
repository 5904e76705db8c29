"""Writing on the child's page: which entries are significant, and why."""

from __future__ import annotations

from django.db import transaction

from kith.foundation.access.models import Worker
from kith.record.steps.actions import ChangedMeanwhile, change_part
from kith.record.steps.models import Part
from kith.vocabulary.errors import KithError


@transaction.atomic
def make_significant(*, part: Part, version: int, impact: str, by: Worker) -> Part:
    """Put an entry in the short chronology, with a sentence on what it meant for the child."""
    _check_version(part, version)
    if not impact.strip():
        raise KithError("Say what this meant for the child.", mend="One sentence is enough.")
    return change_part(part=part, by=by, significant=True, impact=impact.strip())


@transaction.atomic
def make_ordinary(*, part: Part, version: int, by: Worker) -> Part:
    """Take an entry out of the short chronology. It stays in the full record, and so does what was written of it."""
    _check_version(part, version)
    return change_part(part=part, by=by, significant=False)


def _check_version(part: Part, version: int) -> None:
    """The part is locked until the transaction ends, and must still be as the writer saw it."""
    if Part.objects.select_for_update().get(pk=part.pk).version != version:
        raise ChangedMeanwhile("Somebody else changed this while you were writing.", mend="Read theirs first.")
