"""Measures of timeliness: counted from the rows of deadlines, each number that of its list, access in the query."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_worker, bar, viewer

from kith.foundation.access.models import Worker
from kith.oversight.measures.book import BadMeasure, measures, read_measures
from kith.oversight.measures.queries import of_one, whole_service
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.measuring import LISTS, tally_for, turns
from kith.record.deadlines.models import Deadline
from kith.record.people.models import Person

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
ASSESSED, SEEN = "assessment_45wd_pct", "cin_visit_ontime_pct"


def assessed(days_ago: int, took: int | None) -> Person:
    """A child whose assessment began then, and was authorised after so many days; not yet, when None."""
    child, began = a_child(), TODAY - timedelta(days=days_ago)
    done = None if took is None else began + timedelta(days=took)
    a_step(child, kind="assessment", code="single", opened_on=began, happened_on=None, done_on=done)
    recompute(people=[child.pk], on=TODAY)
    return child


@pytest.fixture
def children() -> list[Person]:
    """Done in time twice, done late, and open and overdue."""
    return [assessed(100, 30), assessed(150, 20), assessed(140, 120), assessed(90, None)]


@pytest.fixture
def worker() -> Worker:
    return a_worker(role="divisional_director")


def test_every_measure_counts_rules_of_the_book_and_says_what_the_others_wait_for() -> None:
    found = measures().values()
    assert len(found) == 74
    assert [each.id for each in found if not each.running and not each.waits_for] == []
    assert sum(bool(each.running) for each in found) == 74


def test_the_share_is_of_those_done_and_the_overdue_stand_beside_it(children: list[Person]) -> None:
    tally = of_one(measures()[ASSESSED], on=TODAY)
    assert (tally.counted, tally.measured, tally.overdue) == (2, 3, 1)
    assert tally.percent == pytest.approx(66.67, abs=0.01)
    assert whole_service(on=TODAY)[ASSESSED] == tally


def test_a_year_ago_is_out_of_the_year() -> None:
    assessed(600, 40)
    assert of_one(measures()[ASSESSED], on=TODAY).measured == 0


def test_a_snapshot_counts_who_is_in_time_today() -> None:
    for days in (5, 60):
        child = a_child()
        plan = a_period(child, "cin_plan", days=90)
        a_step(child, code="cin", happened_on=TODAY - timedelta(days=days), span=plan.ref)
        recompute(people=[child.pk], on=TODAY)
    tally = of_one(measures()[SEEN], on=TODAY)
    assert (tally.counted, tally.measured, tally.overdue) == (1, 2, 1)


@pytest.mark.parametrize("which", LISTS)
def test_every_number_is_that_of_its_list(children: list[Person], worker: Worker, client: Client, which: str) -> None:
    client.force_login(worker.account)
    page = client.get(f"/measures/{ASSESSED}/").content.decode()
    link = re.search(rf'href="([^"]*which={which})"[^>]*><span class="kith-counts__number">([\d,]+)<', page)
    assert link
    listed = client.get(link[1]).content.decode()
    assert f'data-count="{link[2]}"' in listed
    assert listed.count('class="govuk-table__row"') in {int(link[2]) + 1, 0} or "There is nobody here" in listed


def test_a_hidden_child_is_in_neither_number_nor_list(children: list[Person], worker: Worker) -> None:
    one = measures()[ASSESSED]
    bar(worker, children[0])
    mine = tally_for(viewer(worker), one.running, basis=one.basis, counts=one.counts, on=TODAY)
    rows = turns(viewer(worker), one.running, basis=one.basis, counts=one.counts, which="measured", on=TODAY)
    assert mine.measured == rows.count() == 2
    assert children[0].pk not in set(rows.values_list("person", flat=True))
    assert of_one(one, on=TODAY).measured == 3, "the service's own number holds no name, and does not change"


def test_the_list_asks_few_questions_however_many_measures(
    children: list[Person],
    worker: Worker,
    client: Client,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    from django.db import connection

    client.force_login(worker.account)
    telling = 3 if connection.vendor == "postgresql" else 0
    with django_assert_max_num_queries(12 + telling):
        page = client.get("/measures/")
    assert "66% (2 of 3)" in page.content.decode()
    assert client.get("/measures/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rules": ["no_such_rule"]}, "no rule"),
        ({"rules": []}, "no rule"),
        ({"basis": "sometimes"}, "basis"),
        ({"counts": "nearly"}, "counts"),
    ],
)
def test_a_measure_that_could_mislead_is_refused_by_name(change: dict[str, object], said: str) -> None:
    good = {
        "id": "m", "name": "M", "theme": "T", "rules": ["cin_visit"], "basis": "due", "counts": "in_time",
        "better": "high", "published_numerator": "n", "published_denominator": "d", "filters": "", "source": "s",
    }  # fmt: skip
    assert read_measures({"measure": [good]})["m"].running == ("cin_visit",)
    with pytest.raises(BadMeasure, match=said):
        read_measures({"measure": [good | change]})


def test_what_was_no_longer_needed_is_not_measured() -> None:
    child = a_child()
    a_period(child, "cin_plan", days=60)
    recompute(people=[child.pk], on=TODAY)
    row = Deadline.objects.filter(person=child, rule="cin_visit").earliest("due_on")
    row.open, row.ended_on = False, row.due_on
    row.save()
    assert of_one(measures()[SEEN], on=TODAY).measured == 0
