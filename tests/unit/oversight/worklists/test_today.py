"""Today: what each role is shown, and that every count opens exactly the list it counted."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import (
    a_child,
    a_period,
    a_step,
    a_team,
    a_worker,
    allocate,
    at,
    bar,
    grant,
    holds,
    on_shift,
    restrict,
)

from kith.foundation.access.models import Worker
from kith.foundation.access.policy import policy
from kith.oversight.worklists.plan import BadPlan, plan, read_plan
from kith.record.deadlines.actions import recompute
from kith.record.grown_ups.actions import Subject, begin_allegation
from kith.record.people.models import Named
from kith.record.promises.models import Promise
from kith.record.steps.models import Part, SignOff, Step

TODAY = timezone.localdate
ROLES = sorted(policy().roles)


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, f"{url} answered {answer.status_code}"
    return answer.content.decode()


def counted(text: str) -> list[tuple[int, str]]:
    """Every count on a page, with the list it opens."""
    groups = re.findall(r'href="([^"]+)" data-counted="(\d+)"', text)
    cells = [(url, number) for number, url in re.findall(r'data-counted="(\d+)" data-list="([^"]+)"', text)]
    tiles = re.findall(r'kith-counts__link" href="([^"]+)"><span class="kith-counts__number">([\d,]+)', text)
    return [(int(number.replace(",", "")), unescape(url)) for url, number in groups + cells + tiles]


def rows_of(client: Client, url: str) -> int:
    """How many rows a list really has, over all its pages."""
    found, number = 0, 1
    while True:
        text = page(client, f"{url}{'&' if '?' in url else '?'}page={number}")
        body = re.search(r"<tbody.*?</tbody>", text, re.DOTALL)
        found += body[0].count("<tr ") if body else 0
        if f"page={number + 1}" not in unescape(text):
            return found
        number += 1


@pytest.fixture
def borough(record: None) -> dict[str, Worker]:
    """One worker in each role, and a little of everything that Today shows."""
    team = a_team("Family Support and Protection 1")
    people = {role: a_worker(role.title(), role=role, team=team) for role in ROLES}
    mine, theirs = people["social_worker"], a_worker("Another Worker", team=team)
    children = [a_child(f"Child{number}") for number in range(12)]
    for number, child in enumerate(children):
        plan = a_period(child, "cp_plan", days=7 + 6 * number)
        a_step(child, happened_on=TODAY() - timedelta(days=3 * number), span=plan.ref)
        allocate(child, mine if number % 2 else theirs, team=team)
        allocate(child, people["reviewing_officer"], role="Reviewing officer", team=team)
    work(children, people, team)
    grant(people["auditor"], *children)
    on_shift(people["edt_worker"])
    holds("return_interview.happened")
    recompute(people=None, on=TODAY())
    return people


def work(children: list[Any], people: dict[str, Worker], team: Any) -> None:
    """Referrals, contacts, meetings, time missing, sign-offs and promises."""
    alone = a_child("Nobody", "Alone")
    need = a_period(alone, "need", code="N1", days=9)
    received = {"kind": "referral", "code": "", "team": team, "opened_on": TODAY() - timedelta(days=9)}
    a_step(alone, span=need.ref, done_on=TODAY() - timedelta(days=8), **received)
    undecided = a_child("Not", "Decided")
    a_step(undecided, span=a_period(undecided, "need", code="N1", days=2).ref, **received)
    for child in children[:3]:
        a_step(child, kind="contact", code="", opened_on=TODAY() - timedelta(days=1))
    a_step(*children[:2], kind="strategy_meeting", code="", opened_on=TODAY(), happened_on=TODAY(), team=team)
    gone = a_period(children[4], "missing", code="missing", days=1)
    back = a_period(children[5], "missing", code="missing", days=9, ended_on=TODAY() - timedelta(days=5))
    back.ended_at = at(back.ended_on)
    back.save()
    a_step(children[5], kind="return_interview", code="", span=back.ref, opened_on=back.ended_on)
    waiting = {"kind": "assessment", "code": "single", "submitted_at": timezone.now(), "team": team}
    a_step(children[6], opened_on=TODAY() - timedelta(days=30), **waiting)
    returned = a_step(children[1], kind="assessment", code="single", worker=people["social_worker"], opened_on=TODAY())
    SignOff.objects.create(
        ref="s1",
        step=returned,
        by=people["team_manager"],
        at=timezone.now(),
        answer="returned",
        recorded_at=timezone.now(),
    )
    for number, owner in enumerate(people.values()):
        Promise.objects.create(
            ref=f"promise:{number}", person=children[0], made_on=TODAY(), what="Ring the school", owner=owner,
            due_on=TODAY() + timedelta(days=number), recorded_at=timezone.now(),
        )  # fmt: skip
    assert gone.ended_on is None
    officer = people["designated_officer"]
    told = begin_allegation(subject=Subject("Mora", "Thornbury"), by=officer, on=TODAY())
    holds("allegation.done")
    a_step(told, kind="allegation", code="", opened_on=TODAY() - timedelta(days=40), worker=officer)
    recompute(people=[told.pk], on=TODAY())


@pytest.mark.parametrize("role", ROLES)
def test_every_count_opens_exactly_the_list_it_counted(borough: dict[str, Worker], client: Client, role: str) -> None:
    client.force_login(borough[role].account)
    found = counted(page(client, "/"))
    assert bool(found) == (role != "system_administrator")  # who works with no child has nothing to count
    for count, url in found:
        assert rows_of(client, url) == count, f"{role}: {url}"


def test_every_count_of_teams_and_of_a_team_opens_its_list(borough: dict[str, Worker], client: Client) -> None:
    manager = borough["team_manager"]
    client.force_login(manager.account)
    found = counted(page(client, "/team/")) + counted(page(client, f"/team/{manager.posts.get().team_id}/"))
    assert len(found) > 8
    assert {url: count for count, url in found} == {url: rows_of(client, url) for _, url in found}


def test_a_director_of_many_teams_sees_those_with_most_overdue_and_opens_the_rest(
    borough: dict[str, Worker], client: Client
) -> None:
    for number in range(12):
        child, team = a_child(f"Elsewhere{number}"), a_team(f"Far Team {number:02}")
        plan_ = a_period(child, "cp_plan", days=90, team=team)
        a_step(child, happened_on=TODAY() - timedelta(days=20 + number), span=plan_.ref)
        allocate(child, a_worker(f"Worker {number}", team=team), team=team)
    recompute(people=None, on=TODAY())
    client.force_login(borough["divisional_director"].account)
    text, everything = page(client, "/"), page(client, "/team/")
    table = text.split("By team</h2>")[1].split("</table>")[0]
    assert table.count("<tr") - 1 == 10
    # a deadline that falls to no team makes a row too
    assert re.search(r'\b1[34] teams in all\. <a [^>]*href="/team/">See all teams<', text)
    overdue = [int(number) for number in re.findall(r'data-counted="(\d+)" data-list="[^"]+overdue', table)]
    assert overdue == sorted(overdue, reverse=True)
    tile = next(count for count, url in counted(text) if url.endswith("?state=overdue"))
    assert tile == sum(count for count, url in counted(everything) if "state=overdue" in url)


def test_a_wrong_count_would_be_found(borough: dict[str, Worker], client: Client, monkeypatch: Any) -> None:
    """The control of the two tests above: a count by other filters than its list's."""
    from kith.oversight.worklists import queries

    honest = queries._due_listing
    monkeypatch.setattr(queries, "_due_listing", lambda *args: honest(*args[:3], args[3] + 1))
    client.force_login(borough["social_worker"].account)
    found = counted(page(client, "/"))
    assert any(rows_of(client, url) != count for count, url in found)


