"""What T27 is measured on: small random families, and an oracle that reads their tables itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils import timezone
from hypothesis import strategies as st

from kith.foundation.access.models import Worker
from kith.record.people.models import Person, Same
from tests import factories as make

NAMES = ("Ann", "Anne", "Tom", "Thomas", "Imran", "Emran")
ACTED = ("propose", "agree", "join", "join", "join", "edit", "edit", "part", "stricter")
DERIVED = {"people_tie", "people_namekey", "deadlines_deadline", "deadlines_heldfact", "duplicates_likely"}
LINKS = {"people_same"}  # what is meant to change

CHILDREN = st.integers(min_value=2, max_value=6)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(ACTED),
        st.integers(min_value=0, max_value=5),
        st.integers(min_value=0, max_value=5),
        st.integers(min_value=0, max_value=2),
        st.integers(min_value=0, max_value=2),
    ),
    min_size=4,
    max_size=16,
)
FAMILIES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(("family", "mother", "said"))), max_size=6
)


@dataclass
class Family:
    """Children, some of one family, and three workers who may decide."""

    children: list[Person]
    workers: list[Worker]
    sealed: list[Person] = field(default_factory=list)


def family(children: int, ties: Iterable[tuple[int, int, str]]) -> Family:
    """A family as drawn; the last child of five or more is sealed."""
    made = Family([], [make.a_worker(name, role="team_manager") for name in ("Ada", "Ben", "Cat")])
    for number in range(children):
        child = make.a_child(NAMES[number], "Lee", born_on=timezone.localdate() - timedelta(days=3000 + number))
        make.a_step(child, kind="visit", code="cp", happened_on=timezone.localdate() - timedelta(days=number + 3))
        make.a_period(child, "cp_plan", days=40 + number)
        make.allocate(child, made.workers[number % 3])
        made.children.append(child)
    for one, other, kind in ties:
        _tied(made, made.children[one % children], made.children[other % children], kind)
    if children > 4:
        made.sealed.append(made.children[-1])
        make.restrict(made.children[-1], "R3")
    return made


def _tied(made: Family, one: Person, other: Person, kind: str) -> None:
    if one.pk == other.pk:
        return
    if kind == "family":
        make.one_family(one, other)
    elif kind == "said":
        make.related(one, other, "brother_or_sister")
    else:
        mother = Person.objects.create(forename="Mum", surname="Lee", is_child=False, **make.recorded("person"))
        for each in (one, other):
            make.related(each, mother, "mother")


def rows() -> dict[tuple[str, Any], tuple[Any, ...]]:
    """Every row of every table of the record, read by SQL: what no join may change."""
    found: dict[tuple[str, Any], tuple[Any, ...]] = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if model.__module__.startswith("kith.record.") and table not in DERIVED | LINKS:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{table}"')
                names = [column[0] for column in cursor.description]
                key = names.index(model._meta.pk.column)
                found |= {(table, row[key]): tuple(str(value) for value in row) for row in cursor.fetchall()}
    return found


def components() -> list[set[int]]:
    """The groups of records that are joined or proposed as one, worked out from the links alone."""
    groups: list[set[int]] = []
    for one, other in Same.objects.filter(parted_at=None).exclude(agreed=False).values_list("person_id", "leads_id"):
        near = [group for group in groups if group & {one, other}]
        groups = [group for group in groups if group not in near]
        groups.append({one, other}.union(*near))
    return groups


def must_not_see(worker: Worker) -> set[int]:
    """Everybody this worker must not know of: barred or restricted, herself or through a record that may be hers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM people_barring WHERE ended_on IS NULL AND worker_id = %s", [worker.pk])
        own = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT person_id FROM people_restriction WHERE ended_on IS NULL AND level IN ('R1', 'R3', 'R4') "
            "AND person_id NOT IN (SELECT person_id FROM people_named WHERE ended_on IS NULL AND worker_id = %s)",
            [worker.pk],
        )
        own |= {row[0] for row in cursor.fetchall()}
    return own.union(*(group for group in components() if group & own))
