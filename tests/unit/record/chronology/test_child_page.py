"""The child's page: what it says, to whom, in how many queries, and what it never lets out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
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
    one_family,
    recorded,
    related,
    restrict,
)

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Opening
from kith.record.people.models import Address, Named, Person, Story
from kith.record.promises.models import Promise
from kith.record.steps.models import Part
from kith.record.visits.models import VisitPart

pytestmark = pytest.mark.usefixtures("record")
MOST_QUERIES = 15  # one is what the viewer is to whom, one the documents; 17 with the transaction’s beginning and end


def signed_in(worker: Worker) -> Client:
    """A browser in which this worker is signed in."""
    client = Client()
    client.force_login(worker.account)
    return client


def page(worker: Worker, child: Person, more: str = "") -> Any:
    """The child's page as this worker gets it."""
    return signed_in(worker).get(f"/children/{child.pk}/{more}")


def text_of(answer: Any) -> str:
    """The page's text with its spaces made one."""
    return " ".join(answer.content.decode().split())


def without_token(answer: Any) -> str:
    """The page's text without the one thing that differs each time: the form token of the sign-out button."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text_of(answer))


def asked_of_database(cost: CaptureQueriesContext) -> list[str]:
    """What the page asked, less what only marks a transaction and who is acting in it."""
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT set_config")
    return [each["sql"] for each in cost if not each["sql"].startswith(marks)]


@pytest.fixture
def child() -> Person:
    """A child with a plan, a mother, an unknown father and a sister."""
    found = a_child("Imran", "Begum", sex="M", ethnicity="ABAN", first_language="Bengali", interpreter=True)
    a_period(found, "cp_plan", code="NEG")
    related(found, a_child("Rima", "Begum", is_child=False), "mother", parental_responsibility=True, in_household=True)
    related(found, None, "father")
    return found


def test_the_page_says_what_is_happening_and_who_is_around(child: Person) -> None:
    worker = a_worker("Asha Rahman")
    allocate(child, worker)
    said = text_of(page(worker, child))
    since = timezone.localdate() - timedelta(days=60)
    assert f"On a child protection plan for neglect since {since.day} {since:%B %Y}" in said
    assert "Rima Begum" in said and "has parental responsibility, lives with me" in said
    assert "We do not know who my father is" in said
    assert "Speaks Bengali" in said and "Needs an interpreter" in said and "Bangladeshi" in said
    assert "Asha Rahman" in said and "Family Support and Protection 1" in said
    assert said.count("<h1") == 1


def test_a_child_with_open_work_and_nobody_allocated_is_a_gap(child: Person) -> None:
    assert "Nobody is allocated. This is a gap." in text_of(page(a_worker(), child))


def test_a_parent_nobody_has_written_down_is_a_gap_too() -> None:
    child = a_child()
    related(child, a_child("Rima", is_child=False), "mother")
    assert "Nothing is recorded about my father" in text_of(page(a_worker(), child))


def test_opening_is_in_the_history_with_what_the_worker_is_to_the_child(child: Person) -> None:
    team, other = a_team("Assessment North"), a_team("Assessment South")
    allocated, mate, stranger = a_worker("A", team=team), a_worker("B", team=team), a_worker("C", team=other)
    officer = a_worker("D", role="reviewing_officer", team=a_team("Reviewing Service"))
    allocate(child, allocated)
    allocate(child, officer, role="Reviewing officer")
    for worker in (allocated, mate, officer):
        assert page(worker, child).status_code == 200
    assert page(stranger, child).status_code == 404
    let_in = Opening.objects.filter(person=child.pk, kind=Opening.OPENED)
    rows = dict(let_in.values_list("worker", "relationship"))
    assert rows == {allocated.pk: "allocated", mate.pk: "team_duty", officer.pk: "reviewing_officer"}
    assert set(let_in.values_list("decision", flat=True)) == {"relationship"}
    [refusal] = Opening.objects.filter(person=child.pk, kind=Opening.REFUSED)
    assert (refusal.worker, refusal.decision) == (stranger.pk, "not found")
    assert "Asha" not in text_of(page(mate, child, "looked/"))
    assert "reviewing officer" in text_of(page(mate, child, "looked/"))


def test_a_hidden_child_and_one_that_is_not_there_look_the_same(child: Person) -> None:
    worker = a_worker()
    bar(worker, child)
    for more in ("", "record/", "looked/", "story/", "print/"):
        hidden, nobody = page(worker, child, more), signed_in(worker).get(f"/children/999999999/{more}")
        assert hidden.status_code == nobody.status_code == 404
        assert without_token(hidden) == without_token(nobody)
    kinds = {
        person: set(Opening.objects.filter(person=person).values_list("kind", "page"))
        for person in (child.pk, 999999999)
    }
    assert {kind for kind, _ in kinds[child.pk]} == {Opening.REFUSED}  # that it was tried is kept, and that alone
    assert len(kinds[child.pk]) == len(kinds[999999999]) == 5


def test_a_restricted_child_opens_only_to_those_named(child: Person) -> None:
    restrict(child, "R1")
    stranger, named = a_worker("Stranger"), a_worker("Named")
    Named.objects.create(person=child, worker=named, **recorded("named"))
    assert page(stranger, child).status_code == 404
    shown = page(named, child)
    assert shown.status_code == 200 and "Restricted: named people only" in text_of(shown)


def test_a_barred_sister_is_nowhere_on_her_brothers_page(child: Person) -> None:
    sister, brother = a_child("Ayla", "Begum"), a_child("Zakir", "Begum")
    one_family(child, sister, brother)
    worker = a_worker()
    bar(worker, sister)
    said = text_of(page(worker, child))
    assert "Zakir" in said
    assert "Ayla" not in said
    assert "Ayla" in text_of(page(a_worker("Other"), child)), "control: somebody else sees her"


def test_a_mother_from_whom_the_worker_is_barred_is_left_out(child: Person) -> None:
    mother = Person.objects.get(forename="Rima")
    worker = a_worker()
    bar(worker, mother)
    assert "Rima" not in text_of(page(worker, child))


def test_where_a_shielded_child_lives_is_withheld(child: Person) -> None:
    Address.objects.create(person=child, lines="4 Quay Street", postcode="RV1 2AB", **recorded("address"))
    restrict(child, "R2")
    said = text_of(page(a_worker(), child))
    assert "Address withheld" in said and "Quay Street" not in said


def test_an_unborn_child_has_a_page_with_the_day_expected_and_a_mother() -> None:
    soon = timezone.localdate() + timedelta(days=40)
    unborn = a_child("", "", born_on=None, expected_on=soon)
    mother = a_child("Young", "Mother", is_child=True)
    related(unborn, mother, "mother")
    said = text_of(page(a_worker(), unborn))
    assert "Unborn child" in said and f"expected {soon.day} {soon:%B %Y}" in said
    assert f'href="/children/{mother.pk}/"' in said


def test_a_child_of_whom_nothing_is_known_has_a_calm_page() -> None:
    said = text_of(page(a_worker(), a_child("", "", born_on=None)))
    for words in ("Nobody has written who this child is yet", "No work is open", "Nothing is due", "No promises"):
        assert words in said


def test_the_page_says_what_we_promised_and_when_the_child_was_last_seen(child: Person) -> None:
    today = timezone.localdate()
    for days, done in ((-3, None), (4, None), (-9, today - timedelta(days=10))):
        Promise.objects.create(
            person=child, made_on=today, what="Ring the school", due_on=today + timedelta(days=days), done_on=done,
            **recorded("promise"),
        )  # fmt: skip
    step = a_step(child, happened_on=today - timedelta(days=2), happened_at=at(today - timedelta(days=2)))
    VisitPart.objects.create(part=step.parts.get(), seen=True, seen_alone=True, said="I like the goats")
    said = text_of(page(a_worker(), child))
    assert f"/promises/?child={child.pk}&amp;state=overdue" in said
    assert "Last seen, alone, on" in said and "I like the goats" in said


def test_a_visit_at_which_the_child_was_not_seen_is_not_the_last_time_seen(child: Person) -> None:
    step = a_step(child, happened_on=timezone.localdate())
    VisitPart.objects.create(part=step.parts.get(), seen=False)
    Part.objects.update(counts=False)
    assert "Last seen" not in text_of(page(a_worker(), child))


def test_an_old_story_says_that_it_is_old(child: Person) -> None:
    Story.objects.create(
        person=child,
        written_on=timezone.localdate() - timedelta(days=200),
        who_i_am="I like goats",
        **recorded("story"),
    )
    assert "Over 6 months old" in text_of(page(a_worker(), child))


def test_the_page_costs_no_more_for_a_long_history_than_for_a_short_one(child: Person) -> None:
    worker = a_worker()
    allocate(child, worker)
    one_family(child, a_child("Ayla", "Begum"))
    client, today, costs = signed_in(worker), timezone.localdate(), []
    client.get(f"/children/{child.pk}/")
    for many in (10, 390):
        for number in range(many):
            a_step(child, happened_on=today - timedelta(days=number))
            a_period(child, "home", days=number * 3, code="U6")
        Part.objects.filter(pk__in=[part.pk for part in Part.objects.all()[::3]]).update(significant=True)
        with CaptureQueriesContext(connection) as cost:
            assert client.get(f"/children/{child.pk}/").status_code == 200
        costs.append(len(asked_of_database(cost)))
    assert costs[0] == costs[1], "the number of queries grew with the history"
    assert costs[0] <= MOST_QUERIES, asked_of_database(cost)


def test_the_full_record_is_paged_and_chosen_by_kind(child: Person) -> None:
    today = timezone.localdate()
    for number in range(40):
        a_step(child, happened_on=today - timedelta(days=number))
    a_step(child, kind="care_review", code="", happened_on=today)
    worker = a_worker()
    first, second = text_of(page(worker, child, "record/")), text_of(page(worker, child, "record/?page=2"))
    assert "page 1 of 2" in first and "page 2 of 2" in second
    only = text_of(page(worker, child, "record/?kind=care_review"))
    assert "1 entry" in only and "Child protection visit" not in only.split("kith-timeline")[1]


def test_an_entry_becomes_significant_with_a_sentence_and_not_without(child: Person) -> None:
    step = a_step(child, happened_on=timezone.localdate())
    part = step.parts.get()
    client = signed_in(a_worker())
    where = f"/children/{child.pk}/record/{part.pk}/significant/"
    refused = client.post(where, {"impact": "  "})
    part.refresh_from_db()
    assert refused.status_code == 200 and not part.significant
    assert "Say what this meant for the child, in a sentence" in text_of(refused)
    client.post(where, {"impact": "He said for the first time that he is afraid at home.", "version": "1"})
    part.refresh_from_db()
    assert part.significant and part.version == 2
    assert "afraid at home" in text_of(client.get(f"/children/{child.pk}/"))
    client.post(where, {"ordinary": "1", "version": "2"})
    part.refresh_from_db()
    assert not part.significant and part.impact, "what was written of it is kept"


def test_a_barred_worker_cannot_make_anything_significant(child: Person) -> None:
    part = a_step(child, happened_on=timezone.localdate()).parts.get()
    worker = a_worker()
    bar(worker, child)
    answer = signed_in(worker).post(f"/children/{child.pk}/record/{part.pk}/significant/", {"impact": "x"})
    assert answer.status_code == 404


def test_a_part_of_one_child_is_not_reached_through_another(child: Person) -> None:
    part = a_step(child, happened_on=timezone.localdate()).parts.get()
    other = a_child("Somebody", "Else")
    answer = signed_in(a_worker()).post(f"/children/{other.pk}/record/{part.pk}/significant/", {"impact": "x"})
    assert answer.status_code == 404
