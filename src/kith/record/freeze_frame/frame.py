"""Which rows a child's page is made of, and how they are put back to a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cache

from django.db import models
from django.db.models import Q
from django.utils import timezone

from kith.foundation.access.viewer import Viewer
from kith.foundation.history.models import Change
from kith.foundation.history.triggers import kept_models, person_column
from kith.record.deadlines.actions import rows_of, worked_out
from kith.record.deadlines.models import Deadline, HeldFact
from kith.record.people.models import FamilyMember, Person, Relationship
from kith.record.people.shields import decided
from kith.record.people.standing import standing_of
from kith.record.steps.models import Part, Step

from .shadows import Shadows, shadows

# The apps whose rows the child's page shows; and of them the models that decide who may see what, which speak of today
# whatever day is looked at.
SHOWN = {"people", "periods", "steps", "promises", "meetings", "visits", "protection", "documents"}
OF_TODAY = {"Barring", "Grant", "Named", "Restriction", "Same", "Tie"}
AROUND = (Relationship, FamilyMember)
PARENTS = ("mother", "father")


def settle(viewer: Viewer) -> None:
    """Have everything read now that decides which records open to the viewer: inside, the tables speak of then."""
    standing = standing_of(viewer)
    for name in ("special", "family", "hidden", "shut", "opened", "withheld"):
        getattr(standing, name)


def end_of(day: date) -> datetime:
    """The last moment of a London day: what was recorded on it was known on it."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) - timedelta(microseconds=1)


@contextmanager
def as_known(viewer: Viewer, people: list[int], *, at: datetime, on: date) -> Iterator[None]:
    """Inside, every query reads the rows of these people (records of one child) as they were known at a moment.

    Call only for people whose record the viewer may open. What the viewer may see is settled before, as of today.
    """
    with shadows(at) as made:
        near = _around(made, people)
        settle(viewer)
        with decided(viewer, near):
            yield from _inside(made, people, near, on)


def _inside(made: Shadows, people: list[int], near: set[int], on: date) -> Iterator[None]:
    for model in AROUND:
        made.fill(model, column="person_id", ids=near, more=Q(person__in=near))
    _work(made, people)
    made.fill(Person, column="id", ids=near)
    _clocks(made, people, on)
    yield


def _around(made: Shadows, people: list[int]) -> set[int]:
    """The ids of everybody in these people's lives, now or then, and of all who have a part in a step with them."""
    ids = {*people}
    changed = Change.objects.filter(at__gt=made.at)
    ties = list(
        Relationship.objects.filter(Q(person__in=ids) | Q(other__in=ids)).values_list("person", "other", "kind")
    )
    befores = changed.filter(table=Relationship._meta.db_table).exclude(before=None)
    then = [row.before for row in befores.filter(Q(person__in=ids) | Q(before__other_id__in=people))]
    ties += [(each["person_id"], each["other_id"], each["kind"]) for each in then]
    near = ids | {each for person, other, _ in ties for each in (person, other) if each}
    parents = [other for person, other, kind in ties if person in ids and kind in PARENTS and other]
    near |= set(Relationship.objects.filter(other__in=parents).values_list("person", flat=True))
    near |= {row.before["person_id"] for row in befores.filter(before__other_id__in=parents)}
    parts = changed.filter(table=Part._meta.db_table, person__in=people).exclude(before=None)
    steps = {*Part.objects.filter(person__in=people).values_list("step", flat=True)}
    steps |= {row.before["step_id"] for row in parts}
    near |= set(Part.objects.filter(step__in=steps).values_list("person", flat=True))
    return near | _families(people, made)


def _families(people: list[int], made: Shadows) -> set[int]:
    befores = Change.objects.filter(at__gt=made.at, table=FamilyMember._meta.db_table).exclude(before=None)
    families = set(FamilyMember.objects.filter(person__in=people).values_list("family", flat=True))
    families |= {row.before["family"] for row in befores.filter(person__in=people)}
    found = set(FamilyMember.objects.filter(family__in=families).values_list("person", flat=True))
    return found | {row.before["person_id"] for row in befores.filter(before__family__in=sorted(families))}


def _work(made: Shadows, people: list[int]) -> None:
    """What is these people's own, the steps they have a part in with every other part, and the details of each."""
    for model in _own_of_a_person():
        made.fill(model, column="person_id", ids=people, more=Q(person__in=people))
    steps = made.ids(Part, "step_id")
    made.fill(Part, column="step_id", ids=steps)
    made.fill(Step, column="id", ids=steps)
    for model, parent, column in _details():
        made.fill(model, column=column, ids=made.ids(parent))


def _clocks(made: Shadows, people: list[int], on: date) -> None:
    """The deadlines are not in the history: they are worked out again from the facts known then."""
    made.copy(HeldFact)
    made.empty(Deadline)
    rows = rows_of(worked_out(people=people, on=on))
    Deadline.objects.bulk_create([Deadline(pk=number, **row) for number, row in enumerate(rows, 1)])


def _is_shown(model: type[models.Model]) -> bool:
    return model._meta.app_label in SHOWN and model.__name__ not in OF_TODAY


@cache
def _own_of_a_person() -> tuple[type[models.Model], ...]:
    """The models whose rows are one person's."""
    out = {*AROUND, Person}
    return tuple(
        each for each in kept_models() if person_column(each) == "person_id" and each not in out and _is_shown(each)
    )


@cache
def _details() -> tuple[tuple[type[models.Model], type[models.Model], str], ...]:
    """The models whose rows hang from one of those: (model, what it hangs from, by which column)."""
    parents = {*_own_of_a_person(), Step}
    found = []
    for model in kept_models():
        if model in parents or model in AROUND or not _is_shown(model):
            continue
        for each in model._meta.concrete_fields:
            if each.is_relation and each.related_model in parents:
                found.append((model, each.related_model, each.column))
                break
    return tuple(found)
