"""Every row of the history has its place in a chain, whoever writes it; the heads are signed outside the database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.factories import SYSTEM, a_child, a_worker

from kith.config.history import history
from kith.foundation.history import anchors, chain
from kith.foundation.history.actions import dispose, listed, opened, refused
from kith.foundation.history.actor import Actor, acting
from kith.foundation.history.models import Change, Disposal, Link, Opening
from kith.foundation.history.queries import between
from kith.foundation.history.verifying import verify
from kith.record.people.models import Person

AT = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def outside(settings: Any, tmp_path: Path) -> Path:
    settings.ANCHORS = tmp_path / "anchors"
    return tmp_path / "anchors"


def test_what_a_rows_digest_covers_is_all_of_the_row() -> None:
    for kind, model in chain.TABLES.items():
        assert sorted(chain.COLUMNS[kind].split()) == sorted(each.column for each in model._meta.concrete_fields)


def test_every_row_is_linked_and_a_savepoint_takes_its_links_back(record: None) -> None:
    child = a_child()
    opened(person=child.pk, relationship="allocated", page="child", shown=[3, child.pk, None, 2])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        opened(person=child.pk, relationship="allocated", page="record")
        raise ZeroDivisionError
    opened(person=child.pk, relationship="allocated", page="story")
    assert Opening.objects.first().shown == [2, 3]  # type: ignore[union-attr]
    assert Link.objects.count() == Change.objects.count() + Opening.objects.count()
    assert not verify(against_anchors=False).faults


def test_a_link_is_never_changed(record: None) -> None:
    a_child()
    for write in (lambda: Link.objects.update(number=9), lambda: Link.objects.all().delete()):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            write()


def test_lists_are_one_row_however_many_there_are_on_a_page(record: None) -> None:
    with acting(Actor(worker=5, role="social_worker", request="r", client="web 203.0.113.7")):
        listed(people=[3, 1], page="today")
        listed(people=[2, 3], page="today")
        listed(people=[], page="today")
    [row] = Opening.objects.all()
    assert (row.kind, row.person, row.shown, row.page, row.client) == (
        "listed",
        None,
        [1, 2, 3],
        "today",
        "web 203.0.113.7",
    )


def test_a_refusal_is_kept_though_what_was_tried_is_taken_back(record: None) -> None:
    refused(actor=Actor(worker=5, role="auditor"), page="chronology:child", decision="no relationship", person=9)
    row = Opening.objects.get()
    assert (row.kind, row.person, row.decision, row.worker) == ("refused", 9, "no relationship", 5)


def test_a_change_says_whose_row_it_was(record: None) -> None:
    child = a_child()
    child.surname = "Other"
    child.save()
    assert set(Change.objects.filter(table="people_person").values_list("person", flat=True)) == {child.pk}
    worker = a_worker()
    assert Change.objects.get(table="access_worker", row=worker.pk).person is None


def test_heads_are_added_once_and_follow_from_each_other(record: None, outside: Path) -> None:
    a_child()
    assert anchors.anchor(at=AT)
    assert not anchors.anchor(at=AT + timedelta(seconds=30))
    a_child()
    assert anchors.anchor(at=AT + timedelta(minutes=2))  # in April
    assert [path.name for path in anchors.files()] == ["heads-2026-03.jsonl", "heads-2026-04.jsonl"]
    assert anchors.read().heads == anchors.heads() == anchors.read(newest=True).heads
    found = verify()
    assert (found.faults, found.since) == ([], 0)
    first, second = (json.loads(path.read_text()) for path in anchors.files())
    assert second["previous"] != first["previous"]


def test_an_altered_file_of_heads_is_found(record: None) -> None:
    a_child()
    anchors.anchor(at=AT)
    [path] = anchors.files()
    path.write_text(path.read_text().replace("2026-03-31", "2026-03-30"))
    assert "altered" in str(verify().faults[0])


def test_a_line_that_a_power_cut_left_unfinished_is_no_alarm(record: None) -> None:
    a_child()
    anchors.anchor(at=AT)
    [path] = anchors.files()
    with path.open("a") as file:
        file.write('{"at": "2026-03-31T2')
    assert not verify().faults
    a_child()
    assert anchors.anchor(at=AT + timedelta(seconds=30))
    found = verify()
    assert (found.faults, found.since) == ([], 0)
    assert len(path.read_text().splitlines()) == 2


def test_no_head_signed_is_said(record: None) -> None:
    a_child()
    assert "No head was ever signed" in str(verify().faults[0])


def test_an_older_copy_is_found_and_may_be_accepted_with_a_reason(record: None) -> None:
    a_child()
    early = anchors.heads()
    sid = transaction.savepoint()
    a_child()
    anchors.anchor(at=AT)
    transaction.savepoint_rollback(sid)
    assert anchors.heads() == early
    with pytest.raises(anchors.DatabaseIsBehind, match="older than its signed heads"):
        anchors.anchor(at=AT)
    assert "the database is older" in str(verify().faults[0])
    anchors.accept(at=AT, why="a copy was put back")
    found = verify()
    assert not found.faults
    assert [why for _, why in found.restored] == ["a copy was put back"]


def test_what_was_disposed_of_lawfully_is_no_fault_and_anything_else_gone_is(record: None) -> None:
    a_child()
    first, last = Change.objects.earliest("pk").pk, Change.objects.latest("pk").pk
    with pytest.raises(ValueError, match="reason"):
        dispose(table="history_change", first=first, last=last, reason=" ")
    assert dispose(table="history_change", first=first, last=last, reason="75 years have passed") == last - first + 1
    found = verify(against_anchors=False)
    assert (found.faults, found.disposed) == ([], last - first + 1)
    assert Disposal.objects.get().role == SYSTEM.role


def test_who_saw_and_changed_what_between_two_moments(record: None) -> None:
    start = timezone.now()
    worker = a_worker("Ngozi Okafor")
    with acting(Actor(worker=worker.pk, role="social_worker", request="r")):
        child = a_child(held=False)
        opened(person=child.pk, relationship="same team", page="child", shown=[child.pk + 1], decision="team")
        listed(people=[child.pk], page="today")
    rows = between(since=start, until=timezone.now(), person=child.pk)
    assert sorted(each.act for each in rows) == ["added", "listed", "opened"]
    assert between(since=start, until=timezone.now(), person=child.pk + 1)[0].act == "shown"
    assert not between(since=start - timedelta(days=1), until=start)
    told = CliRunner().invoke(history, ["between", "2020-01-01", "2100-01-01", "--person", str(child.pk)])
    assert told.stdout.count("Ngozi Okafor") == 3
    assert "Begum" not in told.stdout
    assert Opening.objects.filter(page="kith history between", client="command").exists()


def test_the_command_ends_with_one_when_the_history_is_not_whole(record: None) -> None:
    a_child()
    anchors.anchor(at=AT)
    told = CliRunner().invoke(history, ["verify"])
    assert (told.exit_code, "The history is whole." in told.stdout) == (0, True)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER kith_kept_history_change_update")
        else:
            cursor.execute("ALTER TABLE history_change DISABLE TRIGGER kith_kept")
        cursor.execute("UPDATE history_change SET role = 'nobody' WHERE id = (SELECT max(id) FROM history_change)")
    told = CliRunner().invoke(history, ["verify"])
    assert (told.exit_code, "what it says was altered" in told.stdout) == (1, True)


def test_the_rows_of_an_older_database_are_linked_once_and_never_again(record: None) -> None:
    child = a_child()
    opened(person=child.pk, relationship="allocated", page="child")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER kith_kept_history_link_delete")
        else:
            cursor.execute("ALTER TABLE history_link DISABLE TRIGGER kith_kept")
        cursor.execute("DELETE FROM history_link")
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('kith.link', '', true)")
    assert chain.adopt() == Change.objects.count() + Opening.objects.count()
    a_child()
    assert not verify(against_anchors=False).faults
    with pytest.raises(RuntimeError, match="linked already"):
        chain.adopt()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite cannot be written to but through Kith.")
def test_sql_with_a_declared_operator_is_kept_and_without_one_is_refused(record: None) -> None:
    child = a_child()
    with connection.cursor() as cursor:
        cursor.execute("""SELECT set_config('kith.actor', '{"worker": null, "role": "operator"}', true)""")
        cursor.execute("UPDATE people_person SET surname = 'Mended' WHERE id = %s", [child.pk])
        cursor.execute("SELECT set_config('kith.actor', '', true)")
        with pytest.raises(DatabaseError, match="Nobody is acting"), transaction.atomic():
            cursor.execute("UPDATE people_person SET surname = 'Secretly' WHERE id = %s", [child.pk])
    row = Change.objects.filter(table="people_person").latest("pk")
    assert (row.role, row.after["surname"], row.client.split()[0]) == ("operator", "Mended", "sql")
    assert Person.objects.get(pk=child.pk).surname == "Mended"
    assert not verify(against_anchors=False).faults


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer.")
def test_two_who_write_at_once_take_two_chains() -> None:
    with acting(SYSTEM):
        child = a_child()
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("""SELECT set_config('kith.actor', '{"worker": null, "role": "operator"}', true)""")
                cursor.execute("SET LOCAL statement_timeout = '5s'")
                cursor.execute("UPDATE access_team SET name = name")
                cursor.execute(
                    "INSERT INTO history_opening (at, kind, person, role, relationship, purpose, page, request) "
                    "VALUES (now(), 'opened', 1, '', '', '', '', '')"
                )
                cursor.execute("COMMIT")
        finally:
            other.close()
        opened(person=child.pk, relationship="none", page="child")
    assert not verify(against_anchors=False).faults
    assert len(set(Link.objects.values_list("chain", flat=True))) == 2
