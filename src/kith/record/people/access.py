"""Which people a viewer may see, and what a viewer is to a person: the one place that says so, applied in the query."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from kith.foundation.access.policy import policy
from kith.foundation.access.viewer import Viewer

from . import ties
from .models import Barring, Involvement, Named, Person, Restriction

HIDDEN = ("R1", "R3", "R4")  # hidden from all but those named; R2 hides whereabouts, not the child
SHIELDED = "R2"
NO_RELATIONSHIP = "none"


def visible_to(viewer: Viewer) -> QuerySet[Person]:
    """The people this viewer may know of. A subquery, not a join: joins and EXISTS are far slower on SQLite."""
    role = policy().roles.get(viewer.role)
    if viewer.worker is None or role is None or role.children != "all":
        return Person.objects.none()
    return Person.objects.exclude(pk__in=hidden_from(viewer).values("pk"))


def hidden_from(viewer: Viewer) -> QuerySet[Person]:
    """The few people a viewer may not know of: the other half of `visible_to`, cheaper to leave out of a long list.

    Two records that are, or may be, one person are kept back together: the stricter of the two holds at once.
    """
    barred = Barring.objects.filter(worker_id=viewer.worker, ended_on=None).values("person_id")
    named = Named.objects.filter(worker_id=viewer.worker, ended_on=None).values("person_id")
    hidden = (
        Restriction.objects.filter(level__in=HIDDEN, ended_on=None).exclude(person_id__in=named).values("person_id")
    )
    either = Person.objects.filter(Q(pk__in=barred) | Q(pk__in=hidden)).values("pk")
    return Person.objects.filter(Q(pk__in=either) | Q(pk__in=ties.tied_to(either)))


def shielded_from(viewer: Viewer) -> QuerySet[Restriction]:
    """The restrictions by which where somebody lives is kept from this viewer; take `person_id` of them."""
    named = Named.objects.filter(worker_id=viewer.worker, ended_on=None).values("person_id")
    return Restriction.objects.filter(level=SHIELDED, ended_on=None).exclude(person_id__in=named)


def relationship(viewer: Viewer, person: Person, involvements: Iterable[Involvement] | None = None) -> str:
    """What this viewer is to this person today, for the history: "allocated social worker", "same team", "none".

    `involvements` are the person's open ones, for a page that has read them already.
    """
    mine_now = Involvement.objects.filter(person__in=ties.of(person), ended_on=None)
    now = mine_now if involvements is None else involvements
    rows = sorted(now, key=lambda each: not each.role.lower().startswith("allocated"))
    mine = next((each.role.lower() for each in rows if each.worker_id and each.worker_id == viewer.worker), "")
    ours = any(each.team_id in viewer.teams for each in rows)
    return (mine or ("same team" if ours else NO_RELATIONSHIP))[:40]
