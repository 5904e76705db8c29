"""Which people a viewer may see: the one place that says so, applied in the query."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from kith.foundation.access.policy import policy
from kith.foundation.access.viewer import Viewer

from .models import Barring, Named, Person, Restriction

HIDDEN = ("R1", "R3", "R4")  # hidden from all but those named; R2 hides whereabouts, not the child


def visible_to(viewer: Viewer) -> QuerySet[Person]:
    """The people this viewer may know of. A subquery, not a join: joins and EXISTS are far slower on SQLite."""
    role = policy().roles.get(viewer.role)
    if viewer.worker is None or role is None or role.children != "all":
        return Person.objects.none()
    barred = Barring.objects.filter(worker_id=viewer.worker, ended_on=None).values("person_id")
    named = Named.objects.filter(worker_id=viewer.worker, ended_on=None).values("person_id")
    hidden = Restriction.objects.filter(level__in=HIDDEN, ended_on=None).values("person_id")
    return Person.objects.exclude(pk__in=barred).filter(~Q(pk__in=hidden) | Q(pk__in=named))


def hidden_from(viewer: Viewer) -> QuerySet[Person]:
    """The few people a viewer may not know of: the other half of `visible_to`, cheaper to leave out of a long list."""
    barred = Barring.objects.filter(worker_id=viewer.worker, ended_on=None).values("person_id")
    named = Named.objects.filter(worker_id=viewer.worker, ended_on=None).values("person_id")
    hidden = (
        Restriction.objects.filter(level__in=HIDDEN, ended_on=None).exclude(person_id__in=named).values("person_id")
    )
    return Person.objects.filter(Q(pk__in=barred) | Q(pk__in=hidden))
