"""The council's own timescales: from a day, with who and why; the past keeps its number; two writers are told."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_worker, allocate

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Change
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.local import local_book, local_rules, times_changed
from kith.record.deadlines.models import Deadline, LocalDefault
from kith.record.deadlines.setting import ChangedMeanwhile, change
from kith.record.people.models import Person
from kith.statutory.timescales.overrides import OverrideError

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
PAGE = "/deadlines/timescales/cin_visit/"


@pytest.fixture
def director() -> Worker:
    return a_worker("Ruth Adeyemi", role="divisional_director")


def visited(days_ago: int) -> Person:
    """A child with a child in need plan, last visited so many days ago."""
    child = a_child()
    plan = a_period(child, "cin_plan", days=200)
    a_step(child, code="cin", happened_on=TODAY - timedelta(days=days_ago), span=plan.ref)
    recompute(people=[child.pk], on=TODAY)
    return child


def due_of(child: Person) -> Deadline:
    return Deadline.objects.get(person=child, rule="cin_visit", open=True)


def set_to(
    director: Worker, count: str, *, since: date = TODAY, seen: int = 0, rule: str = "cin_visit", **more: Any
) -> None:
    change(
        rule=rule,
        values={"count": count, "warn": "CD-2"} | more,
        since=since,
        why="The improvement board, 3 November",
        by=director,
        at=timezone.now(),
        on=TODAY,
        seen=seen,
    )


def test_what_begins_from_that_day_is_measured_by_it_and_what_began_before_is_not(director: Worker) -> None:
    before, on_the_day = visited(5), visited(0)
    old = due_of(before).due_on
    set_to(director, "CD+10")
    assert due_of(before).due_on == old
    assert due_of(on_the_day).due_on == TODAY + timedelta(days=10)
    assert due_of(on_the_day).rule_version == TODAY.isoformat()


def test_a_rebuild_of_everything_gives_the_same_rows(director: Worker) -> None:
    visited(5), visited(0)
    set_to(director, "CD+10")
    rows = list(Deadline.objects.order_by("pk").values())
    recompute(people=None, on=TODAY)
    assert list(Deadline.objects.order_by("pk").values()) == rows


def test_a_change_from_a_later_day_changes_nothing_today(director: Worker) -> None:
    child = visited(0)
    old = due_of(child).due_on
    set_to(director, "CD+10", since=TODAY + timedelta(days=30))
    recompute(people=[child.pk], on=TODAY)
    assert due_of(child).due_on == old
    assert local_book().rule("cin_visit", on=TODAY + timedelta(days=30)).count.n == 10


@pytest.mark.parametrize(
    ("rule", "count", "since", "said"),
    [
        ("cla_review_first", "WD+30", TODAY, "the law sets it"),
        ("no_such_rule", "WD+3", TODAY, "no rule named"),
        ("cin_visit", "CD+10", TODAY - timedelta(days=1), "past"),
        ("cin_visit", "CD+0", TODAY, "for ever"),
    ],
)
def test_what_may_not_be_is_refused_and_nothing_is_kept(
    director: Worker, rule: str, count: str, since: date, said: str
) -> None:
    with pytest.raises(OverrideError, match=said):
        set_to(director, count, rule=rule, since=since)
    assert not LocalDefault.objects.exists()


def test_without_a_reason_nothing_is_kept(director: Worker) -> None:
    with pytest.raises(OverrideError, match="no reason"):
        change(
            rule="cin_visit", values={"count": "CD+10"}, since=TODAY, why=" ", by=director, at=timezone.now(), on=TODAY,
            seen=0,
        )  # fmt: skip
    assert not LocalDefault.objects.exists()


def test_the_second_of_two_is_told_and_the_first_stays(director: Worker) -> None:
    set_to(director, "CD+10")
    with pytest.raises(ChangedMeanwhile):
        set_to(director, "CD+12")
    assert times_changed("cin_visit") == 1
    assert local_book().rule("cin_visit", on=TODAY).count.n == 10


def test_every_change_is_in_the_history(director: Worker) -> None:
    set_to(director, "CD+10")
    assert Change.objects.filter(table="deadlines_localdefault", act="added").count() == 2


def test_the_director_changes_it_on_its_page_and_why_says_so(client: Client, director: Worker) -> None:
    child = visited(0)
    allocate(child, director)
    client.force_login(director.account)
    page = client.get(PAGE + "change/").content.decode()
    assert 'value="20"' in page
    posted = {
        "number": "10", "unit": "CD", "warn": "2", "falls_to": "social_worker", "seen": "0",
        "why": "The board agreed it",
        "since-day": TODAY.day, "since-month": TODAY.month, "since-year": TODAY.year,
    }  # fmt: skip
    answer = client.post(PAGE + "change/", {key: str(value) for key, value in posted.items()})
    assert answer.status_code == 302, re.findall("error-message.*?</p>", answer.content.decode(), re.S)
    assert "The board agreed it" in client.get(PAGE).content.decode()
    why = client.get(f"/deadlines/{due_of(child).pk}/why/").content.decode()
    assert "10 days" in why
    assert "Ruth Adeyemi: The board agreed it" in why
    late = client.post(PAGE + "change/", {key: str(value) for key, value in posted.items()}).content.decode()
    assert "Somebody changed this timescale" in late


def test_nobody_else_changes_it_and_what_the_law_sets_has_no_page(client: Client) -> None:
    client.force_login(a_worker(role="team_manager").account)
    assert client.get(PAGE).status_code == 200
    assert client.get(PAGE + "change/").status_code == 403
    assert client.get("/deadlines/timescales/cla_review_first/").status_code == 404


def test_the_list_holds_every_timescale_that_is_the_councils_own(client: Client, director: Worker) -> None:
    client.force_login(director.account)
    page = client.get("/deadlines/timescales/").content.decode()
    assert page.count("/deadlines/timescales/") >= len(local_rules()) > 16
    assert all(rule.local for rule in local_rules())
