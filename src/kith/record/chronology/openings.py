"""Who opened which record: of one child, and of all the children somebody works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.foundation.history.models import Opening
from kith.foundation.prepared import Prepared, number
from kith.record.people import ties
from kith.record.people.grants import EMERGENCY
from kith.record.people.models import Involvement, Person
from kith.record.people.one_of import Ids
from kith.record.people.queries import children_for
from kith.record.people.standing import BY_WORK

LATELY = 28  # days, where no others are asked for
KINDS = {
    "": "Opened or tried",
    "outside": "Opened by somebody who does not work with the child",
    "emergency": "Opened in an emergency",
    "refused": "Tried, and was refused",
}
COLUMNS = ("at", "kind", "person", "name", "role", "relationship", "page", "purpose", "decision")
_WHICH = {
    "": Q(),
    "outside": Q(kind=Opening.OPENED) & ~Q(relationship__in=BY_WORK),
    "emergency": Q(kind=Opening.OPENED, relationship=EMERGENCY),
    "refused": Q(kind=Opening.REFUSED),
}


@dataclass(frozen=True)
class Asked:
    """What a list of openings is asked for: which kind, of which child (0: any), from a day until a day."""

    kind: str
    child: int
    since: date
    until: date

    def filters(self, kind: str | None = None) -> dict[str, object]:
        """As an address says it."""
        return {"kind": self.kind if kind is None else kind, "child": self.child or "", "from": self.since} | {
            "until": self.until
        }


def lately(on: date) -> date:
    """The first day that is shown where no day is asked for."""
    return on - timedelta(days=LATELY)


def of_child(person: Person) -> QuerySet[Opening, Any]:
    """Who opened this child's record, newest first; call only for a child whose record opens to the viewer."""
    rows = Opening.objects.filter(person__in=ties.of(person), kind=Opening.OPENED)
    return _named(rows)


def newest_of_child(person: Person) -> list[Any]:
    """The newest forty of those."""
    return _newest.ask(people=Ids(ties.of(person)))


@Prepared
def _newest() -> QuerySet[Opening, Any]:
    return _named(Opening.objects.filter(person__one_of=number("people"), kind=Opening.OPENED))[:40]


def of_mine(viewer: Viewer, asked: Asked) -> QuerySet[Opening, Any]:
    """Who else opened, or tried to open, the record of a child whom this viewer works with; newest first."""
    mine = my_children(viewer)
    if asked.child:
        mine = mine.filter(pk=asked.child)
    start, end = _moment(asked.since), _moment(asked.until + timedelta(days=1))
    rows = Opening.objects.filter(_WHICH[asked.kind], person__in=mine.values("pk"), at__gte=start, at__lt=end)
    return _named(rows.exclude(kind=Opening.LISTED).exclude(worker=viewer.worker))


def my_children(viewer: Viewer) -> QuerySet[Person]:
    """The children in whose lives this viewer has a part now, and whose record opens to her."""
    mine = Involvement.objects.filter(worker_id=viewer.worker, ended_on=None).values("person_id")
    return children_for(viewer).filter(pk__in=mine).order_by("surname", "forename", "pk")


def _named(rows: QuerySet[Opening]) -> QuerySet[Opening, Any]:
    names = Worker.objects.filter(pk=OuterRef("worker")).values("name")[:1]
    return rows.annotate(name=Subquery(names)).order_by("-at", "-pk").values_list(*COLUMNS, named=True)


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
