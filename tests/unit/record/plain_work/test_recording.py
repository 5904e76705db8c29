"""The pages of plain work: chosen, recorded, refused in words, changed, two editors told; and who may not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.factories import a_child, a_period, a_step, a_worker, bar, grant, holds

from kith.foundation.access.models import Worker
from kith.foundation.drafts.models import Clash
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.models import Deadline
from kith.record.deadlines.tasks import work_out_everybody
from kith.record.people.models import Person
from kith.record.plain_work import actions
from kith.record.plain_work.actions import NothingItBelongsTo, Told
from kith.record.plain_work.kinds import plain_kinds
from kith.record.steps.models import Part, Step
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()


def boxes(**days: date) -> dict[str, str]:
    """Days as the form posts them."""
    return {
        f"{moment}-{part}": str(getattr(day, part)) for moment, day in days.items() for part in ("day", "month", "year")
    }


def signed_in(client: Client, role: str = "social_worker") -> Worker:
    worker = a_worker(role=role)
    client.force_login(worker.account)
    return worker


@pytest.fixture
def planned() -> Person:
    """A child with a child in need plan of six weeks."""
    child = a_child()
    a_period(child, "cin_plan", days=42)
    return child


def test_what_may_be_recorded_is_listed_and_leads_to_its_form(client: Client, planned: Person) -> None:
    signed_in(client)
    page = client.get(f"/record-work/?child={planned.pk}").content.decode()
    assert f"/record-work/cin_review/new/?child={planned.pk}" in page
    assert "/record-work/case_audit/new/" not in page
    shown = client.get(f"/children/{planned.pk}/").content.decode()
    assert f"/record-work/?child={planned.pk}" in shown


def test_a_review_is_recorded_under_the_plan_and_the_next_is_due(client: Client, planned: Person) -> None:
    signed_in(client)
    said = {"words": "He sleeps in his own bed now."} | boxes(happened=TODAY - timedelta(days=1))
    answer = client.post(f"/record-work/cin_review/new/?child={planned.pk}", said, follow=True)
    step = Step.objects.get(kind="cin_review")
    assert answer.redirect_chain[-1][0] == f"/work/cin_review/{step.pk}/"
    assert "The next is due by" in answer.content.decode()
    assert step.parts.get().span == planned.periods.get().ref
    assert Deadline.objects.get(person=planned, rule="cin_review_first").met_on == TODAY - timedelta(days=1)
    assert Deadline.objects.get(person=planned, rule="cin_review_subsequent").open


def test_the_first_of_its_kind_brings_the_clock_to_everybody_it_concerns(
    client: Client, planned: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kith.record.deadlines.actions.BATCH", 1)  # two children are many
    other = a_child("Mina", "Okafor")
    a_period(other, "cin_plan", days=60)
    recompute(people=None, on=TODAY)
    assert not Deadline.objects.filter(rule="cin_review_first").exists()
    signed_in(client)
    client.post(f"/record-work/cin_review/new/?child={planned.pk}", {"words": "Reviewed."} | boxes(happened=TODAY))
    assert Deadline.objects.filter(person=planned, rule="cin_review_first").exists()
    assert not Deadline.objects.filter(person=other, rule="cin_review_first").exists()
    assert DBTaskResult.objects.filter(task_path=work_out_everybody.module_path).count() == 1
    work_out_everybody.call()
    assert Deadline.objects.get(person=other, rule="cin_review_first").open
    rows = list(
        Deadline.objects.order_by("person", "rule", "opened_by", "cycle").values_list("rule", "due_on", "met_on")
    )
    recompute(people=None, on=TODAY)
    again = Deadline.objects.order_by("person", "rule", "opened_by", "cycle").values_list("rule", "due_on", "met_on")
    assert list(again) == rows


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"words": "Reviewed."}, "Answer: When was the plan reviewed?"),
        ({"words": ""} | boxes(happened=TODAY), "Write at least a sentence"),
        ({"words": "Reviewed."} | boxes(happened=TODAY + timedelta(days=1)), "or before"),
        ({"words": "Reviewed."} | boxes(happened=TODAY - timedelta(days=4000)), "holds no child in need plan"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_the_text_is_kept(
    client: Client, planned: Person, said: dict[str, str], words: str
) -> None:
    signed_in(client)
    page = client.post(f"/record-work/cin_review/new/?child={planned.pk}", said)
    assert words in page.content.decode()
    assert not Step.objects.filter(kind="cin_review").exists()
    again = client.get(f"/record-work/cin_review/new/?child={planned.pk}").content.decode()
    assert said["words"] in again


def told(**days: date) -> Told:
    return Told(days=days, words="As it was.")


def test_an_action_refuses_what_the_form_would(planned: Person) -> None:
    by, kinds = a_worker(), plain_kinds()
    with pytest.raises(KithError, match="not happened yet"):
        actions.record(of=kinds["cin_review"], child=planned, told=told(happened=TODAY + timedelta(days=1)), by=by)
    with pytest.raises(KithError, match="No day"):
        actions.record(of=kinds["cin_review"], child=planned, told=told(), by=by)
    with pytest.raises(KithError, match="ends before"):
        days = {"opened": TODAY, "done": TODAY - timedelta(days=1)}
        actions.record(of=kinds["homeless"], child=planned, told=told(**days), by=by)
    with pytest.raises(KithError, match="follows is not said"):
        actions.record(of=kinds["review_record"], child=planned, told=told(done=TODAY), by=by)
    with pytest.raises(KithError, match="not said"):
        actions.record(of=kinds["missing_oversight"], child=planned, told=told(done=TODAY), by=by)
    with pytest.raises(KithError, match="not said"):
        actions.record(of=kinds["viability"], child=planned, told=told(done=TODAY), by=by)
    with pytest.raises(KithError, match="none of the answers"):
        strange = Told(days={"opened": TODAY}, outcome="perhaps", words="As it was.")
        actions.record(of=kinds["viability"], child=planned, told=strange, by=by)
    with pytest.raises(NothingItBelongsTo, match="no time in care"):
        actions.record(of=kinds["care_plan"], child=planned, told=told(done=TODAY), by=by)
    assert not Step.objects.exists()


def test_work_that_goes_on_is_finished_by_changing_it(client: Client, planned: Person) -> None:
    by = signed_in(client)
    step = actions.record(of=plain_kinds()["viability"], child=planned, told=told(opened=TODAY), by=by)
    assert Deadline.objects.filter(rule="viability_assessment").exists() is False  # none was ever finished here
    page = client.get(f"/record-work/{step.pk}/change/").content.decode()
    assert "As it was." in page
    said = {"version": str(step.version), "words": "Her aunt could.", "outcome": "positive"}
    client.post(f"/record-work/{step.pk}/change/", said | boxes(opened=TODAY, done=TODAY))
    step.refresh_from_db()
    assert (step.done_on, step.parts.get().outcome, step.parts.get().words) == (TODAY, "positive", "Her aunt could.")
    assert Deadline.objects.get(rule="viability_assessment").met_on == TODAY


def test_the_second_of_two_editors_is_told_and_both_texts_are_kept(client: Client, planned: Person) -> None:
    by = signed_in(client)
    step = actions.record(of=plain_kinds()["management_decision"], child=planned, told=told(opened=TODAY), by=by)
    seen = step.version
    first = Told(days={"opened": TODAY, "done": TODAY}, words="We go to court.")
    actions.change(of=plain_kinds()["management_decision"], step=step, version=seen, told=first, by=a_worker("Ruth"))
    said = {"version": str(seen), "words": "We wait a week."} | boxes(opened=TODAY)
    answer = client.post(f"/record-work/{step.pk}/change/", said, follow=True)
    page = answer.content.decode()
    assert "/clash/" in answer.redirect_chain[-1][0]
    assert "We go to court." in page
    assert "We wait a week." in page
    assert Part.objects.get(step=step).words == "We go to court."
    clash = Clash.objects.get()
    step.refresh_from_db()
    client.post(f"/drafts/clash/{clash.pk}/", {"version": str(step.version), "keep": "mine"} | picks(page))
    assert Part.objects.get(step=step).words == "We wait a week."
    assert clash.body["words"] == ["We wait a week."]


def picks(page: str) -> dict[str, str]:
    """Every box of a clash page answered with the second text."""
    return dict.fromkeys(re.findall(r'name="(answer-\d+)"', page), "mine")


def test_what_follows_a_review_is_told_as_of_that_review(client: Client) -> None:
    child = a_child()
    care = a_period(child, "care", days=200)
    review = a_step(child, kind="care_review", code="", span=care.ref, happened_on=TODAY - timedelta(days=3))
    signed_in(client, "reviewing_officer")
    form = client.get(f"/record-work/review_record/new/?child={child.pk}").content.decode()
    part = review.parts.get().ref
    assert part in form
    said = {"follows": part, "words": "Finished."} | boxes(done=TODAY)
    client.post(f"/record-work/review_record/new/?child={child.pk}", said)
    due = Deadline.objects.get(person=child, rule="cla_review_record")
    assert due.opened_by == part
    assert due.met_on == TODAY


def test_nobody_follows_the_work_of_another_child(client: Client) -> None:
    child, other = a_child(), a_child("Mina", "Okafor")
    review = a_step(other, kind="care_review", code="", happened_on=TODAY)
    signed_in(client)
    said: dict[str, Any] = {"follows": review.parts.get().ref, "words": "Finished."} | boxes(done=TODAY)
    page = client.post(f"/record-work/review_record/new/?child={child.pk}", said)
    assert page.status_code == 200
    assert not Step.objects.filter(kind="review_record").exists()


def test_an_auditor_records_an_audit_of_the_sample_and_nothing_else(client: Client, planned: Person) -> None:
    auditor = signed_in(client, "auditor")
    assert client.get(f"/record-work/?child={planned.pk}").status_code == 404
    grant(auditor, planned)
    assert client.get(f"/record-work/case_audit/new/?child={planned.pk}").status_code == 200
    assert client.get(f"/record-work/cin_review/new/?child={planned.pk}").status_code == 403


def test_who_may_not_know_the_child_records_and_reads_nothing(client: Client, planned: Person) -> None:
    step = actions.record(of=plain_kinds()["case_event"], child=planned, told=told(happened=TODAY), by=a_worker())
    barred = signed_in(client)
    bar(barred, planned)
    for address in (f"/record-work/?child={planned.pk}", f"/record-work/cin_review/new/?child={planned.pk}"):
        assert client.get(address).status_code == 404
    assert client.post(f"/record-work/{step.pk}/change/", {"words": "Mine"}).status_code == 404
    assert Part.objects.get(step=step).words == "As it was."


def test_what_is_due_for_the_child_stands_first(client: Client, planned: Person) -> None:
    holds("cin_review.happened", "case_summary.done")
    a_period(planned, "need", days=80)
    recompute(people=[planned.pk], on=TODAY)
    signed_in(client)
    page = client.get(f"/record-work/?child={planned.pk}").content.decode()
    first = (
        page.index("What is due"),
        page.index("/record-work/cin_review/new/"),
        page.index("/record-work/case_summary/"),
    )
    assert first == tuple(sorted(first))
    assert first[2] < page.index("Something else")


def test_what_is_said_in_a_complaint_is_read_by_those_who_deal_with_complaints_and_by_nobody_else(
    client: Client, planned: Person
) -> None:
    said, hers = "Ms Quill did not listen.", a_worker(role="social_worker")
    grant(hers, planned)
    manager = signed_in(client, "team_manager")
    sent = {"code": "plain", "words": said} | boxes(opened=TODAY - timedelta(days=12))
    page = client.post(f"/record-work/complaint/new/?child={planned.pk}", sent, follow=True)
    assert said in page.content.decode()
    step = Step.objects.get(kind="complaint")
    places = (
        f"/work/complaint/{step.pk}/",
        f"/work/complaint/{step.pk}/print/",
        f"/record-work/{step.pk}/change/",
        f"/work/complaint/?child={planned.pk}",
        f"/work/?team={step.team_id}&child={planned.pk}",
        f"/work/?worker={manager.pk}",
        f"/children/{planned.pk}/",
        f"/children/{planned.pk}/record/",
        f"/record-work/complaint_response/new/?child={planned.pk}",
    )
    links = re.compile(rf"/work/complaint/{step.pk}/|{said}")
    shown = {each: links.search(client.get(each).content.decode()) is not None for each in places}
    client.force_login(hers.account)
    assert (
        f"/record-work/complaint/new/?child={planned.pk}"
        not in client.get(f"/record-work/?child={planned.pk}").content.decode()
    )
    assert {each: client.get(each).status_code for each in places[:3]} == dict.fromkeys(places[:3], 404)
    for each in places[3:]:
        assert not links.search(client.get(each).content.decode()), each
    assert shown[places[0]]
    assert sum(shown.values()) > 4, shown