def test_a_social_worker_begins_with_her_own_and_may_look_at_her_team(
    borough: dict[str, Worker], client: Client
) -> None:
    client.force_login(borough["social_worker"].account)
    own = page(client, "/")
    assert "Child1 Begum" in own
    assert "Child2 Begum" not in own.split("Strategy meetings open now")[0]
    team = borough["social_worker"].posts.get().team_id
    assert "Child2 Begum" in page(client, f"/?team={team}&worker=")


def test_a_manager_sees_the_team_what_waits_and_the_meeting_open_now(
    borough: dict[str, Worker], client: Client
) -> None:
    client.force_login(borough["team_manager"].account)
    text = page(client, "/")
    for title in (
        "Overdue (",
        "Waiting for sign-off (1)",
        "Strategy meetings open now (1)",
        "Referrals with nobody allocated (1)",
    ):
        assert title in text, title


def test_a_meeting_leaves_the_page_once_it_is_closed(borough: dict[str, Worker], client: Client) -> None:
    Step.objects.filter(kind="strategy_meeting").update(done_on=TODAY())
    client.force_login(borough["team_manager"].account)
    assert "Strategy meetings open now" not in page(client, "/")


def test_a_referral_leaves_the_unallocated_once_somebody_holds_the_child(
    borough: dict[str, Worker], client: Client
) -> None:
    client.force_login(borough["mash_worker"].account)
    assert "Referrals with nobody allocated (1)" in page(client, "/")
    assert "Referrals waiting for a decision (1)" in page(client, "/")
    child = Part.objects.get(step__kind="referral", step__done_on__isnull=False).person
    allocate(child, borough["social_worker"])
    recompute(people=[child.pk], on=TODAY())
    assert "Referrals with nobody allocated" not in page(client, "/")


