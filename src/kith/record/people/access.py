"""Which people a viewer may open, know of, or find in a list: the one place that says so, applied in the query."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db.models import Q, QuerySet

from kith.foundation.access.decision import Decision
from kith.foundation.access.policy import policy
from kith.foundation.access.viewer import Viewer
from kith.foundation.prepared import number

from .models import Person
from .one_of import Ids
from .standing import BY_WORK, standing_of

Only = int | Collection[int] | None
HIDDEN = policy().hiding  # to all but those whom such a restriction lets in there is no such record


def decision_on(viewer: Viewer, person: Person | int) -> Decision:
    """May this viewer open this person's record: what was decided, why, by which relationship, and what is withheld."""
    return standing_of(viewer).whole_decision(person if isinstance(person, int) else person.pk)


def look_at(viewer: Viewer, people: Collection[int]) -> None:
    """Before it is asked whether each of several records opens: what must be read of them is read at once."""
    standing_of(viewer).look_at(people)


def opens(viewer: Viewer, person: int) -> bool:
    """Whether this person's record opens to this viewer."""
    return standing_of(viewer).decision(person).allowed


def visible_to(viewer: Viewer) -> QuerySet[Person]:
    """The people whose record this viewer may open."""
    return Person.objects.filter(standing_of(viewer).may_open("pk"))


def known_to(viewer: Viewer) -> QuerySet[Person]:
    """The people of whom this viewer may know that there is a record, to whom and in which team; and no more."""
    return Person.objects.filter(standing_of(viewer).may_know("pk"))


def hidden_from(viewer: Viewer) -> QuerySet[Person]:
    """The few people of whom this viewer may not know at all."""
    return Person.objects.filter(pk__one_of=standing_of(viewer).hidden)


def may_open(viewer: Viewer, column: str = "person_id", *, only: Only = None) -> Q:
    """The rows about people whose record opens to this viewer; `column` holds the person's number.

    `only`: nobody is asked about but this one (or these), and the records read with it, which takes less reading.
    """
    return standing_of(viewer).may_open(column, _several(only))


def opened_with(viewer: Viewer, person: int) -> Ids:
    """Of this record and those read with it, the ones that open to this viewer; nobody, where hers does not."""
    return standing_of(viewer).opened_with((person,))


def may_know(viewer: Viewer, column: str = "person_id") -> Q:
    """The rows about people whom this viewer may know of."""
    return standing_of(viewer).may_know(column)


def known(viewer: Viewer) -> tuple[bool, Ids]:
    """Of whom this viewer may know: (True, of everybody but these), or (False, of these alone)."""
    return standing_of(viewer).known()


def among(column: str, *, all_but: bool) -> Q:
    """For a prepared query: what `known` says of those in a column, its numbers given as `these`."""
    some = Q(**{f"{column}__one_of": number("these")})
    return ~some if all_but else some


def may_list(viewer: Viewer, column: str = "person_id", *, only: Only = None) -> Q:
    """The rows that a list or a count may hold for this viewer."""
    return standing_of(viewer).may_list(column, _several(only))


def opens_everybody(viewer: Viewer) -> bool:
    """Whether every ordinary record opens to this viewer: it is then quicker to leave the few others out."""
    return bool(standing_of(viewer).everybody)


def opens_family_of(viewer: Viewer, person: Person) -> Callable[[bool, int], bool]:
    """Asks of somebody in this person's life, (of the family?, number), whether that record opens too.

    Whoever works with a child works with its family: of them it is known without reading any more.
    """
    standing = standing_of(viewer)
    near = standing.decision(person.pk).relationship in BY_WORK and "family" in standing.opens

    def opened(family: bool, pk: int) -> bool:
        return (near and family and pk not in standing.special) or standing.decision(pk).allowed

    return opened


def relationship(viewer: Viewer, person: Person) -> str:
    """What this viewer is to this person today, by its name in the policy table."""
    return standing_of(viewer).decision(person.pk).relationship


def _several(only: Only) -> Collection[int] | None:
    return (only,) if isinstance(only, int) else only
