"""Deadlines: kept in step with the facts, listed by filters, explained, and never moved by a reason for lateness."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_team, a_worker, allocate, at, bar, grant, holds, viewer

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.duties import TITLES, met_by, subjects, title_of, titles
from kith.record.deadlines.filters import STATES, DueFilter
from kith.record.deadlines.models import Deadline, LateReason
from kith.record.deadlines.presenters import line
from kith.record.deadlines.queries import deadlines_for, listed, state_of, windows
from kith.record.people.models import Person

TODAY = timezone.localdate


@pytest.fixture
def worker(record: None) -> Worker:
    return a_worker("Asha Rahman")


def planned(worker: Worker, name: str, *, days: int, visited: int | None = None) -> Person:
    """A child under a child protection plan that began `days` ago, last visited `visited` days ago."""
    child = a_child(name)
    allocate(child, worker)
    plan = a_period(child, "cp_plan", days=days)
    if visited is not None:
        a_step(child, happened_on=TODAY() - timedelta(days=visited), span=plan.ref)
    recompute(people=[child.pk], on=TODAY())
    return child


def page(client: Client, url: str, by: Worker) -> str:
    client.force_login(by.account)
    answer = client.get(url)
    assert answer.status_code == 200, f"{url} answered {answer.status_code}"
    return answer.content.decode()


def test_working_the_clocks_out_again_changes_nothing_and_keeps_each_rows_own_address(worker: Worker) -> None:
    child = planned(worker, "Imran", days=40, visited=30)
    before = list(Deadline.objects.order_by("pk").values())
    recompute(people=[child.pk], on=TODAY())
    assert list(Deadline.objects.order_by("pk").values()) == before
    recompute(people=None, on=TODAY())
    assert list(Deadline.objects.order_by("pk").values()) == before


def test_a_deadline_falls_to_the_allocated_worker_and_to_nobody_when_there_is_none(worker: Worker) -> None:
    planned(worker, "Imran", days=40)
    alone = a_child("Alone")
    a_period(alone, "cp_plan", days=40)
    recompute(people=[alone.pk], on=TODAY())
    assert set(Deadline.objects.exclude(person=alone).values_list("worker", flat=True)) == {worker.pk}
    assert set(Deadline.objects.filter(person=alone).values_list("worker", "team")) == {(None, None)}


def test_each_state_of_the_list_holds_what_its_name_says(worker: Worker) -> None:
    planned(worker, "Late", days=60, visited=50)
    planned(worker, "Early", days=3)
    found = {state: set(listed(viewer(worker), DueFilter(state=state), on=TODAY())) for state in STATES}
    split = found["overdue"] | found["today"] | found["soon"] | found["later"]
    assert split == found["open"]
    assert sum(len(found[each]) for each in ("overdue", "today", "soon", "later")) == len(found["open"])
    assert found["open"] | found["met"] | found["met_late"] | found["ended"] == found["all"]
    assert all(state_of(each, on=TODAY()) == "overdue" for each in found["overdue"])
    assert all(state_of(each, on=TODAY()) in {"met", "met_late"} for each in found["met"] | found["met_late"])
    assert found["overdue"]
    assert found["soon"]


def test_due_on_the_day_is_not_late_and_the_day_after_is(worker: Worker) -> None:
    planned(worker, "Imran", days=40)
    deadline = Deadline.objects.filter(open=True).first()
    assert state_of(deadline, on=deadline.due_on) in {"due_soon", "not_due"}
    assert state_of(deadline, on=deadline.due_on + timedelta(days=1)) == "overdue"
    on_the_day = listed(viewer(worker), DueFilter(state="today"), on=deadline.due_on)
    assert deadline in on_the_day


def test_the_windows_of_today_count_what_their_lists_hold(worker: Worker) -> None:
    for number in range(30):
        planned(worker, f"Child{number}", days=number + 1)
    asked = DueFilter(worker=str(worker.pk))
    found = windows(viewer(worker), asked, on=TODAY(), first=3)
    assert found["overdue"].count > 3
    for name, window in found.items():
        every = listed(viewer(worker), DueFilter(worker=str(worker.pk), state=name), on=TODAY())
        assert window.count == every.count()
        assert list(window.rows) == list(every[:3])


def test_the_filters_survive_a_round_through_an_address() -> None:
    asked = DueFilter(
        state="overdue", team="3", worker="none", rule="cp_visit", subject="court", child=4, involved=5,
        since=date(2026, 1, 2), until=date(2026, 3, 4),
    )  # fmt: skip
    assert DueFilter.read({key: str(value) for key, value in asked.address().items()}) == asked
    assert DueFilter.read({"state": "x", "team": "'; drop", "from": "yesterday", "rule": "none"}) == DueFilter()


@pytest.mark.parametrize(
    "nonsense", ["?team=abc&page=x", "?worker=-1", "?from=2026-99-99", "?rule=%27&page=0", "?child=0"]
)
def test_nonsense_in_an_address_shows_a_list_all_the_same(worker: Worker, client: Client, nonsense: str) -> None:
    assert "What is due" in page(client, f"/deadlines/{nonsense}", worker)


def test_why_says_what_opened_it_the_counting_the_days_left_out_the_source_and_how_far_it_was_checked(
    worker: Worker, client: Client
) -> None:
    child = planned(worker, "Imran", days=40, visited=30)
    visit = Deadline.objects.get(rule="cp_visit", open=True)
    text = page(client, f"/deadlines/{visit.pk}/why/", worker)
    assert "A child on a child protection plan is visited, and seen, at least every 10 working days" in text
    assert "10 working days from that day" in text
    assert re.search(r"\d weekend days", text)
    assert "Local standard; there is no statutory number" in text
    assert "a local default with no legal force" in text.lower()
    assert f'href="/work/visit/{child.parts.get().step_id}/"' in text
    assert "Late" in text


def test_a_bank_holiday_left_out_is_named(worker: Worker, client: Client) -> None:
    child = a_child("Imran")
    holds("referral.done")
    need = a_period(child, "need", started_on=date(2026, 3, 23))
    a_step(child, kind="referral", code="", span=need.ref, opened_on=date(2026, 4, 2))
    recompute(people=[child.pk], on=TODAY())
    deadline = Deadline.objects.get(rule="referral_decision")
    assert deadline.due_on == date(2026, 4, 7)
    text = page(client, f"/deadlines/{deadline.pk}/why/", worker)
    assert "3 April 2026: Good Friday" in text
    assert "6 April 2026: Easter Monday" in text


def test_what_met_it_is_a_click_away_and_lateness_is_said(worker: Worker, client: Client) -> None:
    child = planned(worker, "Imran", days=40, visited=2)
    met = Deadline.objects.get(rule="cp_visit_first")
    assert met.late
    text = page(client, f"/deadlines/{met.pk}/why/", worker)
    assert "Done late" in text
    assert f'href="/work/visit/{child.parts.get().step_id}/"' in text


def test_a_clock_in_hours_says_the_time_it_is_due(worker: Worker, client: Client) -> None:
    child = a_child("Imran")
    back = TODAY() - timedelta(days=1)
    holds("return_interview.happened")
    a_period(child, "missing", code="missing", days=3, ended_on=back, ended_at=at(back, 22))
    recompute(people=[child.pk], on=TODAY())
    deadline = Deadline.objects.get(rule="rhi_completed")
    assert deadline.due_at == at(back, 22) + timedelta(hours=72)
    assert "at 10pm" in page(client, f"/deadlines/{deadline.pk}/why/", worker)


def test_an_hour_that_has_gone_by_today_is_said_to_have_passed(worker: Worker, client: Client) -> None:
    child = a_child("Imran")
    holds("return_interview.happened")
    now = timezone.now()
    for hours in (73, 47):
        back = now - timedelta(hours=hours)
        period = {"ended_on": timezone.localdate(back), "ended_at": back, "started_on": TODAY() - timedelta(days=9)}
        a_period(child, "missing", code="missing", **period)
    recompute(people=[child.pk], on=TODAY())
    gone, coming = Deadline.objects.filter(rule="rhi_completed").order_by("due_at")
    assert line(gone, on=timezone.localdate(gone.due_at)).passed
    assert not line(coming, on=timezone.localdate(coming.due_at)).passed


def test_a_reason_for_lateness_is_kept_and_moves_no_date(worker: Worker, client: Client) -> None:
    planned(worker, "Imran", days=40)
    late = Deadline.objects.filter(rule="cp_visit_first").get()
    due = late.due_on
    client.force_login(worker.account)
    assert "Say why it is late" in client.post(f"/deadlines/{late.pk}/late/", {"reason": ""}).content.decode()
    client.post(f"/deadlines/{late.pk}/late/", {"reason": "The family were away"})
    assert LateReason.objects.get().by == worker
    recompute(people=None, on=TODAY())
    late.refresh_from_db()
    assert (late.due_on, late.open) == (due, True)
    assert "The family were away" in page(client, f"/deadlines/{late.pk}/why/", worker)


def test_what_is_not_late_has_nothing_to_explain(worker: Worker, client: Client) -> None:
    planned(worker, "Imran", days=1)
    early = Deadline.objects.filter(open=True, due_on__gt=TODAY()).first()
    assert "Why is it late?" not in page(client, f"/deadlines/{early.pk}/why/", worker)
    refused = client.post(f"/deadlines/{early.pk}/late/", {"reason": "x"}).content.decode()
    assert "This is not late" in refused
    assert not LateReason.objects.exists()


def test_an_auditor_reads_why_and_may_not_explain(worker: Worker, client: Client) -> None:
    child = planned(worker, "Imran", days=40)
    late = Deadline.objects.get(rule="cp_visit_first")
    auditor = a_worker("Ola", role="auditor", team=a_team("Quality Assurance"))
    grant(auditor, child)
    assert "Why is it late?" not in page(client, f"/deadlines/{late.pk}/why/", auditor)
    assert client.post(f"/deadlines/{late.pk}/late/", {"reason": "x"}).status_code == 403


def test_the_deadlines_of_a_child_one_may_not_know_of_do_not_exist(worker: Worker, client: Client) -> None:
    child = planned(worker, "Imran", days=40)
    relative = a_worker("Rosa")
    bar(relative, child)
    pk = Deadline.objects.first().pk
    client.force_login(relative.account)
    assert client.get(f"/deadlines/{pk}/why/").status_code == 404
    assert client.post(f"/deadlines/{pk}/late/", {"reason": "x"}).status_code == 404
    assert 'data-count="0"' in page(client, "/deadlines/?state=all", relative)
    assert deadlines_for(viewer(relative)).count() == 0
    assert deadlines_for(viewer(worker)).count() > 0


def test_a_role_that_may_not_look_at_teams_lists_only_its_own(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(worker, "Mine", days=40)
    other = a_worker("Somebody Else")
    planned(other, "Theirs", days=40)
    assert {each.worker for each in listed(viewer(worker), DueFilter(), on=TODAY())} == {worker, other}
    may = Viewer.may
    monkeypatch.setattr(Viewer, "may", lambda self, capability: capability != "see_team" and may(self, capability))
    assert {each.worker for each in listed(viewer(worker), DueFilter(), on=TODAY())} == {worker}


def test_every_rule_of_somebodys_record_has_a_short_title_of_its_own_and_every_title_a_rule() -> None:
    import tomllib

    written = tomllib.loads(TITLES.read_text(encoding="utf-8"))
    assert sorted(written) == sorted(titles()) and len(set(written.values())) == len(written)
    assert all(written.values())
    assert title_of("a_rule_long_gone") == "A rule long gone"
    assert max(map(len, written.values())) <= 45


def test_the_subjects_are_the_rule_files_and_a_visit_may_meet_visit_rules_only() -> None:
    assert "rhi_completed" in subjects()["missing_and_exploitation"]
    assert {"cp_visit", "cin_visit"} <= met_by("visit.happened")
    assert "referral_decision" not in met_by("visit.happened")


@pytest.mark.parametrize("children", [2, 25])
def test_the_list_asks_as_many_questions_of_many_children_as_of_few(
    worker: Worker, client: Client, children: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(children):
        planned(worker, f"Child{number}", days=50, visited=20)
    client.force_login(worker.account)
    wall = 2 if connection.vendor == "postgresql" else 0  # pages read in a role of their own, taken and left again
    with django_assert_max_num_queries(14 + wall):
        assert client.get("/deadlines/?state=all").status_code == 200


def test_a_clock_that_nothing_here_could_meet_is_named_and_says_nothing_until_the_first_such_fact(
    worker: Worker, client: Client
) -> None:
    planned(worker, "Imran", days=40)
    assert not Deadline.objects.filter(rule="core_group_first").exists()
    assert "Timescales that are not judged here" in page(client, "/deadlines/", worker)
    other = a_child("Ana")
    plan = a_period(other, "cp_plan", days=40)
    a_step(other, kind="core_group", code="", span=plan.ref, happened_on=TODAY())
    recompute(people=[other.pk], on=TODAY())
    assert Deadline.objects.filter(rule="core_group_first", person__forename="Imran", open=True).count() == 1
