"""Children by the id that a return calls them by: whom of them a viewer may know of, and who works with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from kith.foundation.access.viewer import Viewer
from kith.foundation.history.actor import beyond_the_wall

from .access import hidden_from, may_list, may_open, visible_to
from .models import Involvement, Person
from .one_of import Ids
from .standing import standing_of

PERSON = "person:"
ASKED = 5_000  # ids in one query


@dataclass(frozen=True)
class Known:
    """A child of a return who is in the record: its number, the name, and whether the record opens to the viewer."""

    pk: int
    name: str
    opens: bool


def known_by(viewer: Viewer, ids: Iterable[str]) -> dict[str, Known]:
    """Those of these ids that are a person whom a list may name to this viewer; of all others there is no word."""
    columns = ("pk", "ref", "forename", "surname", "expected_on", "born_on")
    found = {}
    for some in _refs(ids):
        wanted = Person.objects.filter(may_list(viewer, "pk"), ref__in=some)
        open_to = set(wanted.filter(may_open(viewer, "pk")).values_list("pk", flat=True))
        for each in wanted.only(*columns):
            found[each.ref.removeprefix(PERSON)] = Known(each.pk, each.name, each.pk in open_to)
    return found


def teams_by(viewer: Viewer, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
    """The team, its number and name, that works with each child today, of those whom a list may hold for this viewer.

    The allocated worker's team; where there is none, the team that came last.
    """
    found = {}
    for some in _refs(ids):
        refs = dict(Person.objects.filter(may_list(viewer, "pk"), ref__in=some).values_list("pk", "ref"))
        for person, team, name in _teams(refs):
            found[refs[person].removeprefix(PERSON)] = (team, name)
    return found


def every_team(ids: Iterable[str]) -> dict[str, int]:
    """The number of the team that works with each child today, whoever asks: for what is counted each night."""
    found = {}
    for some in _refs(ids):
        refs = dict(Person.objects.filter(ref__in=some).values_list("pk", "ref"))
        for person, team, _ in _teams(refs):
            found[refs[person].removeprefix(PERSON)] = team
    return found


def _teams(people: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    now = Involvement.objects.filter(person__one_of=Ids(people), ended_on=None).exclude(team=None)
    columns = ("person_id", "team_id", "team__name")
    for which in (~Q(role__istartswith="allocated"), Q(role__istartswith="allocated")):  # the last one counts
        yield from now.filter(which).order_by("started_on", "pk").values_list(*columns)


def opening_to(viewer: Viewer, people: Iterable[int]) -> set[int]:
    """Those of these people, by number, whose record opens to this viewer."""
    return set(visible_to(viewer).filter(pk__one_of=Ids(people)).values_list("pk", flat=True))


def hidden_numbers(viewer: Viewer) -> set[int]:
    """The numbers of the few people of whom this viewer may not know at all."""
    return set(standing_of(viewer).hidden.numbers)


def hidden_ids(viewer: Viewer) -> set[str]:
    """The ids of the few people of whom this viewer may not know at all: to leave them out, and for nothing else."""
    with beyond_the_wall():
        return {ref.removeprefix(PERSON) for ref in hidden_from(viewer).values_list("ref", flat=True)}


def _refs(ids: Iterable[str]) -> Iterator[list[str]]:
    refs = sorted({f"{PERSON}{each}" for each in ids})
    for at in range(0, len(refs), ASKED):
        yield refs[at : at + ASKED]
