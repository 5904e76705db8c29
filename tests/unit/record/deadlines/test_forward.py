"""The forward view: from when each will be late and unless what; and how many of a list within a week."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_worker, allocate

from kith.foundation.access.models import Worker
from kith.foundation.screens.words import nice_date
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.duties import unless
from kith.record.deadlines.models import Deadline
from kith.record.deadlines.presenters import forward

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()


@pytest.fixture
def worker() -> Worker:
    found = a_worker("Asha Rahman")
    for days in (4, 60):
        child = a_child(f"Child{days}")
        allocate(child, found)
        plan = a_period(child, "cp_plan", days=90)
        a_step(child, happened_on=TODAY - timedelta(days=days), span=plan.ref)
        recompute(people=[child.pk], on=TODAY)
    return found


def test_it_says_from_which_day_and_unless_what(worker: Worker) -> None:
    row = Deadline.objects.get(person__forename="Child4", rule="cp_visit", open=True)
    said = forward(row, on=TODAY)
    assert said == f"Late from {nice_date(row.due_on + timedelta(days=1))} unless by then the child was visited"
    assert forward(row, on=row.due_on) == said
    assert forward(row, on=row.due_on + timedelta(days=1)) == ""


def test_a_limit_that_nothing_meets_says_only_when() -> None:
    assert unless("no_such_rule") == ""
    assert unless("cp_visit") == "the child was visited"


def test_the_list_says_how_many_will_be_late_within_a_week_and_opens_them(client: Client, worker: Worker) -> None:
    every = list(Deadline.objects.filter(open=True).values_list("pk", flat=True))
    assert len(every) > 2
    Deadline.objects.filter(open=True).update(due_on=TODAY + timedelta(days=7))
    Deadline.objects.filter(pk__in=every[:2]).update(due_on=TODAY + timedelta(days=6))
    client.force_login(worker.account)
    page = client.get("/deadlines/").content.decode()
    link = re.search(r'data-counted="(\d+)"><a class="govuk-link" href="([^"]+)"', page)
    assert link
    assert f"will be late by {nice_date(TODAY + timedelta(days=7))} unless done" in page
    opened = client.get(link[2].replace("&amp;", "&")).content.decode()
    assert f'data-count="{link[1]}"' in opened
    counted = Deadline.objects.filter(open=True, due_on__range=(TODAY, TODAY + timedelta(days=6)))
    assert int(link[1]) == counted.count() == 2