def test_the_missing_coordinator_sees_who_is_missing_and_which_interviews_are_due(
    borough: dict[str, Worker], client: Client
) -> None:
    client.force_login(borough["missing_coordinator"].account)
    text = page(client, "/")
    assert "Missing or away now (1)" in text
    assert "Child4 Begum" in text
    assert "Hold the return interview" in text
    assert "Child protection visit" not in text


def test_each_line_says_the_duty_the_day_in_words_and_why(borough: dict[str, Worker], client: Client) -> None:
    client.force_login(borough["social_worker"].account)
    text = page(client, "/")
    assert re.search(r"Child protection visit", text)
    assert re.search(r"\d+ days? late", text)
    assert re.search(r'href="/deadlines/\d+/why/"', text)


def test_nobody_sees_a_child_they_are_barred_from_nor_a_number_that_counts_one(
    borough: dict[str, Worker], client: Client
) -> None:
    client.force_login(borough["team_manager"].account)
    before = {url: count for count, url in counted(page(client, "/"))}
    overdue = next(url for url in before if url.startswith("/deadlines/") and "state=overdue" in url)
    hidden = Part.objects.get(step__kind="assessment", step__submitted_at__isnull=False).person
    bar(borough["team_manager"], hidden)
    text = page(client, "/")
    assert hidden.name not in text
    assert "Waiting for sign-off" not in text
    assert dict((url, count) for count, url in counted(text))[overdue] < before[overdue]


def test_a_restricted_child_is_on_no_page_and_in_no_count(borough: dict[str, Worker], client: Client) -> None:
    for somebody in {part.person for part in Part.objects.select_related("person")}:
        restrict(somebody)
    Named.objects.update(ended_on=TODAY())  # nor is anybody named for an allegation any more
    for role in ROLES:
        client.force_login(borough[role].account)
        assert "Begum" not in page(client, "/"), role
        assert [count for count, _ in counted(page(client, "/")) if count] == [], role


def test_a_worker_with_nothing_due_is_told_so_kindly(borough: dict[str, Worker], client: Client) -> None:
    client.force_login(a_worker("New Starter", team=a_team("Quality Assurance")).account)
    assert "Nothing needs you today, or in the next 10 days." in page(client, "/")


def test_nobody_signed_in_is_led_to_sign_in(record: None, client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"][:9]) == (302, "/sign-in/")


def grow(people: dict[str, Worker], times: int) -> None:
    """A longer history: visits that are done with, for every child."""
    for part in list(Part.objects.filter(step__kind="visit").select_related("person")):
        for number in range(times):
            a_step(part.person, happened_on=TODAY() - timedelta(days=60 + number), span=part.span)
    recompute(people=None, on=TODAY())


@pytest.mark.parametrize("role", ROLES)
def test_today_asks_few_questions_and_no_more_as_the_history_grows(
    borough: dict[str, Worker], client: Client, role: str, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(borough[role].account)
    with CaptureQueriesContext(connection) as short:
        page(client, "/")
    grow(borough, 8)
    with CaptureQueriesContext(connection) as long:
        page(client, "/")
    assert len(long) <= len(short)
    # PostgreSQL is told who is acting, and takes the role that pages are read in and leaves it, in queries of their own
    telling = 4 if connection.vendor == "postgresql" else 0
    assert len(long) <= 20 + telling, [each["sql"][:90] for each in long.captured_queries]


def test_the_plan_gives_every_role_a_page_of_nine_groups_at_most() -> None:
    assert set(plan().roles) == set(policy().roles)
    assert max(len(role.groups) for role in plan().roles.values()) <= 9


@pytest.mark.parametrize(
    ("groups", "whose", "wrong"),
    [
        (["nothing"], "mine", "unknown group nothing"),
        (["overdue"], "theirs", "looks at “theirs”"),
        (["overdue"] * 10, "mine", "more groups"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused_by_name(groups: list[str], whose: str, wrong: str) -> None:
    data = {
        "first": 8,
        "groups": {"overdue": {"source": "window", "title": "Overdue"}},
        "roles": {role: {"whose": whose, "groups": groups} for role in ROLES},
    }
    with pytest.raises(BadPlan, match=wrong):
        read_plan(data)
