"""The second wall: on PostgreSQL, what is hidden from whoever acts does not come out, whatever a query forgets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from tests.factories import a_child, a_period, a_step, a_worker, bar, grant, recorded, restrict

from kith.foundation.access.models import Worker
from kith.foundation.access.reading import ROLE
from kith.foundation.history.actor import Actor, acting
from kith.record.people import wall
from kith.record.people.models import Named, Person
from kith.record.people.standing import EVERYBODY, Standing
from kith.record.periods.models import Period

pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the second wall is PostgreSQL's own: SQLite has none")


@contextmanager
def reading(worker: Worker | None, role: str = "social_worker") -> Iterator[None]:
    """This worker is acting, and reads behind the wall."""
    with acting(Actor(worker=worker.pk if worker else None, role=role), reading_as=ROLE):
        yield


def hidden(child: Person) -> None:
    """Rows about this child in a few tables."""
    a_period(child)
    a_step(child)


def seen(child: Person) -> set[str]:
    """The tables in which any row about this child comes out, with no filter of the application's."""
    rows: dict[str, Any] = {"person": Person.objects.filter(pk=child.pk), "period": Period.objects.filter(person=child)}
    return {name for name, found in rows.items() if found.exists()}


ALL = {"person", "period"}


def test_every_table_of_rows_about_a_person_is_behind_the_wall() -> None:
    assert wall.missing() == []
    assert {"people_person", "periods_period", "promises_promise", "deadlines_deadline"} <= set(wall.walled())


def test_the_barred_get_no_row_and_the_others_do() -> None:
    child, worker, other = a_child(), a_worker("Barred"), a_worker("Other")
    hidden(child)
    bar(worker, child)
    with reading(worker):
        assert seen(child) == set()
    with reading(other):
        assert seen(child) == ALL
    assert seen(child) == ALL  # the control: outside it, all of it is there


@pytest.mark.parametrize("level", ["R1", "R3", "R4"])
def test_a_restricted_child_comes_out_for_those_let_in_alone(level: str) -> None:
    child, worker, named = a_child(), a_worker("Not named"), a_worker("Named")
    hidden(child)
    restrict(child, level)
    if level == "R3":
        grant(named, child, ground="adoption_officers")
    else:
        Named.objects.create(person=child, worker=named, **recorded("named"))
    with reading(worker):
        assert seen(child) == set()
    with reading(named):
        assert seen(child) == ALL


def test_while_nobody_acts_nothing_comes_out_and_a_job_that_says_so_reads_all() -> None:
    child = a_child()
    hidden(child)
    restrict(child, "R4")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kith.actor', '', true), set_config('role', %s, true)", [wall.ROLE])
        assert seen(child) == set()
        transaction.set_rollback(True)
    with reading(None, role="system"):
        assert seen(child) == ALL


@pytest.mark.parametrize("statement", ["UPDATE history_opening SET page = 'x'", "DELETE FROM history_change"])
def test_the_readers_role_cannot_change_the_history_nor_pass_the_wall(statement: str) -> None:
    worker, refused = a_worker(), pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), reading(worker), connection.cursor() as cursor:
        cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = %s", [wall.ROLE])
        assert cursor.fetchone() == (False, False, False)


def test_a_page_whose_query_forgets_to_ask_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    child, worker, other = a_child(), a_worker("Barred"), a_worker("Other")
    bar(worker, child)
    monkeypatch.setattr(Standing, "may_open", lambda self, column, only=None: EVERYBODY)
    answers = []
    for who in (worker, other):
        client = Client()
        client.force_login(who.account)
        answers.append(client.get(f"/children/{child.pk}/").status_code)
    assert answers == [404, 200]
