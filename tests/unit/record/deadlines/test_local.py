"""The council's own timescales: from a day, with who and why; the past keeps its number; two writers are told."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_worker, allocate, holds

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Change
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.local import local_book, local_rules, times_changed
from kith.record.deadlines.models import Deadline, LocalDefault
from kith.record.deadlines.setting import ChangedMeanwhile, change
from kith.record.deadlines.setting_forms import as_it_is
from kith.record.people.models import Person
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.overrides import OverrideError
from kith.statutory.timescales.rules import Rule
from kith.vocabulary.months import add_months

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


def day_boxes(day: date) -> dict[str, str]:
    return {f"since-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def form_of(client: Client, director: Worker, rule: str, **typed: str) -> tuple[int, str]:
    """Post the form of a timescale as it stands, with what was typed over it; the answer's status and its page."""
    client.force_login(director.account)
    address = f"/deadlines/timescales/{rule}/change/"
    found = next(each for each in local_rules() if each.id == rule)
    kept = {key: "" if value is None else value for key, value in as_it_is(found, seen=times_changed(rule)).items()}
    shown = {key: f"{value:%H:%M}" if isinstance(value, time) else str(value) for key, value in kept.items()}
    answer = client.post(address, shown | {"why": "The board agreed it"} | day_boxes(TODAY) | typed)
    return answer.status_code, answer.content.decode()


def now(rule: str) -> Rule:
    return local_book().rule(rule, on=TODAY)


@pytest.mark.parametrize("rule", sorted({each.id for each in rule_book().whole if each.local and each.commenced}))
def test_the_form_of_every_timescale_saved_as_it_is_counts_as_it_did(
    client: Client, director: Worker, rule: str
) -> None:
    before = now(rule)
    status, page = form_of(client, director, rule)
    assert status == 302, re.findall("error-message.*?</p>", page, re.S)
    assert (now(rule).count, now(rule).then) == (before.count, before.then)
    assert now(rule).set_by == "Ruth Adeyemi: The board agreed it"


@pytest.mark.parametrize(
    ("rule", "typed", "count", "then"),
    [
        ("cin_6_month_oversight", {"number": "4", "then_1": "2", "then_2": "6", "then_2_unit": "W"}, "M+4", "M+2, W+6"),
        ("cin_6_month_oversight", {"then_1": ""}, "M+6", ""),
        ("viability_assessment", {"then_1": "3", "then_1_unit": "M"}, "WD+10", "M+3"),
        ("missing_strategy", {"number": "48", "unit": "H"}, "H+48", ""),
        ("edt_handover", {"clock": "10:30am"}, "WD+1@10:30", ""),
        ("cp_report_to_family_icpc", {"number": "3", "unit": "CD"}, "CD-3", ""),
        ("cla_reunification_plan", {"side": "before", "number": "5", "unit": "WD"}, "WD-5", ""),
        ("cp_report_to_family_icpc", {"side": "=before", "number": ""}, "=before", ""),
        ("ppp_plan", {"number": "20", "unit": "SD"}, "SD+20", ""),
    ],
)
def test_whatever_way_of_counting_a_local_default_may_have_is_set_on_its_page(
    client: Client, director: Worker, rule: str, typed: dict[str, str], count: str, then: str
) -> None:
    status, page = form_of(client, director, rule, **typed)
    assert status == 302, re.findall("error-message.*?</p>", page, re.S)
    assert (str(now(rule).count), ", ".join(map(str, now(rule).then))) == (count, then)
    shown = client.get(f"/deadlines/timescales/{rule}/").content.decode()
    assert "The board agreed it" in shown


@pytest.mark.parametrize(
    ("rule", "typed", "said"),
    [
        ("cin_visit", {"number": "0", "unit": "CD"}, "for ever"),
        ("cin_visit", {"unit": "H", "clock": "9am"}, "Hours run to the minute"),
        ("cin_visit", {"number": ""}, "Enter how long"),
        ("viability_assessment", {"then_2": "3"}, "Fill in the one before it first"),
        ("cla_reunification_plan", {"side": "before", "number": ""}, "Enter how long before it"),
        ("cin_visit", {"number": "900"}, "400"),
        ("cin_visit", day_boxes(TODAY - timedelta(days=1)), "The past keeps the number"),
    ],
)
def test_a_way_of_counting_that_is_impossible_is_refused_in_words(
    client: Client, director: Worker, rule: str, typed: dict[str, str], said: str
) -> None:
    status, page = form_of(client, director, rule, **typed)
    assert status == 200
    assert said in page
    assert not LocalDefault.objects.exists()


def test_a_chain_that_a_council_shortened_is_counted_by_it_from_that_day_on(client: Client, director: Worker) -> None:
    holds("cin_oversight.happened")
    status, _ = form_of(client, director, "cin_6_month_oversight", number="2", then_1="1")
    assert status == 302
    child = a_child()
    plan = a_period(child, "cin_plan", started_on=TODAY)
    recompute(people=[child.pk], on=TODAY)
    first = Deadline.objects.get(person=child, rule="cin_6_month_oversight")
    assert (first.due_on, first.rule_version) == (add_months(TODAY, 2), TODAY.isoformat())
    a_step(child, kind="cin_oversight", code="", span=plan.ref, happened_on=TODAY + timedelta(days=5))
    recompute(people=[child.pk], on=TODAY + timedelta(days=6))
    second = Deadline.objects.get(person=child, rule="cin_6_month_oversight", open=True)
    assert second.due_on == add_months(TODAY + timedelta(days=5), 1)
