"""Reading periods: what is running, for whom, and what it is called."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_worker, allocate, bar, viewer

from kith.record.deadlines.openings import named
from kith.record.periods.queries import first_few, open_on, periods_for, running, unallocated_needs
from kith.record.periods.words import NAMES, name_of
from kith.statutory.timescales.facts import PERIOD_KINDS

TODAY = timezone.localdate


def test_every_kind_of_period_that_the_clocks_know_has_a_name() -> None:
    assert set(NAMES) == set(PERIOD_KINDS)
    assert name_of("missing", "away") == "Away from home without agreement"
    assert name_of("a_new_kind") == "A new kind"


def test_a_period_runs_on_both_its_days_and_not_on_the_day_after(record: None) -> None:
    child = a_child()
    plan = a_period(child, days=30, ended_on=TODAY() - timedelta(days=10))
    on = [TODAY() - timedelta(days=days) for days in (31, 30, 10, 9)]
    assert [plan in open_on(people=[child.pk], on=day) for day in on] == [False, True, True, False]


def test_who_is_missing_now_leaves_out_those_back_those_voided_and_those_hidden(record: None) -> None:
    gone, back, wrong, hidden = (a_child(name) for name in ("Gone", "Back", "Wrong", "Hidden"))
    a_period(gone, "missing", days=1)
    a_period(back, "missing", days=3, ended_on=TODAY())
    a_period(wrong, "missing", days=1, voided_at=timezone.now())
    a_period(hidden, "missing", days=1)
    worker = a_worker()
    bar(worker, hidden)
    assert [each.person for each in running(viewer(worker), kind="missing", on=TODAY())] == [gone]
    found = first_few(viewer(worker), kind="missing", on=TODAY(), first=5)
    assert (found.count, len(found.rows)) == (1, 1)
    assert periods_for(viewer(worker)).filter(person=hidden).count() == 0


def test_a_need_is_unallocated_until_a_worker_holds_the_child(record: None) -> None:
    child = a_child()
    need = a_period(child, "need", code="N1")
    assert [each.ref for each in unallocated_needs()] == [need.ref]
    allocate(child, a_worker("Ruth"), role="Reviewing officer")
    assert unallocated_needs().count() == 1
    held = allocate(child, a_worker("Asha"))
    assert unallocated_needs().count() == 0
    held.started_on, held.ended_on = need.started_on, TODAY()
    held.save()
    assert unallocated_needs().count() == 0  # somebody took it up; that she has left is another matter
    held.started_on = need.started_on - timedelta(days=90)
    held.save()
    assert unallocated_needs().count() == 1  # that was an earlier time the child was open


def test_refs_are_named_across_steps_and_periods_and_hidden_ones_are_not(record: None) -> None:
    child, hidden = a_child(), a_child("Hidden")
    plan, secret = a_period(child), a_period(hidden)
    visit = a_step(child)
    worker = a_worker()
    bar(worker, hidden)
    refs = [plan.ref, secret.ref, visit.parts.get().ref, visit.ref, "nothing:at-all", ""]
    found = named(viewer(worker), refs)
    assert {ref: each.words for ref, each in found.items()} == {
        plan.ref: "Child protection plan",
        visit.parts.get().ref: "Child protection visit",
        visit.ref: "Child protection visit",
    }
    assert found[visit.ref].url == f"/work/visit/{visit.pk}/"
