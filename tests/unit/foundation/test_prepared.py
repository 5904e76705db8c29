"""A prepared query gives what the ORM's would, whatever it is asked, and asks the database as often."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from tests.factories import a_child, a_period, a_worker

from kith.foundation.access.models import Post, Worker
from kith.foundation.prepared import FEW, Few, OfSome, Prepared, Shaped, day, number
from kith.record.people.models import Person
from kith.record.people.one_of import Ids
from kith.record.periods.models import Period

pytestmark = pytest.mark.usefixtures("record")
TODAY = date(2026, 3, 31)


@Prepared
def born_since() -> QuerySet[Person]:
    return Person.objects.filter(born_on__gte=day("today", before=365), pk__one_of=number("people")).order_by("pk")


def test_the_same_words_give_other_rows_for_other_values() -> None:
    born = {years: a_child(born_on=TODAY - timedelta(days=300 + 365 * years)) for years in range(3)}
    people = Ids(each.pk for each in born.values())
    assert born_since.ask(today=TODAY, people=people) == [born[0]]
    assert born_since.ask(today=TODAY - timedelta(days=365), people=people) == [born[0], born[1]]
    assert born_since.ask(today=TODAY - timedelta(days=365), people=Ids([born[1].pk])) == [born[1]]
    assert born_since.ask(today=TODAY, people=Ids(())) == []


def test_rows_are_whole_with_what_was_asked_for_beside_them(django_assert_num_queries: Any) -> None:
    child = a_child()
    a_period(child, kind="cp_plan")
    asked = Prepared(lambda: Period.objects.filter(person_id=number("child")).select_related("person"))
    asked.ask(child=child.pk)
    with django_assert_num_queries(1):
        [found] = asked.ask(child=child.pk)
        assert found.person.name == child.name
    [wanted] = Period.objects.filter(person=child)
    assert {each.attname: getattr(found, each.attname) for each in Period._meta.concrete_fields} == {
        each.attname: getattr(wanted, each.attname) for each in Period._meta.concrete_fields
    }


def test_a_few_numbers_are_filled_up_to_the_room_there_is() -> None:
    workers = [a_worker(f"Worker {at}") for at in range(5)]
    few = Few("worker", 3)
    asked = Prepared(lambda: Worker.objects.filter(few("pk")).order_by("pk").values_list("pk", flat=True))
    for some in (workers[:1], workers[1:3], workers[:4]):
        assert asked.ask(**few.values([each.pk for each in some])) == [each.pk for each in some]
    assert len(few.names) == 4


def test_rows_by_their_numbers_are_the_same_of_a_few_of_many_and_of_none(django_assert_num_queries: Any) -> None:
    children = [a_child() for _ in range(FEW + 2)]
    asked = OfSome(lambda one_of: Person.objects.filter(one_of("pk")).order_by("pk"))
    for many in (1, 2, 3, FEW, FEW + 1):
        with django_assert_num_queries(1):
            assert asked.ask([each.pk for each in children[:many]]) == children[:many]
    assert asked.ask([]) == []


def test_what_is_not_given_is_an_error_and_not_an_empty_list() -> None:
    with pytest.raises(KeyError, match="people"):
        born_since.ask(today=TODAY)


@pytest.mark.django_db(transaction=True)
def test_another_thread_asks_by_its_own_connection() -> None:
    held = Prepared(lambda: Post.objects.filter(worker_id=number("worker")))
    used: list[Any] = []

    def ask() -> None:
        held.ask(worker=1)
        used.append(connection.queries_log is not None and connection.connection)
        connection.close()

    held.ask(worker=1)
    other = Thread(target=ask)
    other.start()
    other.join()
    assert used and used[0] is not connection.connection


@Shaped
def of_shape(wanted: Q, *, first: int) -> QuerySet[Person]:
    return Person.objects.filter(wanted).order_by("pk")[:first]


def test_conditions_of_one_shape_share_the_words_and_each_gives_its_own_rows() -> None:
    old, young = a_child(born_on=TODAY - timedelta(days=5000)), a_child(born_on=TODAY - timedelta(days=50))
    for since, wanted in ((TODAY - timedelta(days=100), [young]), (TODAY - timedelta(days=9000), [old, young])):
        mine = Q(pk__one_of=Ids([old.pk, young.pk])) & Q(born_on__gte=since)
        assert of_shape.ask(mine, fixed={"first": 9}) == wanted == list(Person.objects.filter(mine).order_by("pk"))
    mine = Q(pk__one_of=Ids([old.pk, young.pk]))
    assert of_shape.ask(mine & ~Q(pk=old.pk), fixed={"first": 9}) == [young]
    assert of_shape.ask(mine & Q(pk=old.pk), fixed={"first": 9}) == [old]
    assert of_shape.ask(mine | Q(pk=old.pk), fixed={"first": 1}) == [old]
    assert of_shape.ask(mine & Q(sex="nobody's"), fixed={"first": 9}) == []
    assert of_shape.ask(Q(pk__in=[]), fixed={"first": 9}) == []


def test_a_condition_that_is_a_query_of_its_own_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be prepared"):
        of_shape.ask(Q(pk__in=Person.objects.values("pk")), fixed={"first": 9})
