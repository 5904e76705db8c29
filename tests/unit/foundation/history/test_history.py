"""The history is written by the database, whatever way a row is written, and cannot be changed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories import a_child, a_worker, recorded

from kith.foundation.history import triggers
from kith.foundation.history.actions import opened
from kith.foundation.history.actor import Actor, acting
from kith.foundation.history.models import Change, Opening
from kith.record.people.models import Person


def changes_of(row: Person) -> list[Change]:
    return list(Change.objects.filter(table="people_person", row=str(row.pk)).order_by("pk"))


def test_adding_and_changing_a_row_keeps_who_when_before_and_after(record: None) -> None:
    worker = a_worker()
    with acting(Actor(worker=worker.pk, role="social_worker", purpose="a visit", request="r1")):
        child = a_child(forename="Ana")
        Person.objects.filter(pk=child.pk).update(forename="Anna")
    added, changed = changes_of(child)
    assert (added.act, added.before, added.after["forename"]) == ("added", None, "Ana")
    assert (changed.act, changed.before["forename"], changed.after["forename"]) == ("changed", "Ana", "Anna")
    assert (changed.worker, changed.role, changed.purpose, changed.request) == (
        worker.pk,
        "social_worker",
        "a visit",
        "r1",
    )
    assert changed.at.tzinfo is not None


def test_bulk_and_raw_writes_are_seen_too(record: None) -> None:
    children = [a_child(held=False) for _ in range(3)]
    Person.objects.update(surname="Bulk")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_person WHERE id = %s", [children[0].pk])
    assert [each.act for each in changes_of(children[0])] == ["added", "changed", "removed"]


@pytest.mark.django_db
def test_a_write_with_nobody_acting_is_refused() -> None:
    with pytest.raises(Exception, match=r"Nobody is acting|user-defined function"), transaction.atomic():
        Person.objects.create(forename="X", **recorded("person"))
    assert Person.objects.count() == 0


def test_the_history_cannot_be_changed_or_removed(record: None) -> None:
    a_child()
    for write in (lambda: Change.objects.update(role="x"), lambda: Change.objects.all().delete()):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            write()
    assert Change.objects.filter(table="people_person").count() == 1


def test_a_loads_new_rows_carry_the_loads_number_and_its_changes_are_kept(record: None) -> None:
    with acting(Actor(worker=None, role="system", bulk=True)):
        child = a_child(load=7)
        Person.objects.filter(pk=child.pk).update(surname="Changed")
    assert [each.act for each in changes_of(child)] == ["changed"]


def test_a_password_is_never_in_the_history(record: None) -> None:
    worker = a_worker()
    worker.account.password = "argon2$something"
    worker.account.save()
    kept = Change.objects.filter(table="access_account").values_list("after", flat=True)
    assert all("password" not in row for row in kept)


def test_an_opening_is_in_the_transaction_that_shows_the_record(record: None) -> None:
    child = a_child()
    with pytest.raises(RuntimeError, match="the page failed"), transaction.atomic():
        opened(person=child.pk, relationship="allocated", page="child")
        raise RuntimeError("the page failed")
    assert Opening.objects.count() == 0


@pytest.mark.django_db
def test_every_table_with_history_has_its_triggers_and_a_lost_one_is_noticed() -> None:
    assert triggers.missing() == []
    statement = (
        "DROP TRIGGER kith_history_people_person_added"
        if connection.vendor == "sqlite"
        else "DROP TRIGGER kith_history ON people_person"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        if connection.vendor == "sqlite":
            for act in ("changed", "removed"):
                cursor.execute(f"DROP TRIGGER kith_history_people_person_{act}")
    assert triggers.missing() == ["people_person"]
