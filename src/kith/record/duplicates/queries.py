"""Reading duplicates, always for a viewer: a pair of which one may not be known of is not there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from kith.analysis.linkage.name_keys import tokens
from kith.foundation.access.viewer import Viewer
from kith.record.people.access import opens
from kith.record.people.asking import Asked
from kith.record.people.finding import Found, find
from kith.record.people.models import Address, Alias, Identifier, Involvement, Person, Relationship, Same
from kith.record.people.queries import PARENTS, NotFound
from kith.record.people.shields import withheld_among
from kith.record.people.ties import STANDING, together
from kith.record.periods.models import Period
from kith.record.steps.models import Part

from .access import comparable, may_compare
from .models import Likely

FEW = 5  # people shown as alike when somebody is added
ALIKE = 86.0  # how well a name must answer, out of 100, to be shown then
BORN_ALIKE = 80.0  # the same, where the date of birth agrees too


def likely_for(viewer: Viewer) -> QuerySet[Likely]:
    """The likely pairs that nobody has decided, the most likely first."""
    rows = Likely.objects.filter(may_compare(viewer, "one_id", "other_id")).select_related("one", "other")
    return rows.exclude(pk__in=_spoken_of()).order_by("-probability", "one_id", "other_id")


def _spoken_of() -> QuerySet[Any, Any]:
    """Pairs that somebody has proposed or decided since the night."""
    from django.db.models import Exists, OuterRef, Q

    one, other = OuterRef("one_id"), OuterRef("other_id")
    either = Q(person_id=one, leads_id=other) | Q(person_id=other, leads_id=one)
    return Likely.objects.filter(Exists(Same.objects.filter(either))).values("pk")


def links_for(viewer: Viewer) -> QuerySet[Same]:
    """Every link between two records that this viewer may know of, the newest first."""
    rows = Same.objects.filter(may_compare(viewer, "person_id", "leads_id"))
    return rows.select_related("person", "leads", "proposed_by", "decided_by", "parted_by").order_by("-pk")


def waiting_for(viewer: Viewer) -> QuerySet[Same]:
    """The links that wait for a second person."""
    return links_for(viewer).filter(agreed=None, parted_at=None)


def joined_for(viewer: Viewer) -> QuerySet[Same]:
    """The records that are read as one now."""
    return links_for(viewer).filter(agreed=True, parted_at=None)


def link_for(viewer: Viewer, pk: int) -> Same:
    """One link; NotFound where there is none, or the viewer may not know of one of its records."""
    found = links_for(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("link")
    return found


def pair_for(viewer: Viewer, one: int, other: int) -> tuple[Person, Person]:
    """Two people who may be compared; NotFound where either may not be known of, or they are one record."""
    rows = {row.pk: row for row in comparable(viewer).filter(Q(pk=one) | Q(pk=other))}
    if len(rows) != 2:
        raise NotFound("pair")
    return rows[one], rows[other]


def standing_link(one: Person, other: Person) -> Same | None:
    """The link between these two that is proposed or agreed, if there is one."""
    pair = [one.pk, other.pk]
    return Same.objects.filter(STANDING, person_id__in=pair, leads_id__in=pair).first()


def why_likely(one: Person, other: Person) -> list[str]:
    """What the nightly job said of this pair."""
    low, high = sorted((one.pk, other.pk))
    found = Likely.objects.filter(one_id=low, other_id=high).first()
    return list(found.why) if found else []


def looks_like(viewer: Viewer, asked: Asked) -> list[Found]:
    """Who, of those this viewer may find, somebody about to be added looks like: by name and birth, or by a number."""
    names = Asked(names=asked.names, born_on=asked.born_on)
    numbers = Asked(numbers=asked.numbers)
    found = [] if numbers.nothing else find(viewer=viewer, asked=numbers, most=FEW)[0]
    named = [] if not asked.names else find(viewer=viewer, asked=names, most=FEW)[0]
    known = {each.person for each in found}
    alike = [each for each in named if each.person not in known and each.score >= _enough(each)]
    return [*found, *alike][:FEW]


def _enough(each: Found) -> float:
    return BORN_ALIKE if any("date of birth" in words for words in each.why) else ALIKE


def names_of(forename: str, surname: str) -> tuple[str, ...]:
    """The words of a name, folded."""
    return tokens(f"{forename} {surname}")


class Side:
    """One of two records set side by side: what is known of it, and of those already read with it."""

    def __init__(self, viewer: Viewer, person: Person) -> None:
        """Read it. Where the record does not open, only what tells who it is, and who to ask."""
        ids = together(person.pk)
        self.person = person
        self.opens = opens(viewer, person.pk)
        self.withheld = bool(withheld_among(viewer, ids))
        self.names = list(Alias.objects.filter(person__in=ids).values_list("forename", "surname"))
        self.numbers = list(
            Identifier.objects.filter(person__in=ids, voided_at=None).values_list("kind", "value").order_by("kind")
        )
        self.addresses = list(_addresses(ids)) if self.opens and not self.withheld else []
        self.parents = list(_parents(viewer, ids)) if self.opens else []
        self.workers = list(_workers(ids))
        now = Period.objects.filter(person__in=ids, ended_on=None, voided_at=None)
        self.open = list(now.values_list("kind", "code")) if self.opens else []
        self.entries = Part.objects.filter(person__in=ids).count()


def _addresses(ids: Sequence[int]) -> QuerySet[Any, Any]:
    rows = Address.objects.filter(person__in=ids).order_by("-started_on", "-pk")
    return rows.values_list("lines", "postcode", "ended_on")[:3]


def _parents(viewer: Viewer, ids: Sequence[int]) -> QuerySet[Any, Any]:
    rows = Relationship.objects.filter(person__in=ids, kind__in=PARENTS, other__in=comparable(viewer))
    return rows.values_list("kind", "other__forename", "other__surname")


def _workers(ids: Sequence[int]) -> QuerySet[Any, Any]:
    now = Involvement.objects.filter(person__in=ids, ended_on=None).exclude(worker=None)
    return now.values_list("role", "worker__name", "team__name")
