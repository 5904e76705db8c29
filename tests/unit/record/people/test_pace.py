"""Opening very many records: it stops until a proof is given again, and what was not opened is in the history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_worker, allocate

from kith.foundation.access import pace
from kith.foundation.access.models import Worker
from kith.foundation.history.models import Opening
from kith.record.people.models import Person

pytestmark = pytest.mark.usefixtures("record")


@pytest.fixture
def work(settings: Any) -> tuple[Worker, list[Person]]:
    settings.RECORDS_AN_HOUR = 3
    pace._opened.clear()
    worker = a_worker()
    children = [a_child(f"Child{number}") for number in range(5)]
    for each in children:
        allocate(each, worker)
    return worker, children


def signed_in(worker: Worker, ago: timedelta = timedelta()) -> Client:
    client = Client()
    client.force_login(worker.account)
    session = client.session
    session["proof"] = {"how": "password and code", "at": (timezone.now() - ago).isoformat()}
    session.save()
    return client


def test_after_so_many_the_next_asks_for_a_proof(work: tuple[Worker, list[Person]]) -> None:
    worker, children = work
    client = signed_in(worker)
    for each in children[:3] * 2:
        assert client.get(f"/children/{each.pk}/").status_code == 200, "one she has opened already counts once"
    stopped = client.get(f"/children/{children[3].pk}/")
    assert stopped.headers["Location"] == f"/sign-in/again/?next=%2Fchildren%2F{children[3].pk}%2F"
    kept = Opening.objects.filter(person=children[3].pk).values_list("kind", "decision", "worker")
    assert list(kept) == [("refused", "too_many", worker.pk)]
    assert client.get(f"/children/{children[0].pk}/").status_code == 200, "her own open ones stay open"


def test_a_proof_lets_her_go_on_and_another_session_is_counted_apart(work: tuple[Worker, list[Person]]) -> None:
    worker, children = work
    client, other = signed_in(worker, timedelta(minutes=2)), signed_in(worker, timedelta(minutes=1))
    for each in children[:3]:
        client.get(f"/children/{each.pk}/")
    assert client.get(f"/children/{children[3].pk}/").status_code == 302
    assert other.get(f"/children/{children[3].pk}/").status_code == 200
    session = client.session
    session["proof"] = {"how": "password and code", "at": timezone.now().isoformat()}
    session.save()
    assert client.get(f"/children/{children[3].pk}/").status_code == 200


def test_an_hour_later_it_is_forgotten(work: tuple[Worker, list[Person]], monkeypatch: pytest.MonkeyPatch) -> None:
    worker, children = work
    client, now = signed_in(worker), pace.time.monotonic()
    for each in children[:3]:
        client.get(f"/children/{each.pk}/")
    monkeypatch.setattr(pace.time, "monotonic", lambda: now + pace.HOUR + 60)
    assert client.get(f"/children/{children[3].pk}/").status_code == 200
    assert len(pace._opened) == 1
