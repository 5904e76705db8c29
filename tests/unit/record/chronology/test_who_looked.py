"""A worker sees who opened her children; and a child's page who opened it, as what, and why it opened to them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_team, a_worker, allocate, viewer

from kith.foundation.access.models import Worker
from kith.foundation.history.actions import opened, refused
from kith.foundation.history.actor import Actor, acting
from kith.record.chronology.openings import Asked, of_mine
from kith.record.people.models import Person

TODAY = timezone.localdate


def asked(kind: str = "", child: int = 0, days: int = 28) -> Asked:
    return Asked(kind=kind, child=child, since=TODAY() - timedelta(days=days), until=TODAY())


def looks(worker: Worker, child: Person, relationship: str = "team_duty", purpose: str = "") -> None:
    with acting(Actor(worker=worker.pk, role="social_worker")):
        opened(
            person=child.pk, relationship=relationship, page="child", purpose=purpose, decision="relationship", shown=[]
        )


@pytest.fixture
def asha(record: None) -> Worker:
    return a_worker("Asha Rahman")


def test_a_worker_sees_who_else_opened_or_tried_to_open_her_children(asha: Worker) -> None:
    mine, other = a_child("Imran"), a_child("Ruth")
    allocate(mine, asha)
    mate, stranger = a_worker("Ben Sutton"), a_worker("Cara Lee", team=a_team("Far Away"))
    looks(mate, mine)
    looks(asha, mine)
    looks(mate, other)
    looks(stranger, mine, "break_glass", "Found alone at the station")
    refused(actor=Actor(worker=stranger.pk, role="auditor"), page="chronology:child 1", decision="", person=mine.pk)
    me = viewer(asha)
    assert [(row.name, row.person) for row in of_mine(me, asked())] == [
        ("Cara Lee", mine.pk),
        ("Cara Lee", mine.pk),
        ("Ben Sutton", mine.pk),
    ]
    assert [row.name for row in of_mine(me, asked("emergency"))] == ["Cara Lee"]
    assert [row.name for row in of_mine(me, asked("outside"))] == ["Cara Lee"]
    assert [row.kind for row in of_mine(me, asked("refused"))] == ["refused"]
    assert not of_mine(me, asked(child=other.pk))
    assert not of_mine(me, Asked("", 0, TODAY() - timedelta(days=9), TODAY() - timedelta(days=1)))


def test_each_count_opens_the_list_that_it_counted(asha: Worker, client: Client) -> None:
    child = a_child("Imran", "Begum")
    allocate(child, asha)
    for name in ("Ben Sutton", "Cara Lee"):
        looks(a_worker(name), child, "break_glass", "Found alone at the station")
    client.force_login(asha.account)
    page = client.get("/children/looked/")
    assert page.status_code == 200
    emergency = next(each for each in page.content.decode().split('href="') if "kind=emergency" in each)
    address = emergency.split('"')[0].replace("&amp;", "&")
    listed = client.get(address).content.decode()
    assert "Found alone at the station" in listed
    assert listed.count("Opened in an emergency") >= 1
    assert 'href="/children/looked/"' in client.get("/").content.decode()


def test_a_day_that_is_none_is_said_and_shows_the_usual_days(asha: Worker, client: Client) -> None:
    client.force_login(asha.account)
    page = client.get("/children/looked/?from=2026-13-01&child=abc&kind=nonsense&page=x").content.decode()
    assert "You have no part in the life of any child today" in page
    assert "From must be a real date" in page


def test_a_childs_own_list_says_why_the_record_opened(asha: Worker, client: Client) -> None:
    child = a_child("Imran")
    allocate(child, asha)
    looks(a_worker("Ben Sutton"), child, "audit_sample", "Audit of neglect, spring")
    client.force_login(asha.account)
    page = client.get(f"/children/{child.pk}/looked/").content.decode()
    assert "Audit of neglect, spring" in page
    assert "auditor, in the sample" in page
    assert "A relationship to the child opens the record to this role" in page
