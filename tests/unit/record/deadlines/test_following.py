"""Rules that follow from what the record holds already: each met in time and late, for one child and for everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_worker, allocate, holds, viewer

from kith.foundation.access.models import Worker
from kith.oversight.measures.book import measures
from kith.oversight.measures.queries import of_one
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.models import Deadline
from kith.record.deadlines.openings import named
from kith.record.people.models import Involvement, Person
from kith.record.steps.models import Part, Step
from kith.vocabulary.months import add_months

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
DAY = date(2026, 1, 12)  # a Monday, with no bank holiday near
HELD = (
    *("sdq.happened", "reviewing_officer.started", "personal_adviser.started", "allocation.done", "need.started"),
    *(
        "seen_alone.done:cla",
        "visit.done:cp",
        "visit.happened:cla",
        "visit.happened:other",
        "conference.happened:review",
    ),
    *("conference.happened:initial", "assessment.opened:single", "care_episode.ended:V4"),
)
Told = Callable[["Life", date], Person]


class Life:
    """Makes children in whose lives something began on DAY, and was done on another."""

    def __init__(self, by: Worker) -> None:
        self.by = by

    def child(self, **columns: Any) -> Person:
        return a_child(**{"born_on": add_months(DAY, -12 * 8)} | columns)

    def work(self, child: Person, kind: str, outcome: str = "", **columns: Any) -> Step:
        step = a_step(child, kind=kind, **{"code": ""} | columns)
        Part.objects.filter(step=step).update(outcome=outcome)
        return step

    def named(self, child: Person, role: str, on: date) -> None:
        Involvement.objects.filter(pk=allocate(child, self.by, role=role).pk).update(started_on=on)

    def referred(self, child: Person, on: date) -> str:
        need = a_period(child, "need", code="N1", started_on=on)
        self.work(child, "referral", "accepted", opened_on=on, done_on=on, span=need.ref)
        return need.ref

    def allocated(self, done: date) -> Person:
        child = self.child()
        self.referred(child, DAY)
        self.named(child, "Allocated social worker", done)
        return child

    def reviewing_officer(self, done: date) -> Person:
        child = self.child()
        a_period(child, "care", code="N1", started_on=DAY)
        self.named(child, "Reviewing officer", done)
        return child

    def adviser(self, done: date) -> Person:
        child = self.child(born_on=add_months(DAY, -12 * 16))
        a_period(child, "care", code="N1", started_on=DAY - timedelta(days=90))
        self.named(child, "Personal adviser", done)
        return child

    def questionnaire(self, done: date) -> Person:
        child = self.child()
        care = a_period(child, "care", code="N1", started_on=date(2024, 1, 15))
        self.work(child, "sdq", "12", happened_on=done, span=care.ref)
        return child

    def written_up(self, done: date) -> Person:
        child = self.child()
        plan = a_period(child, "cp_plan", started_on=DAY - timedelta(days=9))
        self.work(child, "visit", "seen", code="cp", happened_on=DAY, done_on=done, span=plan.ref)
        elsewhere = self.work(child, "visit", "seen", code="cp", happened_on=DAY - timedelta(days=1), span=plan.ref)
        self.unsaid = elsewhere.parts.get().ref
        return child

    def short_break(self, done: date) -> Person:
        child = self.child()
        a_period(child, "care_episode", code="V4", started_on=DAY, ended_on=done)
        return child

    def unborn_referral(self, done: date) -> Person:
        child = self.child(born_on=DAY + timedelta(days=100), expected_on=DAY + timedelta(days=110))
        need = self.referred(child, DAY)
        self.work(child, "assessment", code="single", opened_on=done, span=need)
        return child

    def unborn_enquiry(self, done: date) -> Person:
        child = self.child(born_on=None, expected_on=DAY + timedelta(days=200))
        need = a_period(child, "need", code="N1", started_on=DAY)
        self.work(child, "section47", "icpc", opened_on=DAY, span=need.ref)
        self.work(child, "conference", code="initial", happened_on=done, span=need.ref)
        return child

    def born_on_a_plan(self, done: date) -> Person:
        child = self.child(born_on=DAY)
        plan = a_period(child, "cp_plan", started_on=DAY - timedelta(days=30))
        self.work(child, "conference", code="review", happened_on=done, span=plan.ref)
        return child


RULES: dict[str, tuple[Told, date]] = {
    "referral_allocated": (Life.allocated, date(2026, 1, 13)),
    "iro_appointed": (Life.reviewing_officer, date(2026, 1, 19)),
    "cl_pa_allocated": (Life.adviser, date(2026, 4, 12)),
    "sdq_annual": (Life.questionnaire, date(2025, 3, 31)),
    "cp_visit_recorded": (Life.written_up, date(2026, 1, 14)),
    "short_break_limits": (Life.short_break, date(2026, 1, 28)),
    "prebirth_assessment_start": (Life.unborn_referral, date(2026, 1, 19)),
    "prebirth_icpc": (Life.unborn_enquiry, date(2026, 2, 2)),
    "rcpc_after_birth": (Life.born_on_a_plan, date(2026, 2, 9)),
}


@pytest.fixture
def life() -> Life:
    holds(*HELD)
    return Life(a_worker())


def rows(child: Person, rule: str) -> list[Deadline]:
    return list(Deadline.objects.filter(person=child, rule=rule).order_by("opened_on"))


def test_each_is_met_in_time_and_late_and_everybody_worked_out_at_once_has_the_same_rows(life: Life) -> None:
    for rule, (made, due) in RULES.items():
        for late in (False, True):
            done = due + timedelta(days=late)
            child = made(life, done)
            recompute(people=[child.pk], on=TODAY)
            (row,) = [each for each in rows(child, rule) if each.cycle == 1]
            assert (row.due_on, row.met_on, row.late) == (due, done, late), rule
            if rule == "cp_visit_recorded":
                assert row.opened_by != life.unsaid, "what another system wrote up is not judged"
    one_by_one = list(Deadline.objects.order_by("person", "rule", "opened_by", "cycle").values(*COMPARED))
    recompute(people=None, on=TODAY)
    assert list(Deadline.objects.order_by("person", "rule", "opened_by", "cycle").values(*COMPARED)) == one_by_one


COMPARED = ("person", "rule", "opened_by", "cycle", "due_on", "met_on", "met_by", "ended_on", "late", "open")


def test_a_second_referral_within_a_year_is_counted_and_a_later_one_is_not(life: Life) -> None:
    for gap, again in ((200, True), (400, False)):
        child = life.child()
        life.referred(child, TODAY - timedelta(days=10 + gap))
        life.referred(child, TODAY - timedelta(days=10))
        recompute(people=[child.pk], on=TODAY)
        first, second = rows(child, "re_referral_lookback")
        assert (first.met_on, first.open, first.late) == (None, False, False)
        assert ((second.met_on is not None), second.open, second.late) == (again, False, False)
    tally = of_one(measures()["rereferral_12m_pct"], on=TODAY)
    assert (tally.counted, tally.measured, tally.overdue) == (1, 3, 0)


def test_seen_alone_is_counted_of_every_visit_and_nobody_is_late_for_ever(life: Life) -> None:
    child = life.child()
    care = a_period(child, "care", code="N1", days=100)
    for days, outcome in ((60, "seen_alone"), (40, "seen"), (20, "")):
        life.work(child, "visit", outcome, code="cla", happened_on=TODAY - timedelta(days=days), span=care.ref)
    recompute(people=[child.pk], on=TODAY)
    assert [(row.met_on is not None, row.open) for row in rows(child, "cla_visit_alone")] == [
        *((True, False), (False, False), (False, False))
    ]
    assert of_one(measures()["cla_visit_seen_alone_pct"], on=TODAY).percent == pytest.approx(100 / 3)


def test_a_child_placed_for_adoption_is_visited_each_week_until_the_first_review_however_late_it_is(life: Life) -> None:
    child = life.child()
    care = a_period(child, "care", code="N1", started_on=DAY - timedelta(days=400))
    a_period(child, "home", code="A3", parent=care.ref, started_on=DAY)
    day = {
        name: DAY + timedelta(days=days) for name, days in (("first", 7), ("sixth", 42), ("review", 45), ("later", 60))
    }
    life.work(child, "care_review", happened_on=DAY - timedelta(days=30), span=care.ref)
    for name in ("first", "sixth"):
        life.work(child, "visit", "seen", code="cla", happened_on=day[name], span=care.ref)
    recompute(people=[child.pk], on=day["review"])
    due = [(row.due_on, row.met_on, row.open) for row in rows(child, "adoption_visit_weekly")]
    week = timedelta(days=7)
    assert due == [
        (DAY + week, day["first"], False),
        (day["first"] + week, day["sixth"], False),
        (day["sixth"] + week, None, True),
    ]
    life.work(child, "care_review", happened_on=day["review"], span=care.ref)
    life.work(child, "visit", "seen", code="cla", happened_on=day["later"], span=care.ref)
    recompute(people=[child.pk], on=TODAY)
    assert [row.open for row in rows(child, "adoption_visit_weekly")] == [False, False, False]
    assert rows(child, "adoption_visit_weekly")[-1].ended_on == day["review"]


def test_a_child_nobody_was_allocated_to_is_overdue_and_whoever_was_named_is_told(life: Life) -> None:
    child, other = life.child(), life.allocated(DAY)
    life.referred(child, DAY)
    recompute(people=[child.pk, other.pk], on=TODAY)
    assert of_one(measures()["unallocated_n"], on=TODAY).counted == 1
    (row,) = rows(other, "referral_allocated")
    mine, theirs = a_worker(team=other.involvements.first().team), a_worker("Ben Carter", team=None)
    assert named(viewer(mine), [row.met_by])[row.met_by].words == "Allocated social worker"
    theirs.posts.all().delete()
    assert named(viewer(theirs), [row.met_by]) == {}
