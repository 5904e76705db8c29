"""Reading sealed adoptions: by reference only, by adoption officers only; and who must never be put side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from kith.foundation.access.viewer import Viewer
from kith.foundation.history.actor import beyond_the_wall
from kith.record.people.models import Person, Restriction
from kith.vocabulary.errors import KithError

from .models import AdoptionLink, LinkOpening
from .sealing import Who, key_of

CAPABILITY = "open_adoptions"
APART = ("R3", "R4")


class NoSuchLink(KithError):
    """There is no link of that reference, or the viewer is no adoption officer."""


@dataclass(frozen=True)
class Opened:
    """What the two officers see: both names, the order, and where the birth record is."""

    birth: Person
    adopted: Person
    who: Who


def sealed_apart() -> QuerySet[Any, Any]:
    """Ids of everybody who is never compared with anybody, nor shown beside anybody: the sealed and the withheld.

    The adopted identity is an ordinary record; leaving out the birth one keeps the two apart.
    """
    return Restriction.objects.filter(level__in=APART, ended_on=None).values("person_id")


def links_for(viewer: Viewer) -> QuerySet[AdoptionLink]:
    """Every link, by its reference; none for anybody but an adoption officer."""
    if not viewer.may(CAPABILITY):
        return AdoptionLink.objects.none()
    return AdoptionLink.objects.order_by("reference")


def link_for(viewer: Viewer, reference: str) -> AdoptionLink:
    """The link of that reference; NoSuchLink where there is none for this viewer."""
    found = links_for(viewer).filter(reference=reference).first()
    if found is None:
        raise NoSuchLink("There is no such link.", mend="Check the reference.")
    return found


def found_by(viewer: Viewer, name: str, born_on: date | None) -> list[AdoptionLink]:
    """The links of somebody of exactly this name and birth date, before or after: it does not say which."""
    key = key_of(name, born_on)
    return list(links_for(viewer).filter(Q(birth_key=key) | Q(adopted_key=key))) if key else []


def openings_of(link: AdoptionLink) -> QuerySet[LinkOpening]:
    """Every opening of a link, newest first."""
    return link.openings.select_related("asked_by", "answered_by").order_by("-asked_at", "-pk")


def waiting_for(viewer: Viewer) -> QuerySet[LinkOpening]:
    """The requests that nobody has answered, oldest first; none for anybody but an adoption officer."""
    rows = LinkOpening.objects.filter(answered_at=None, link__in=links_for(viewer))
    return rows.select_related("link", "asked_by").order_by("asked_at", "pk")


def open_now(viewer: Viewer, link: AdoptionLink, *, at: datetime) -> LinkOpening | None:
    """The opening by which this viewer may look now, if there is one."""
    mine = Q(asked_by_id=viewer.worker) | Q(answered_by_id=viewer.worker)
    return openings_of(link).filter(mine, answered_at__lte=at, closes_at__gt=at).first()


@beyond_the_wall()
def people_of(who: Who) -> Opened:
    """The two records of a link that has just been opened: `actions.look` gives the `who`."""
    held = Person.objects.in_bulk([who.birth, who.adopted])
    return Opened(birth=held[who.birth], adopted=held[who.adopted], who=who)
