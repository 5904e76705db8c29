"""Reading people, always for a viewer: one person, a family, a household, who works with a child."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import Http404

from kith.foundation.access.viewer import Viewer
from kith.foundation.prepared import Given

from . import ties
from .access import Only, known_to, may_know, may_list, may_open
from .families import PARENTS
from .models import Address, Barring, FamilyMember, Involvement, Named, Person, Relationship, Restriction
from .one_of import Ids
from .shields import withheld_among, withheld_from


class NotFound(Http404):
    """There is nobody of that number, or nobody that this viewer may know of. The two must look alike.

    `person` is the number asked for: the history keeps it, whether anybody has it or not.
    """

    def __init__(self, what: str, person: int | None = None) -> None:
        """What was looked for, and whose number was given."""
        super().__init__(what)
        self.person = person


def person_for(viewer: Viewer, pk: int) -> Person:
    """The person of that number, if their record opens to this viewer; else NotFound."""
    found = Person.objects.filter(may_open(viewer, "pk", only=pk), pk=pk).first()
    if found is None:
        raise NotFound("person", pk)
    return found


def children_for(viewer: Viewer, *, only: Only = None) -> QuerySet[Person]:
    """Every child whose record opens to this viewer; or of `only` one, or some."""
    return Person.objects.filter(may_open(viewer, "pk", only=only), is_child=True)


def kept_for(viewer: Viewer, *, only: Only = None) -> QuerySet[Person]:
    """Everybody with a record of work that opens to this viewer, children and grown-ups; or of `only` one, or some."""
    return Person.objects.filter(may_open(viewer, "pk", only=only)).exclude(is_child=False, record="")


def grown_ups_for(viewer: Viewer, *, only: Only = None) -> QuerySet[Person]:
    """Every grown-up with a record of work that opens to this viewer; or of `only` one, or some."""
    return kept_for(viewer, only=only).filter(is_child=False)


def brothers_and_sisters(viewer: Viewer, person: Person) -> QuerySet[Person]:
    """The children of this one's family, who share a parent, or are said to be related; eldest first.

    All that the viewer may know of: their names are part of this child's life, though their records may not open.
    """
    return siblings_of(Ids(ties.of(person))).filter(may_know(viewer, "pk")).order_by("born_on", "expected_on", "pk")


def siblings_of(ours: Ids | Given) -> QuerySet[Person]:
    """The children who are a brother or sister of somebody, given the records read as theirs, whoever may know it."""
    ids = sibling_ids(ours)
    both = ids.union(ties.leaders_of(ids))  # one subquery: two with OR read every person
    found = Person.objects.filter(pk__in=both, is_child=True).exclude(pk__in=ties.followers())
    return found.exclude(pk__one_of=ours)


def sibling_ids(ours: Ids | Given) -> QuerySet[FamilyMember]:
    """Ids of whoever may be a brother or sister of somebody, given the records read as theirs.

    They themselves and adults of the family are among them, and records that another leads: narrow it further.
    """
    families = FamilyMember.objects.filter(person__one_of=ours).values("family")
    parents = Relationship.objects.filter(person__one_of=ours, kind__in=PARENTS).exclude(other=None).values("other_id")
    said = Relationship.objects.filter(kind="brother_or_sister")
    return (
        FamilyMember.objects.filter(family__in=families)
        .values_list("person_id")
        .union(
            Relationship.objects.filter(kind__in=PARENTS, other__in=parents).values_list("person_id"),
            said.filter(person__one_of=ours).exclude(other=None).values_list("other_id"),
            said.filter(other__one_of=ours).values_list("person_id"),
        )
    )


def household(viewer: Viewer, person: Person) -> QuerySet[Person]:
    """Everybody not hidden who lives with this person today: said to be in the home, or at the same address.

    Nobody, where the viewer may not know the whereabouts of one of them.
    """
    now = Address.objects.filter(ended_on=None).exclude(lines="")
    ours = ties.of(person)
    here = now.filter(person__in=ours).values("lines")
    where = now.filter(person__in=ours).values("postcode")
    said = Relationship.objects.filter(person__in=ours, in_household=True, ended_on=None).exclude(other=None)
    ids = said.values_list("other_id").union(
        now.filter(lines__in=here, postcode__in=where).exclude(postcode="").values_list("person_id")
    )
    known = known_to(viewer).filter(pk__in=ids).exclude(pk__one_of=withheld_from(viewer))
    if withheld_among(viewer, [person.pk]):
        return known.none()
    return known.exclude(pk__in=ours).order_by("born_on", "pk")


def opening_of(viewer: Viewer, people: QuerySet[Person]) -> QuerySet[Person]:
    """Those of these people whose records open to this viewer."""
    return people.filter(may_open(viewer, "pk"))


def those_listed(viewer: Viewer, people: Iterable[int]) -> set[int]:
    """Those of these people whom a list or a count may hold for this viewer."""
    wanted = Person.objects.filter(may_list(viewer, "pk"), pk__one_of=Ids(people))
    return set(wanted.values_list("pk", flat=True))


def names_listed(viewer: Viewer, people: Iterable[int]) -> dict[int, dict[str, str]]:
    """The names of these people, and the pages about them, of those whom a list may hold for this viewer."""
    found = Person.objects.filter(may_list(viewer, "pk"), pk__one_of=Ids(people))
    return {each.pk: {"words": each.name, "url": each.page} for each in found}


def involvements(person: Person) -> QuerySet[Involvement]:
    """Everybody who works or worked with this person, newest first. Ask for the person with `person_for` before."""
    return involvements_of(Ids(ties.of(person)))


def involvements_of(people: Ids | Given) -> QuerySet[Involvement]:
    """The same, given the records read as one person's."""
    found = Involvement.objects.filter(person__one_of=people).select_related("worker", "team")
    return found.order_by("-started_on", "-pk")


def allocated(viewer: Viewer, person: Person) -> Involvement | None:
    """The allocated worker's involvement today, or nothing: a child with nobody is a gap to be said aloud."""
    person_for(viewer, person.pk)
    now = involvements(person).filter(ended_on=None, role__istartswith="allocated")
    return now.first()


def restrictions_of(person: Person) -> list[Restriction]:
    """Every restriction of this person, those in force first, with who put it."""
    rows = Restriction.objects.filter(person=person).select_related("recorded_by")
    return sorted(rows, key=lambda row: (row.ended_on is not None, row.level, row.pk))


def named_for(person: Person) -> QuerySet[Named]:
    """Who is named for this person's record today, by name."""
    return Named.objects.filter(person=person, ended_on=None).select_related("worker").order_by("worker__name", "pk")


def addresses_for(viewer: Viewer, person: Person) -> list[Address]:
    """Where this person lives and lived, newest first; nothing where the viewer may not know it."""
    if withheld_among(viewer, [person.pk]):
        return []
    return list(Address.objects.filter(person=person).order_by("ended_on", "-started_on", "-pk"))


def barrings(person: Person) -> QuerySet[Barring]:
    """Who is barred from this person today, by name."""
    return Barring.objects.filter(person=person, ended_on=None).select_related("worker").order_by("worker__name", "pk")
