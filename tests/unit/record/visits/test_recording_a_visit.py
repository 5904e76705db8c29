"""Recording a visit: the form, what is kept for each child, and the clock that moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_team, a_worker, allocate, at, bar, one_family

from kith.foundation.drafts.models import Draft
from kith.foundation.history.models import Change, Opening
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.models import Deadline
from kith.record.people.models import Person
from kith.record.steps.models import FormVersion, Part, Step
from kith.record.visits.models import Visit, VisitPart

TODAY = timezone.localdate


def posted(*children: Person, **changes: Any) -> dict[str, str]:
    """A visit yesterday at half past three, filled in for these children."""
    day = TODAY() - timedelta(days=1)
    body = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "time": "3:30pm", "where": "At home"}
    for child in children:
        mine = {"code": "cp", "seen": "yes", "seen_alone": "yes", "said": f"I am {child.forename}"}
        mine |= {"letter": f"Dear {child.forename}"}
        body |= {f"child-{child.pk}-{name}": value for name, value in mine.items()}
    return {name: str(value) for name, value in (body | changes).items()}


def address(*children: Person) -> str:
    return "/visits/new/?chosen=yes&" + "&".join(f"child={child.pk}" for child in children)


@pytest.fixture
def brothers(record: None) -> tuple[Person, Person]:
    imran, yusuf = a_child("Imran"), a_child("Yusuf", born_on=TODAY() - timedelta(days=2000))
    one_family(imran, yusuf)
    for child in (imran, yusuf):
        a_period(child, "cp_plan", days=40)
    recompute(people=[imran.pk, yusuf.pk], on=TODAY())
    return imran, yusuf


@pytest.fixture
def signed_in(brothers: tuple[Person, Person], client: Client) -> Client:
    worker = a_worker("Asha Rahman")
    for child in brothers:
        allocate(child, worker)
    client.force_login(worker.account)
    return client


def test_a_visit_to_two_brothers_is_one_step_with_a_part_for_each(
    signed_in: Client, brothers: tuple[Person, Person]
) -> None:
    answer = signed_in.post(address(*brothers), posted(*brothers, others="Their grandmother"))
    assert answer.status_code == 302, answer.content.decode()
    step = Step.objects.get(kind="visit")
    assert Visit.objects.get(step=step).others == "Their grandmother"
    said = {part.person.forename: VisitPart.objects.get(part=part).said for part in step.parts.all()}
    assert said == {"Imran": "I am Imran", "Yusuf": "I am Yusuf"}
    assert {part.outcome for part in step.parts.all()} == {"seen_alone"}
    assert {part.span for part in step.parts.all()} == set(brothers[0].periods.values_list("ref", flat=True)) | set(
        brothers[1].periods.values_list("ref", flat=True)
    )
    assert timezone.localtime(step.happened_at).strftime("%H:%M") == "15:30"


def test_saving_moves_the_clock_in_the_same_moment(signed_in: Client, brothers: tuple[Person, Person]) -> None:
    overdue = Deadline.objects.get(person=brothers[0], rule="cp_visit_first")
    assert overdue.open
    signed_in.post(address(*brothers), posted(*brothers))
    overdue.refresh_from_db()
    part = Part.objects.get(person=brothers[0])
    assert (overdue.open, overdue.met_by) == (False, part.ref)
    following = Deadline.objects.get(person=brothers[0], rule="cp_visit", open=True)
    assert following.opened_by == part.ref
    assert following.due_on > TODAY()


def test_a_child_who_was_not_seen_keeps_her_clock_and_her_brothers_moves(
    signed_in: Client, brothers: tuple[Person, Person]
) -> None:
    imran, yusuf = brothers
    not_seen = {f"child-{yusuf.pk}-seen": "no", f"child-{yusuf.pk}-why_not_seen": "He was at school"}
    answer = signed_in.post(address(*brothers), posted(*brothers, **not_seen))
    assert not Part.objects.get(person=yusuf).counts
    assert Deadline.objects.get(person=yusuf, rule="cp_visit_first").open
    assert not Deadline.objects.get(person=imran, rule="cp_visit_first").open
    said = [str(each) for each in get_messages(answer.wsgi_request)]
    assert any(each.startswith("Saved. The next visit to Imran Begum is due by") for each in said)
    assert any("Yusuf Begum was not seen, so this does not count: a visit is still due by" in each for each in said)


def test_not_seen_without_a_reason_is_refused_and_nothing_typed_is_lost(
    signed_in: Client, brothers: tuple[Person, Person]
) -> None:
    body = posted(*brothers, **{f"child-{brothers[1].pk}-seen": "no", "time": "half past"})
    page = signed_in.post(address(*brothers), body).content.decode()
    assert "Say why you did not see Yusuf" in page
    assert "Time must be a time, for example 9:30am or 14:30" in page
    assert "Dear Imran" in page
    assert "Dear Yusuf" in page
    assert not Step.objects.exists()
    again = signed_in.get(address(*brothers)).content.decode()
    assert "You have unsent text" in again
    assert "Dear Yusuf" in again


def test_a_visit_in_the_future_is_refused(signed_in: Client, brothers: tuple[Person, Person]) -> None:
    later = TODAY() + timedelta(days=3)
    body = posted(*brothers, **{"day-day": later.day, "day-month": later.month, "day-year": later.year})
    assert "must be" in signed_in.post(address(*brothers), body).content.decode()
    assert not Step.objects.exists()


def test_a_visit_under_a_plan_the_child_was_not_on_is_refused_by_name(
    signed_in: Client, brothers: tuple[Person, Person]
) -> None:
    body = posted(*brothers, **{f"child-{brothers[0].pk}-code": "cla"})
    page = signed_in.post(address(*brothers), body).content.decode()
    assert "Imran Begum was not looked after on" in page
    assert not Step.objects.exists()


def test_each_child_is_visited_under_their_own_plan(signed_in: Client, record: None) -> None:
    ana, ben = a_child("Ana"), a_child("Ben")
    care, plan = a_period(ana, "care", code=""), a_period(ben, "cp_plan")
    form = signed_in.get(address(ana, ben)).content.decode()
    assert form.count("selected") == 2
    signed_in.post(address(ana, ben), posted(ana, ben, **{f"child-{ana.pk}-code": "cla"}))
    parts = {part.person_id: part for part in Part.objects.select_related("step")}
    assert {parts[ana.pk].span, parts[ben.pk].span} == {care.ref, plan.ref}
    codes = {pk: part.code or part.step.code for pk, part in parts.items()}
    assert codes == {ana.pk: "cla", ben.pk: "cp"}
    assert Deadline.objects.filter(person=ana, opened_by=parts[ana.pk].ref, rule__startswith="cla_visit").exists()


def test_brothers_and_sisters_are_offered_and_nothing_is_copied_between_them(
    signed_in: Client, brothers: tuple[Person, Person]
) -> None:
    offer = signed_in.get(f"/visits/new/?child={brothers[0].pk}").content.decode()
    assert "Who did you visit?" in offer
    assert "Yusuf Begum" in offer
    form = signed_in.get(address(*brothers)).content.decode()
    assert "Your letter to Imran about this visit" in form
    assert "Your letter to Yusuf about this visit" in form
    assert not Opening.objects.exclude(page="visits/new").exists()
    assert set(Opening.objects.exclude(person=None).values_list("person", flat=True)) == {each.pk for each in brothers}
    asked_of_whom = Opening.objects.get(kind=Opening.LISTED)  # the page that offers them names them all
    assert asked_of_whom.shown == sorted(each.pk for each in brothers)


def test_a_barred_worker_is_told_there_is_no_such_child_and_is_not_offered_one(
    signed_in: Client, brothers: tuple[Person, Person]
) -> None:
    relative = a_worker("Noor Begum", team=a_team("Through Care"))
    bar(relative, brothers[1])
    signed_in.force_login(relative.account)
    assert signed_in.get(f"/visits/new/?child={brothers[1].pk}").status_code == 404
    assert signed_in.get(address(*brothers)).status_code == 404
    assert signed_in.post(address(*brothers), posted(*brothers)).status_code == 404
    assert "Yusuf" not in signed_in.get(f"/visits/new/?child={brothers[0].pk}").content.decode()
    assert not Step.objects.exists()


def test_unsent_text_comes_back_and_goes_once_it_is_saved(signed_in: Client, brothers: tuple[Person, Person]) -> None:
    about = "new:" + ",".join(str(child.pk) for child in brothers)
    body = posted(*brothers, where="The library") | {"draft_form": "visit", "draft_about": about, "draft_back": "/"}
    signed_in.post("/drafts/", body)
    form = signed_in.get(address(*brothers)).content.decode()
    assert "You have unsent text" in form
    assert "The library" in form
    signed_in.post(address(*brothers), posted(*brothers))
    assert not Draft.objects.exists()


def test_a_councils_own_questions_are_asked_checked_and_kept_with_their_version(
    signed_in: Client, brothers: tuple[Person, Person]
) -> None:
    asked = [
        {"name": "pets", "label": "Are there pets?", "type": "yes_no", "required": True},
        {"name": "heating", "label": "Was the home warm?", "type": "choice", "choices": ["Warm", "Cold"]},
    ]
    version = FormVersion.objects.create(
        kind="visit", number=1, owner="Riverside", reason="a pilot", questions=asked, in_force_from=TODAY()
    )
    assert "Are there pets?" in signed_in.get(address(*brothers)).content.decode()
    assert (
        "Answer the question: Are there pets?" in signed_in.post(address(*brothers), posted(*brothers)).content.decode()
    )
    signed_in.post(address(*brothers), posted(*brothers, **{"own-pets": "no", "own-heating": "Cold"}))
    step = Step.objects.get(kind="visit")
    assert (step.form, step.answers) == (version, {"pets": False, "heating": "Cold"})
    page = signed_in.get(f"/work/visit/{step.pk}/").content.decode()
    assert "Was the home warm?" in page
    assert "Cold" in page


def test_the_history_says_who_recorded_the_visit(signed_in: Client, brothers: tuple[Person, Person]) -> None:
    signed_in.post(address(*brothers), posted(*brothers))
    step = Step.objects.get(kind="visit")
    tables = {"steps_step", "steps_part", "visits_visit", "visits_visitpart"}
    found = Change.objects.filter(table__in=tables, worker=step.worker_id)
    assert set(found.values_list("table", flat=True)) == tables
    assert found.values("request").distinct().count() == 1


@pytest.mark.parametrize("visits", [1, 30])
def test_saving_asks_as_many_questions_of_a_long_history_as_of_a_short_one(
    signed_in: Client, brothers: tuple[Person, Person], visits: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(visits):
        day = TODAY() - timedelta(days=2 + number)
        a_step(brothers[0], happened_on=day, happened_at=at(day), span=brothers[0].periods.get().ref)
    recompute(people=[child.pk for child in brothers], on=TODAY())
    with django_assert_max_num_queries(70):
        assert signed_in.post(address(*brothers), posted(*brothers)).status_code == 302
