"""Records of one person, read together: who is tied to whom, and which record leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Aggregate, BigIntegerField, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from kith.foundation.history.actor import beyond_the_wall
from kith.foundation.prepared import Given, OfSome, OneOf

from .models import Person, Same, Tie

STANDING = Q(parted_at=None) & (Q(agreed=True) | Q(agreed=None))


def tied_to(ids: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """The ids of the records tied to any of these: what keeps one of them back keeps these back too."""
    return Tie.objects.filter(other_id__in=ids).values("person_id")


def together(person: int) -> tuple[int, ...]:
    """Every record that is read with this one, the one that leads first; itself alone when it is joined to none."""
    rows = list(Tie.objects.filter(person_id=person, joined=True).order_by("-leads", "other_id"))
    others = [row.other_id for row in rows]
    return (*others[:1], person, *others[1:]) if rows and rows[0].leads else (person, *others)


def of(person: Person) -> tuple[int, ...]:
    """The same of a person at hand, without asking again where `read_with` came with the row."""
    if hasattr(person, "read_with"):
        others = [int(each) for each in (person.read_with or "").split(",") if each]
        return (person.pk, *sorted(others))
    return together(person.pk)


class Joined(Aggregate):
    """Values as one text with commas between them, on either database."""

    function = "GROUP_CONCAT"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL has another name for it, and wants text."""
        return self.as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')", **context)


def others_read_with() -> Subquery:
    """For a query of people: the ids of the records read with each, as `of` takes them under the name `read_with`."""
    rows = Tie.objects.filter(person_id=OuterRef("pk"), joined=True).order_by().values("joined")
    return Subquery(rows.annotate(ids=Joined("other_id")).values("ids"))


def is_proposed() -> Exists:
    """For a query of people: whether somebody has proposed that each is the same person as another."""
    return Exists(Tie.objects.filter(person_id=OuterRef("pk"), joined=False))


def leader_of(person: int | Given) -> Coalesce:
    """The record that this one is read with, or itself: for a filter."""
    itself = person if isinstance(person, Given) else Value(person)
    return Coalesce(_leading(person), itself, output_field=BigIntegerField())


def led_by(column: str = "pk") -> Coalesce:
    """For a query: the record that leads the one in `column`, or itself."""
    return Coalesce(_leading(OuterRef(column)), F(column), output_field=BigIntegerField())


def _leading(person: Any) -> Subquery:
    return Subquery(Tie.objects.filter(person_id=person, joined=True, leads=True).values("other_id")[:1])


def ever_with(person: int) -> set[int]:
    """This record and every one that was ever said to be of the same person: what was written meanwhile stays there."""
    rows = Same.objects.filter(Q(person=person) | Q(leads=person)).values_list("person_id", "leads_id")
    return {person, *(pk for pair in rows for pk in pair)}


def all_together(people: Iterable[int]) -> dict[int, int]:
    """Every record joined to any of these, with the one that leads it; one query. Those joined to none are theirs."""
    wanted = list(people)
    found = {person: person for person in wanted}
    pairs = _near.ask(wanted)
    found |= {person: person for person, _, _ in pairs}
    return found | {person: other for person, other, leads in pairs if leads}


def _joined_to(hers: OneOf) -> QuerySet[Any, Any]:
    """What joins any of hers to another, and those others to theirs."""
    own = hers("person_id")
    near = Tie.objects.filter(own, joined=True).values("other_id")
    return Tie.objects.filter(own | Q(person_id__in=near), joined=True).values_list("person_id", "other_id", "leads")


_near = OfSome(_joined_to)


def leading() -> dict[int, int]:
    """For every record that is read with another, the one that leads."""
    return dict(Tie.objects.filter(joined=True, leads=True).values_list("person_id", "other_id"))


def leaders_of(ids: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """The records that lead any of these: those that lead none of them are not among them."""
    return Tie.objects.filter(person_id__in=ids, joined=True, leads=True).values_list("other_id")


def followers() -> QuerySet[Any, Any]:
    """The ids of the records that are read with another that leads: they are not counted as somebody of their own."""
    return Tie.objects.filter(joined=True, leads=True).values("person_id")


@beyond_the_wall()
def rebuild(people: Iterable[int]) -> set[int]:
    """Work out the ties of these people anew from the links that stand; gives everybody they are or were tied to."""
    start = set(people)
    before = set(Tie.objects.filter(person_id__in=start).values_list("other_id", flat=True))
    reached, links = _reach(start | before)
    Tie.objects.filter(Q(person_id__in=reached) | Q(other_id__in=reached)).delete()
    leads = {link.person_id: link.leads_id for link in links if link.agreed}
    joined = {person: _leader(person, leads) for person in reached}
    rows = []
    for group in _groups(reached, [(link.person_id, link.leads_id) for link in links]):
        rows += [_tie(one, other, joined) for one in group for other in group if one != other]
    Tie.objects.bulk_create(rows, batch_size=500)
    return reached


def _tie(one: int, other: int, leader: dict[int, int]) -> Tie:
    joined = leader[one] == leader[other]
    return Tie(person_id=one, other_id=other, joined=joined, leads=joined and leader[one] == other)


def _reach(start: set[int]) -> tuple[set[int], list[Same]]:
    """Everybody that a chain of standing links leads to, and those links."""
    reached, new, links = set(start), set(start), {}
    while new:
        found = Same.objects.filter(STANDING).filter(Q(person_id__in=new) | Q(leads_id__in=new))
        links |= {link.pk: link for link in found}
        new = {pk for link in links.values() for pk in (link.person_id, link.leads_id)} - reached
        reached |= new
    return reached, list(links.values())


def _leader(person: int, leads: dict[int, int]) -> int:
    while person in leads:
        person = leads[person]
    return person


def _groups(people: set[int], pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    near = defaultdict(set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    groups, left = [], set(people)
    while left:
        group, new = set(), {left.pop()}
        while new:
            group |= new
            new = {other for one in new for other in near[one]} - group
        left -= group
        groups.append(sorted(group))
    return groups
