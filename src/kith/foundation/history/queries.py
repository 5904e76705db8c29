"""Reading the history: what was changed, by whom and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from .models import Change, Opening


def changes_to(rows: Mapping[str, Iterable[object]]) -> QuerySet[Change]:
    """Every change to these rows (ids by table), newest first. The caller has been let in to see the rows."""
    wanted = Q(pk__in=[])
    for table, ids in rows.items():
        wanted |= Q(table=table, row__in=[str(each) for each in ids])
    return Change.objects.filter(wanted).order_by("-at", "-pk")


@dataclass(frozen=True)
class Touch:
    """Somebody saw or changed one person's record, or was refused it. Ids alone: no name, and nothing of what it says.

    `act` is opened, shown, listed, refused, added, changed or removed.
    """

    at: datetime
    act: str
    person: int
    worker: int | None
    role: str
    relationship: str
    decision: str
    purpose: str
    where: str
    client: str


def between(*, since: datetime, until: datetime, person: int | None = None) -> list[Touch]:
    """Who saw or changed which record from one moment to another, in order: what is told after a breach."""
    rows = Opening.objects.filter(at__gte=since, at__lte=until).order_by("at", "pk")
    found = [touch for row in rows.iterator(2_000) for touch in _of_opening(row)]
    changes = Change.objects.filter(at__gte=since, at__lte=until).exclude(person=None)
    found += [_of_change(row) for row in changes.defer("before", "after").iterator(2_000)]
    return sorted((each for each in found if person in (None, each.person)), key=lambda each: each.at)


def _of_opening(row: Opening) -> Iterable[Touch]:
    said = (row.worker, row.role, row.relationship, row.decision, row.purpose, row.page, row.client)
    if row.person is not None:
        yield Touch(row.at, row.kind, row.person, *said)
    act = Opening.LISTED if row.kind == Opening.LISTED else "shown"
    for other in row.shown or ():
        yield Touch(row.at, act, other, *said)


def _of_change(row: Change) -> Touch:
    where = f"{row.table} {row.row}"
    return Touch(row.at, row.act, row.person or 0, row.worker, row.role, "", "", row.purpose, where, row.client)
