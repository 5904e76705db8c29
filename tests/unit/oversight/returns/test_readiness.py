"""How ready the record is: read each night, kept by day and team, opened to the children behind each number."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_team, a_worker, bar, hold, restrict
from tests.unit.oversight.returns.kit import counts, listed, officer, words

from kith.foundation.documents import storage
from kith.foundation.history.models import Opening
from kith.foundation.nights import every_job
from kith.oversight.returns import readiness
from kith.oversight.returns.models import Answer, LastNight, Readiness
from kith.record.loading import actions as loading
from kith.record.people.models import Person
from kith.statutory.returns.reading import read as read_files

pytestmark = pytest.mark.django_db
CENSUS = Path(__file__).resolve().parents[3] / "fixtures" / "returns" / "cin" / "every_module_2025.xml"
DAY = date(2025, 3, 31)


@pytest.fixture
def night(record: None) -> LastNight:
    """A record loaded from a census, and read by a night of its year."""
    loading.load_reading(reading=read_files([CENSUS]), files=[], at=timezone.now())
    for person in Person.objects.filter(is_child=True):
        hold(person, a_team("Assessment 2"))
    readiness.read_all(on=DAY)
    return LastNight.objects.get(kind="cin")


def test_a_night_counts_each_child_once_by_team(night: LastNight) -> None:
    [day] = Readiness.objects.filter(kind="cin")
    assert day.team == a_team("Assessment 2") and day.day == DAY
    assert 0 < day.rejected + day.queried <= day.children == 2
    assert night.report in set(storage.every()) and night.year == 2025


def test_the_page_says_it_of_the_whole_and_by_team_and_every_count_opens_its_children(night: LastNight) -> None:
    client = officer()
    page = words(client, "/returns/readiness/")
    assert (
        "Children in need census 2024/25" in page
        and "Assessment 2" in page
        and "The whole service: of 2 children" in page
    )
    found = counts(page)
    assert sum(number for _, number in found)
    for url, number in found:
        if number:
            assert listed(words(client, url)) == number, url
    shown = Opening.objects.filter(kind="listed", page="returns:unready").latest("pk").shown
    assert set(shown) <= set(Person.objects.values_list("pk", flat=True)) and shown


def test_reading_again_replaces_the_day_and_keeps_the_days_before(
    night: LastNight, django_capture_on_commit_callbacks: object
) -> None:
    before = night.report
    Answer.objects.create(
        kind="cin",
        year=2025,
        rule="x",
        child="y",
        table="z",
        says="w",
        reason="r",
        given_at=timezone.now(),
        given_by=a_worker("Sam", role="data_officer"),
    )
    readiness.read_all(on=DAY)
    assert Readiness.objects.filter(kind="cin", day=DAY).count() == 1
    Person.objects.filter(ref="person:RV0001").update(sex="F")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        readiness.read_all(on=DAY + timedelta(days=-1))
    assert Readiness.objects.filter(kind="cin").count() == 2
    assert len(readiness.over_time("cin")) == 2
    newest = LastNight.objects.get(kind="cin").report
    assert newest == before or before not in set(storage.every()), "the rows of the night before are gone"


def test_what_is_answered_is_not_counted(night: LastNight) -> None:
    rows = readiness._open(night)
    for each in rows.unique(["rule", "child", "table", "says"]).to_dicts():
        key = {name: each[name] for name in ("rule", "child", "table", "says")}
        Answer.objects.create(
            kind="cin", year=2025, reason="It is right", given_at=timezone.now(), given_by=a_worker("Sam"), **key
        )
    readiness.read_all(on=DAY)
    [day] = Readiness.objects.filter(kind="cin", day=DAY)
    assert (day.rejected, day.queried) == (0, 0) and day.children == 2
    assert "there is nothing to put right" in words(officer(), "/returns/readiness/")


@pytest.mark.parametrize("hide", ["barred", "R1", "R4"])
def test_a_hidden_child_is_in_no_list_or_count(night: LastNight, hide: str) -> None:
    rows = readiness._open(night)
    child = Person.objects.get(ref=f"person:{rows['child'][0]}")
    worker = a_worker("Dee", role="team_manager", team=a_team("Assessment 2"))
    client = Client()
    client.force_login(worker.account)
    before = sum(number for _, number in counts(words(client, "/returns/readiness/")))
    bar(worker, child) if hide == "barred" else restrict(child, hide)
    page = words(client, "/returns/readiness/")
    assert sum(number for _, number in counts(page)) < before
    for text in (page, words(client, "/returns/readiness/cin/")):
        assert rows["child"][0] not in text and f"/children/{child.pk}/" not in text


def test_a_manager_sees_her_teams_children_and_links_to_them(night: LastNight) -> None:
    client = Client()
    client.force_login(a_worker("Dee", role="team_manager", team=a_team("Assessment 2")).account)
    assert "/children/" in words(client, "/returns/readiness/cin/")
    stranger = Client()
    stranger.force_login(a_worker("Eve", role="team_manager", team=a_team("Another")).account)
    assert listed(words(stranger, "/returns/readiness/cin/")) == 0


def test_before_any_night_the_page_says_so(record: None) -> None:
    client = officer()
    assert "No night has read the record" in words(client, "/returns/readiness/")
    assert client.get("/returns/readiness/cin/").status_code == 404
    assert client.get("/returns/readiness/nothing/").status_code == 404


def test_it_is_done_every_night() -> None:
    assert "kith.oversight.returns.nights.read_tonight" in every_job()
