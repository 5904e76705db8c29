"""A worker's own calendar: by a secret address, ended at any time; no name in it, and nobody they may not see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_worker, allocate, bar, restrict

from kith.foundation.access.models import Post, Worker
from kith.foundation.history.models import Change, Opening
from kith.oversight.worklists import feeds
from kith.oversight.worklists.models import Feed
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.models import Deadline
from kith.record.people.models import Person

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()


@pytest.fixture
def worker() -> Worker:
    return a_worker("Asha Rahman")


def held_by(worker: Worker, name: str = "Imran") -> Person:
    child = a_child(name, "Begum")
    allocate(child, worker)
    a_period(child, "cp_plan", days=4)
    recompute(people=[child.pk], on=TODAY)
    return child


def read(client: Client, secret: str) -> Any:
    return client.get(f"/calendar/feed/{secret}.ics")


def events(client: Client, secret: str) -> list[Any]:
    answer = read(client, secret)
    assert answer.status_code == 200
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_it_holds_what_falls_to_its_worker_by_day_and_no_name(worker: Worker) -> None:
    child, other = held_by(worker), held_by(a_worker("Ben Sutton"), "Another")
    found = events(Client(), feeds.make(worker=worker.pk, at=timezone.now()))
    mine = Deadline.objects.filter(person=child, open=True, due_on__lte=TODAY + timedelta(days=60))
    assert {str(each["uid"]) for each in found} == {f"deadline-{row.pk}@kith" for row in mine}
    assert {each.decoded("dtstart") for each in found} == {row.due_at or row.due_on for row in mine}
    assert all(f"child {child.pk}" in each["summary"] and each["class"] == "PRIVATE" for each in found)
    text = read(Client(), feeds.make(worker=worker.pk, at=timezone.now())).content.decode()
    assert not any(word in text for word in ("Imran", "Begum", "Asha", str(child.born_on), f"child {other.pk}"))


@pytest.mark.parametrize("level", ["R1", "R2"])
def test_a_restricted_child_never_leaves_the_building(worker: Worker, level: str) -> None:
    restrict(held_by(worker), level)
    assert events(Client(), feeds.make(worker=worker.pk, at=timezone.now())) == []


def test_a_child_one_is_barred_from_is_not_in_it(worker: Worker) -> None:
    bar(worker, held_by(worker))
    assert events(Client(), feeds.make(worker=worker.pk, at=timezone.now())) == []


def test_an_address_that_was_ended_or_never_was_shows_nothing_alike(worker: Worker) -> None:
    held_by(worker)
    first = feeds.make(worker=worker.pk, at=timezone.now())
    second = feeds.make(worker=worker.pk, at=timezone.now())
    assert read(Client(), first).status_code == read(Client(), "guessed").status_code == 404
    assert read(Client(), second).status_code == 200
    feeds.end(worker=worker.pk, at=timezone.now())
    assert read(Client(), second).status_code == 404


def test_a_closed_account_and_a_post_that_ended_end_it_too(worker: Worker) -> None:
    held_by(worker)
    secret = feeds.make(worker=worker.pk, at=timezone.now())
    worker.account.is_active = False
    worker.account.save()
    assert read(Client(), secret).status_code == 404
    worker.account.is_active = True
    worker.account.save()
    Post.objects.filter(worker=worker).update(ended_on=TODAY - timedelta(days=1))
    assert read(Client(), secret).status_code == 404


def test_the_address_itself_is_kept_nowhere(worker: Worker) -> None:
    secret = feeds.make(worker=worker.pk, at=timezone.now())
    digest = Feed.objects.get().digest
    assert secret not in digest
    kept = Change.objects.filter(table="worklists_feed").values_list("after", flat=True)
    assert kept and all(digest not in str(row) and secret not in str(row) for row in kept)


def test_who_was_in_it_is_in_the_history(worker: Worker) -> None:
    child = held_by(worker)
    read(Client(), feeds.make(worker=worker.pk, at=timezone.now()))
    row = Opening.objects.get(page="worklists:feed")
    assert (row.worker, row.shown) == (worker.pk, [child.pk])


def test_the_page_makes_it_shows_it_once_and_ends_it(client: Client, worker: Worker) -> None:
    held_by(worker)
    client.force_login(worker.account)
    assert "You have no address" in client.get("/calendar/").content.decode()
    made = client.post("/calendar/make/").content.decode()
    assert "/calendar/feed/" in made
    assert "/calendar/feed/" not in client.get("/calendar/").content.decode()
    client.post("/calendar/end/")
    assert feeds.of_worker(worker.pk) is None
