"""Dates that cannot be right are kept, shown on the child's page, agree with the engine, and break no other clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_worker

from kith.record.chronology.odd import odd_dates
from kith.record.deadlines import sources
from kith.record.deadlines.actions import births_of, recompute
from kith.record.deadlines.models import Deadline
from kith.record.people.models import Person
from kith.record.periods.models import Period
from kith.statutory.timescales.facts import facts_from
from kith.statutory.timescales.flags import flags
from kith.statutory.timescales.numbering import numbered

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def child() -> Person:
    found = a_child()
    a_period(found, "cp_plan", days=30)
    a_step(found, happened_on=TODAY - 10 * DAY)
    return found


def said(child: Person) -> list[str]:
    return [each.why for each in odd_dates(child, Period.objects.filter(person=child), on=TODAY)]


def engine_says(child: Person) -> set[str]:
    """The flags of the engine on the same child's facts."""
    people = [child.pk]
    known = numbered(facts_from(sources.steps(people), sources.periods(people)), births_of(people, {}))
    return set(flags(known).collect()["flag"])


def test_dates_that_can_be_right_are_not_questioned(child: Person) -> None:
    assert said(child) == []
    assert engine_says(child) == set()


def test_a_visit_before_birth_is_said_and_the_engine_agrees(child: Person) -> None:
    a_step(child, kind="care_review", code="", happened_on=child.born_on - DAY, opened_on=None)
    assert said(child) == ["dated before birth"]
    assert engine_says(child) == {"before birth"}


def test_work_for_an_unborn_child_is_not_questioned(child: Person) -> None:
    a_step(child, kind="assessment", code="single", opened_on=child.born_on - 60 * DAY, happened_on=None)
    assert said(child) == []
    assert engine_says(child) == set()


def test_out_of_order_is_said_and_the_engine_agrees(child: Person) -> None:
    day = TODAY - 40 * DAY
    a_step(child, kind="assessment", code="single", opened_on=day, happened_on=None, done_on=day - 5 * DAY)
    a_period(child, "missing", days=20, code="missing", ended_on=TODAY - 25 * DAY)
    assert said(child) == ["dated before what comes first"] * 2
    assert engine_says(child) == {"out of order"}


def test_the_future_is_said_on_the_page_and_no_other_clock_moves(client: Client, child: Person) -> None:
    recompute(people=[child.pk], on=TODAY)
    before = list(Deadline.objects.order_by("pk").values("rule", "opened_on", "due_on", "met_on", "open"))
    a_step(child, kind="contact", code="", opened_on=TODAY + 400 * DAY, happened_on=None)
    recompute(people=[child.pk], on=TODAY)
    kept = Deadline.objects.exclude(opened_on__gt=TODAY).order_by("pk")
    assert list(kept.values("rule", "opened_on", "due_on", "met_on", "open")) == before
    client.force_login(a_worker().account)
    page = client.get(f"/children/{child.pk}/").content.decode()
    assert "Dates to check" in page
    assert "dated in the future" in page
