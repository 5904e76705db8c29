"""The second wall: on PostgreSQL, what is hidden from whoever acts does not come out, whatever a query forgets."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError
from django.test import Client
from django.utils import timezone
from tests.assurance.walls import second_wall_down
from tests.factories import (
    SYSTEM,
    a_child,
    a_period,
    a_step,
    a_worker,
    allocate,
    bar,
    grant,
    on_shift,
    recorded,
    restrict,
    viewer,
)

from kith.foundation.access.models import Worker
from kith.foundation.access.reading import ROLE
from kith.foundation.history.actor import Actor, acting, beyond_the_wall
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.models import Deadline
from kith.record.meetings import queries as meetings
from kith.record.people import restricting, wall
from kith.record.people.models import Named, Person, Restriction
from kith.record.people.standing import EVERYBODY, Standing
from kith.record.periods.models import Period
from kith.record.promises.models import Promise
from kith.record.protection.decisions import ready
from kith.record.steps.actions import cancel
from kith.record.steps.models import Part
from kith.record.steps.queries import in_part, steps_for
from kith.record.visits.models import VisitPart

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
    part = a_step(child).parts.get()
    VisitPart.objects.create(part=part, seen=True, said="It is loud at home")


def seen(child: Person) -> set[str]:
    """The tables in which any row about this child comes out, with no filter of the application's."""
    rows: dict[str, Any] = {"person": Person.objects.filter(pk=child.pk), "period": Period.objects.filter(person=child)}
    rows |= {"part": Part.objects.filter(person=child), "said": VisitPart.objects.filter(said__contains="loud")}
    return {name for name, found in rows.items() if found.exists()}


ALL = {"person", "period", "part", "said"}


def test_every_table_of_rows_about_a_person_is_behind_the_wall() -> None:
    assert wall.missing() == []
    assert {"people_person", "periods_period", "promises_promise", "steps_part"} <= set(wall.walled())
    assert {"visits_visitpart", "protection_strategydecision"} <= set(wall.hanging())


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
        cursor.execute("SELECT set_config('kith.hidden', '', true), set_config('role', %s, true)", [wall.ROLE])
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


def test_a_form_whose_view_forgets_to_ask_saves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    child, worker, other = a_child(), a_worker("Barred", role="team_manager"), a_worker("Other", role="team_manager")
    bar(worker, child)
    monkeypatch.setattr(Standing, "may_open", lambda self, column, only=None: EVERYBODY)
    due = timezone.localdate() + timedelta(days=7)
    sent = {"what": "Ring the school", "owner_name": "", "due_on-day": due.day, "due_on-month": due.month}
    sent |= {"due_on-year": due.year}

    def answers(who: Worker) -> int:
        client = Client()
        client.force_login(who.account)
        return client.post(f"/promises/new/?child={child.pk}", sent | {"owner": f"worker:{who.pk}"}).status_code

    assert (answers(worker), Promise.objects.count()) == (404, 0)
    assert (answers(other), Promise.objects.count()) == (302, 1)
    second_wall_down()
    assert (answers(worker), Promise.objects.count()) == (302, 2)  # the control: the wall alone had kept it out


def test_what_is_written_of_somebody_hidden_is_refused_aloud() -> None:
    child, worker = a_child(), a_worker("Barred")
    hidden(child)
    part, said = Part.objects.get(person=child), VisitPart.objects.get(part__person=child)
    bar(worker, child)
    for row in (child, part, said):
        with pytest.raises(ProgrammingError, match="row-level security"), reading(worker):
            row.save()
        with pytest.raises(DatabaseError, match="did not affect any rows"), reading(worker):
            row.save(update_fields=[row._meta.concrete_fields[-1].name])
    with pytest.raises(ProgrammingError, match="row-level security"), reading(worker):
        a_period(child)
    with pytest.raises(Part.DoesNotExist), reading(worker):
        Part.objects.select_for_update().get(pk=part.pk)


