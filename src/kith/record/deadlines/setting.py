"""Setting a timescale that is the council's own, from a day on; the past keeps the number it was measured by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction

from kith.foundation.access.models import Worker
from kith.foundation.history.actor import beyond_the_wall
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.overrides import FIELDS, Override, OverrideError, with_overrides
from kith.vocabulary.errors import KithError

from .actions import recompute
from .local import changes, times_changed
from .models import Deadline, LocalDefault


class ChangedMeanwhile(KithError):
    """Somebody else changed the same timescale after this form was opened."""


@transaction.atomic
def change(
    *, rule: str, values: Mapping[str, str], since: date, why: str, by: Worker, at: datetime, on: date, seen: int
) -> list[LocalDefault]:
    """Set a timescale that is the council's own, from today or a later day.

    `values` gives each of FIELDS that is set, as rule files write it. `seen` is how many changes of it the form showed.
    What opens on `since` or later is measured by it, and worked out again here; what opened before keeps its number.
    Raises OverrideError for what cannot be, ChangedMeanwhile when somebody else was first.
    """
    if since < on:
        raise OverrideError("It cannot begin in the past.", mend="The past keeps the number it was measured by.")
    if times_changed(rule) != seen:
        raise _meanwhile()
    ordered = [(field, values[field]) for field in reversed(FIELDS) if field in values]
    with_overrides(rule_book(), [*changes(), *(Override(rule, f, v, since, by.name, why) for f, v in ordered)])
    row = {"rule": rule, "number": seen + 1, "since": since, "why": why.strip(), "by": by, "at": at}
    try:
        with transaction.atomic():
            made = [LocalDefault.objects.create(field=field, value=value, **row) for field, value in ordered]
    except IntegrityError as raced:
        raise _meanwhile() from raced
    _work_out_again(rule, since, on)
    return made


@beyond_the_wall()
def _work_out_again(rule: str, since: date, on: date) -> None:
    people = Deadline.objects.filter(rule=rule, opened_on__gte=since).values_list("person_id", flat=True).distinct()
    if people:
        recompute(people=list(people), on=on)


def _meanwhile() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        "Somebody changed this timescale while you were writing.", mend="Look at what it is now, and save again."
    )