def test_an_act_does_what_it_owes_to_those_its_actor_may_not_know() -> None:
    child, brother, worker = a_child(), a_child("Zephyrin"), a_worker()
    twin = a_child(child.forename, child.surname, born_on=child.born_on)
    shared = a_step(child, brother, kind="section47", code="", opened_on=timezone.localdate())
    recompute(people=None, on=timezone.localdate())
    running = Deadline.objects.filter(person=brother, open=True)
    assert running.exists()
    bar(worker, brother)
    bar(worker, twin)
    with reading(worker):
        cancel(step=shared, version=shared.version, by=worker, on=timezone.localdate(), why="Made in error")
        restricting.restrict(person=child, level="R2", reason="A threat", by=worker, on=timezone.localdate())
        assert seen(brother) == seen(twin) == set()  # the wall stands again
    assert not running.exists()
    assert Restriction.objects.filter(person=twin, level="R2").exists()


def test_the_wall_stands_again_whatever_happens_beyond_it() -> None:
    child, worker = a_child(), a_worker("Barred")
    hidden(child)
    bar(worker, child)
    with reading(worker):
        with beyond_the_wall():
            with beyond_the_wall():
                assert seen(child) == ALL
            assert seen(child) == ALL
        assert seen(child) == set()
        with acting(SYSTEM), beyond_the_wall():
            assert seen(child) == ALL
        assert seen(child) == set()  # it stands for whoever reads, whoever signed what was written
        with pytest.raises(ZeroDivisionError), beyond_the_wall():
            raise ZeroDivisionError
        with pytest.raises(DatabaseError), beyond_the_wall(), connection.cursor() as cursor:
            cursor.execute("SELECT nothing_at_all")
        assert seen(child) == set()


def test_that_somebody_hidden_shares_a_step_is_known_where_their_part_does_not_come_out() -> None:
    child, brother, worker = a_child(), a_child("Zephyrin"), a_worker()
    allocate(child, worker)
    shared, own = a_step(child, brother), a_step(child)
    bar(worker, brother)
    theirs = viewer(worker)
    with reading(worker):
        assert list(Part.objects.filter(step=shared).values_list("person", flat=True)) == [child.pk]
        assert in_part(theirs, [shared.pk, own.pk]) == {shared.pk}
        assert meetings.in_part(theirs, shared) and not meetings.in_part(theirs, own)
    assert in_part(theirs, [shared.pk, own.pk]) == {shared.pk}


def test_who_opens_every_ordinary_record_is_shown_no_step_of_a_hidden_child_alone() -> None:
    child, brother, worker = a_child(), a_child("Zephyrin"), a_worker(role="edt_worker")
    on_shift(worker)
    shared, alone, own = a_step(child, brother), a_step(brother), a_step(child)
    bar(worker, brother)
    with reading(worker, role="edt_worker"):
        found = set(steps_for(viewer(worker)).values_list("pk", flat=True))
    assert found == {shared.pk, own.pk} and alone.pk not in found


def test_a_meeting_with_an_undecided_child_whom_one_may_not_know_is_not_ready() -> None:
    child, brother, worker = a_child(), a_child("Zephyrin"), a_worker()
    meeting = a_step(child, brother, kind="strategy_meeting", code="")
    bar(worker, brother)
    with reading(worker):
        assert "2 without a decision" in ready(meeting)
        assert seen(brother) == set()  # the wall stands again
    assert "2 without a decision" in ready(meeting)


def test_two_databases_of_one_cluster_may_make_the_readers_role_in_the_same_moment() -> None:
    """A role is of the whole cluster: the second waits for the first, and finds it there."""
    name, ended = f"kith_race_{os.getpid()}", list[str]()
    making = wall._ROLE.replace(ROLE, name)
    first, second = (connection.get_new_connection(connection.get_connection_params()) for _ in range(2))

    def make() -> None:
        second.execute(making)
        second.commit()
        ended.append("made")

    try:
        first.execute(making)
        other = threading.Thread(target=make)
        other.start()
        other.join(0.5)
        assert other.is_alive(), "it waits for the first to end"
        first.commit()
        other.join(10)
        assert ended == ["made"]
    finally:
        first.execute(f"DROP ROLE IF EXISTS {name}")
        first.commit()
        first.close()
        second.close()
