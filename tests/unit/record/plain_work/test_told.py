"""Work with tables of its own, recorded and corrected in Kith: what it opens and closes, how the returns tell it."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from tests.factories import SYSTEM, a_child, a_period, a_step, a_worker, bar, holds
from tests.unit.record.loading.extracts import everything, stored
from tests.unit.record.plain_work.test_recording import boxes, picks, signed_in

from kith.foundation.access.models import Worker
from kith.foundation.drafts.models import Clash
from kith.foundation.history.actor import acting
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.models import Deadline
from kith.record.extracting.extract import extract
from kith.record.people.models import Person
from kith.record.periods.models import Period
from kith.record.plain_work.actions import Told, record
from kith.record.plain_work.models import ToldPart
from kith.record.plain_work.told import recorded_kinds, told_kinds
from kith.record.steps.models import Part, Step
from kith.record.steps.states import state_of
from kith.statutory.returns.cin_census.validity import faults_of_form
from kith.statutory.returns.cin_census.writer import Source, write_census
from kith.statutory.returns.from_dataset import checked_of
from kith.statutory.returns.one_child import rejections
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
CAME, DECIDED = TODAY - timedelta(days=20), TODAY - timedelta(days=19)
ACCEPTED = {"source": "6", "outcome": "accepted", "need": "N1"} | boxes(opened=CAME, done=DECIDED)


def referred(client: Client, child: Person, **said: str) -> Step:
    client.post(f"/record-work/referral/new/?child={child.pk}", ACCEPTED | said)
    return Step.objects.get(kind="referral", cancelled_on=None)


def rows(table: str) -> list[dict[str, object]]:
    return extract(on=TODAY).dataset.tables[table].to_dicts()


def sign(client: Client, step: Step) -> None:
    client.post(f"/work/assessment/{step.pk}/complete/", {"version": str(Step.objects.get(pk=step.pk).version)})
    step.refresh_from_db()
    client.force_login(a_worker("Maria Doyle", role="team_manager").account)
    answer = {"answer": "signed", "comment": "", "version": str(step.version)}
    client.post(f"/work/assessment/{step.pk}/answer/", answer)
    step.refresh_from_db()


def test_a_referral_and_an_assessment_recorded_here_are_in_the_census(client: Client, tmp_path: Path) -> None:
    child = a_child(sex="F", gender="02", ethnicity="WBRI")
    Person.objects.filter(pk=child.pk).update(ref="person:A1")
    signed_in(client)
    listed = client.get(f"/record-work/?child={child.pk}").content.decode()
    assert "/record-work/referral/new/" in listed and "/record-work/assessment/new/" in listed
    referral = referred(client, child)
    need = Period.objects.get(person=child, kind="need")
    assert (need.ref, need.started_on, need.ended_on, need.code) == (referral.parts.get().span, CAME, None, "N1")
    page = client.get(f"/work/referral/{referral.pk}/").content.decode()
    assert "Police" in page and "Abuse, neglect or exploitation" in page
    begun = boxes(opened=DECIDED)
    client.post(f"/record-work/assessment/new/?child={child.pk}", begun)
    step = Step.objects.get(kind="assessment")
    assert (step.code, step.parts.get().span, step.done_on) == ("single", need.ref, None)
    said = client.post(f"/work/assessment/{step.pk}/complete/", {"version": str(step.version)}, follow=True)
    assert "“What was found” is not said" in said.content.decode()
    found = begun | {"version": str(step.version), "outcome": "further_action", "child_seen": "yes"}
    alone = client.post(f"/record-work/{step.pk}/change/", found | {"factors": ["21", "2B"]}).content.decode()
    assert "“No factors identified” stands alone" in alone
    client.post(f"/record-work/{step.pk}/change/", found | {"factors": ["4B", "2B"]})
    sign(client, step)
    assert (step.done_on, step.parts.get().toldpart.factors) == (TODAY, "2B, 4B")
    assert Deadline.objects.get(person=child, rule="assessment_complete").met_on == TODAY
    assert "kith_work" not in {name for name, frame in extract(on=TODAY).dataset.tables.items() if frame.height}
    in_the_census(tmp_path)


def in_the_census(folder: Path) -> None:
    """Written and valid, with both in it, and no rule about either is broken."""
    dataset = extract(on=TODAY).dataset
    census = folder / "census.xml"
    year = TODAY.year + ((TODAY.month, TODAY.day) > (3, 31))
    write_census(dataset, census, year=year, source=Source(authority="999", at=timezone.localtime()))
    text = census.read_text("utf-8")
    for element in (
        "<ReferralSource>6</ReferralSource>",
        "<PrimaryNeedCode>N1</PrimaryNeedCode>",
        "<AssessmentFactors>2B</AssessmentFactors>",
        "<AssessmentFactors>4B</AssessmentFactors>",
        f"<AssessmentAuthorisationDate>{TODAY}</AssessmentAuthorisationDate>",
    ):
        assert element in text
    assert list(faults_of_form(census, year=year)) == []
    assert {each.table for each in rejections(dataset, on=TODAY)} <= {"Child", "Disability"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"source": ""}, "Answer: Who made the referral?"),
        ({"source": "ZZ"}, "Select a valid choice"),
        ({"need": ""}, "Answer: What is the main need?"),
        ({"outcome": ""}, "Answer: What was decided?"),
        ({"done-day": "", "done-month": "", "done-year": ""}, "Answer: When was it decided what follows?"),
        ({"reason": "RC7"}, "Answer: When did the case close?"),
        (boxes(closed=CAME - timedelta(days=1)), "This day must be the day it began"),
    ],
)
def test_what_the_census_would_reject_is_asked_for_at_once(client: Client, said: dict[str, str], words: str) -> None:
    child = a_child()
    signed_in(client)
    page = client.post(f"/record-work/referral/new/?child={child.pk}", ACCEPTED | said).content.decode()
    assert words in page
    assert not Step.objects.exists() and not Period.objects.exists()


def test_an_action_refuses_what_the_form_would() -> None:
    child, by, of = a_child(), a_worker(), told_kinds()["referral"]
    days: dict[str, date | None] = {"opened": CAME, "done": DECIDED}
    for more, words in (({"source": "ZZ"}, "none of the answers"), ({"source": "6", "need": ""}, "not said")):
        with pytest.raises(KithError, match=words):
            record(of=of, child=child, told=Told(days, outcome="accepted", more=more), by=by)
    with pytest.raises(KithError, match="cannot be"):
        more = {"source": "6", "need": "N1", "closed": TODAY + timedelta(days=1), "reason": "RC7"}  # type: ignore[dict-item]
        record(of=of, child=child, told=Told(days, outcome="accepted", more=more), by=by)
    assert not Period.objects.exists()


def test_the_need_ends_with_the_referral_s_answer_and_is_taken_back_with_it(client: Client) -> None:
    child = a_child()
    signed_in(client, "team_manager")
    step = referred(client, child, outcome="nfa", need="")
    need = Period.objects.get(kind="need")
    assert (need.started_on, need.ended_on, need.end_reason) == (CAME, DECIDED, "RC7")
    [told] = rows("ssd_cin_episodes")
    assert (told["cine_referral_nfa"], told["cine_close_date"], told["cine_close_reason"]) == ("Y", DECIDED, "RC7")
    step.refresh_from_db()
    changed = ACCEPTED | {"version": str(step.version), "reason": "RC5"} | boxes(closed=TODAY)
    client.post(f"/record-work/{step.pk}/change/", changed)
    need.refresh_from_db()
    assert (need.code, need.ended_on, need.end_reason) == ("N1", TODAY, "RC5")
    beneath = a_step(child, kind="assessment", code="single", span=need.ref, opened_on=CAME)
    step.refresh_from_db()
    why = {"version": str(step.version), "why": "Of another child."}
    said = client.post(f"/work/referral/{step.pk}/cancel/", why, follow=True).content.decode()
    assert "Other work stands under this" in said
    Step.objects.filter(pk=beneath.pk).update(cancelled_on=TODAY)
    client.post(f"/work/referral/{step.pk}/cancel/", why)
    need.refresh_from_db()
    assert need.voided_at is not None
    assert rows("ssd_cin_episodes") == []


def test_what_was_loaded_is_corrected_and_the_rest_of_its_row_stays(client: Client) -> None:
    with acting(SYSTEM):
        stored(everything())
    before = {each["cine_referral_id"]: each for each in rows("ssd_cin_episodes")}["C1"]
    person = Person.objects.get(ref="person:P1")
    step = Step.objects.get(parts__ref="referral:C1")
    record_of(client, person)
    came = before["cine_referral_date"]
    said = {"version": str(step.version), "source": "2A", "need": "N4", "outcome": "accepted"}
    shown = client.get(f"/work/referral/{step.pk}/").content.decode()
    assert "Police" in shown and f"/record-work/{step.pk}/change/" in shown
    page = client.get(f"/record-work/{step.pk}/change/").content.decode()
    assert 'value="6" selected' in page
    client.post(f"/record-work/{step.pk}/change/", said | boxes(opened=came, done=came))  # type: ignore[arg-type]
    after = {each["cine_referral_id"]: each for each in rows("ssd_cin_episodes")}["C1"]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"cine_referral_source_code", "cine_cin_primary_need_code"}
    assert (after["cine_referral_source_code"], after["cine_cin_primary_need_code"]) == ("2A", "N4")


def record_of(client: Client, person: Person) -> Worker:
    from tests.factories import hold

    hold(person)
    return signed_in(client)


def test_enquiries_reviews_checks_and_plans_are_told_in_their_own_tables(client: Client) -> None:
    child = a_child()
    need, care = a_period(child, "need", code="N1", days=90), a_period(child, "care", code="N1", days=60)
    plan = a_period(child, "cp_plan", days=30)
    signed_in(client)
    said: dict[str, dict[str, str]] = {
        "section47": {"outcome": "icpc"} | boxes(opened=CAME, done=DECIDED),
        "care_review": {"outcome": "PN1"} | boxes(happened=DECIDED),
        "health_assessment": {"code": "dental", "outcome": "refused"} | boxes(happened=DECIDED),
        "pep": boxes(happened=DECIDED),
        "sdq": {"outcome": "17"} | boxes(happened=DECIDED),
        "conviction": boxes(happened=DECIDED),
        "core_group": boxes(happened=DECIDED),
    }
    for key, given in said.items():
        client.post(f"/record-work/{key}/new/?child={child.pk}", given)
    assert set(Step.objects.values_list("kind", flat=True)) == set(said)
    spans = dict(Part.objects.values_list("step__kind", "span"))
    of_care = ("care_review", "health_assessment", "pep", "sdq", "conviction")
    assert spans == {"section47": need.ref, "core_group": plan.ref} | dict.fromkeys(of_care, care.ref)
    assert not Part.objects.get(step__kind="health_assessment").counts
    [enquiry], [review] = rows("ssd_s47_enquiry"), rows("ssd_cla_reviews")
    assert (enquiry["s47e_s47_start_date"], enquiry["s47e_s47_end_date"]) == (CAME, DECIDED)
    assert '"CP_CONFERENCE_FLAG":"Y"' in str(enquiry["s47e_s47_outcome_json"])
    assert (review["clar_cla_review_date"], review["clar_cla_review_participation"]) == (DECIDED, "PN1")
    [check], [education] = rows("ssd_cla_health"), rows("kith_pep")
    assert (check["clah_health_check_type"], check["clah_health_check_status"]) == ("Dental check", "Refused")
    assert (education["pepl_date"], rows("kith_work")) == (DECIDED, [])
    [score], [conviction], [group] = rows("ssd_sdq_scores"), rows("ssd_cla_convictions"), rows("kith_core_group")
    assert (score["csdq_sdq_score"], score["csdq_sdq_reason"]) == ("17", None)
    assert (conviction["clac_cla_conviction_date"], group["core_date"]) == (DECIDED, DECIDED)
    none = {"outcome": "SDQ2", "version": "1"} | boxes(happened=DECIDED)
    client.post(f"/record-work/{Step.objects.get(kind='sdq').pk}/change/", none)
    [score] = rows("ssd_sdq_scores")
    assert (score["csdq_sdq_score"], score["csdq_sdq_reason"]) == (None, "SDQ2")
    assert not Part.objects.get(step__kind="sdq").counts


def test_a_contact_is_recorded_and_one_that_was_loaded_is_corrected(client: Client) -> None:
    row = {"cont_contact_id": "K1", "cont_person_id": "P1", "cont_contact_source_code": "6", "cont_contact_date": CAME}
    with acting(SYSTEM):
        stored(everything() | {"ssd_contacts": [row | {"cont_contact_outcome_json": '{"MISSING_FLAG":"Y"}'}]})
        before = rows("ssd_contacts")
        ToldPart.objects.filter(part__ref="contact:K1").delete()
        Step.objects.filter(ref="contact:K1").update(details={"cont_contact_source_code": "6"})
        import_module("kith.record.plain_work.migrations.0002_contacts").fill(apps, None)
        assert rows("ssd_contacts") == before
    person = Person.objects.get(ref="person:P1")
    record_of(client, person)
    said = {"source": "1A", "outcome": "advice"} | boxes(opened=CAME, done=DECIDED)
    client.post(f"/record-work/contact/new/?child={person.pk}", said)
    loaded = Step.objects.get(ref="contact:K1")
    client.post(f"/record-work/{loaded.pk}/change/", said | {"version": "1", "source": "2A", "outcome": "nfa"})
    old, new = rows("ssd_contacts")
    assert (old["cont_contact_source_code"], new["cont_contact_source_code"]) == ("2A", "1A")
    flags = str(old["cont_contact_outcome_json"]), str(new["cont_contact_outcome_json"])
    assert '"NFA_FLAG":"Y"' in flags[0] and '"MISSING_FLAG":"Y"' in flags[0] and '"ADVICE_FLAG":"Y"' in flags[1]
    assert {each["cdec_decision_date"] for each in rows("kith_contact_decision")} == {DECIDED}


CONFERENCE = {"code": "initial", "outcome": "cp_plan", "category": "NEG"} | boxes(happened=DECIDED)


def test_a_conference_opens_a_plan_a_review_ends_it_and_both_are_in_the_census(client: Client) -> None:
    child = a_child()
    need = a_period(child, "need", code="N1", days=90)
    enquiry = a_step(child, kind="section47", code="", span=need.ref, opened_on=CAME, done_on=DECIDED)
    signed_in(client, "team_manager")
    new = f"/record-work/conference/new/?child={child.pk}"
    assert "cannot come of" in client.post(new, CONFERENCE | {"outcome": "end"}).content.decode()
    assert "What is the plan’s category?" in client.post(new, CONFERENCE | {"category": ""}).content.decode()
    client.post(new, CONFERENCE | {"follows": enquiry.parts.get().ref})
    first, plan = Step.objects.get(kind="conference"), Period.objects.get(kind="cp_plan")
    assert (plan.parent, plan.started_on, plan.ended_on, plan.code) == (need.ref, DECIDED, None, "NEG")
    again = client.post(new, CONFERENCE | boxes(happened=TODAY)).content.decode()
    assert "has had a child protection plan since" in again
    review = {"code": "review", "outcome": "continue", "category": "EMO"} | boxes(happened=TODAY)
    client.post(f"/record-work/conference/new/?child={child.pk}", review)
    second = Step.objects.get(kind="conference", code="review")
    assert second.parts.get().span == plan.ref
    told = census_of()
    assert [each["DateOfInitialCPC"] for each in told["Section47"]] == [DECIDED]
    assert [each["CPPreviewDate"] for each in told["Reviews"]] == [TODAY]
    [row] = told["ChildProtectionPlans"]
    categories = (row["InitialCategoryOfAbuse"], row["LatestCategoryOfAbuse"])
    assert (row["CPPstartDate"], row["CPPendDate"], categories) == (DECIDED, None, ("NEG", "EMO"))
    client.post(f"/record-work/{second.pk}/change/", review | {"version": "1", "outcome": "end"})
    assert census_of()["ChildProtectionPlans"][0]["CPPendDate"] == TODAY
    refused = client.post(f"/work/conference/{first.pk}/cancel/", {"version": "1", "why": "Not held."}, follow=True)
    assert "Other work stands under this" in refused.content.decode()
    client.post(f"/work/conference/{second.pk}/cancel/", {"version": "2", "why": "Not held."})
    plan.refresh_from_db()
    assert (plan.ended_on, plan.voided_at) == (None, None), "what a cancelled review ended goes on"
    client.post(f"/record-work/{first.pk}/change/", CONFERENCE | {"version": "1", "outcome": "no_plan", "category": ""})
    assert not Period.objects.filter(kind="cp_plan", voided_at=None).exists()
    assert census_of()["ChildProtectionPlans"] == []


def census_of() -> dict[str, list[dict[str, object]]]:
    """The census's tables, of all that is held."""
    checked = checked_of("cin", extract(on=TODAY).dataset, on=TODAY)
    assert checked
    return {name: frame.to_dicts() for name, frame in checked.returned.said.tables.items()}


def test_a_loaded_conference_is_corrected_and_makes_no_second_plan(client: Client) -> None:
    child = a_child()
    need = a_period(child, "need", code="N1", days=90)
    plan = a_period(child, "cp_plan", started_on=CAME, parent=need.ref)
    step = a_step(child, kind="conference", code="initial", span=need.ref, happened_on=CAME)
    Part.objects.filter(step=step).update(outcome="cp_plan")
    signed_in(client)
    assert 'value="NEG" checked' in client.get(f"/record-work/{step.pk}/change/").content.decode()
    client.post(f"/record-work/{step.pk}/change/", CONFERENCE | {"version": "1", "category": "PHY"})
    plan.refresh_from_db()
    assert (Period.objects.filter(kind="cp_plan").count(), plan.started_on, plan.code) == (1, DECIDED, "PHY")
    together = a_step(child, a_child("Sara"), kind="conference", code="review", span=plan.ref, happened_on=TODAY)
    page = client.get(f"/work/conference/{together.pk}/").content.decode()
    assert "Change this record" not in page and client.get(f"/record-work/{together.pk}/change/").status_code == 403


def test_a_return_interview_is_offered_held_and_written_up_and_each_has_its_clock(client: Client) -> None:
    child, by = a_child(), signed_in(client)
    back = a_period(child, "missing", code="missing", days=25, ended_on=CAME - timedelta(days=1))
    loaded = a_step(child, kind="return_interview", code="", span=back.ref, opened_on=CAME, happened_on=CAME)
    new = f"/record-work/return_interview/new/?child={child.pk}"
    page = client.get(new).content.decode()
    assert page.index("was an interview offered") < page.index("say to the offer") < page.index("child spoken to")
    for wrong in (
        {"outcome": "accepted"},
        boxes(opened=CAME, happened=DECIDED),
        {"outcome": "accepted"} | boxes(opened=DECIDED, happened=DECIDED, done=CAME),
    ):
        client.post(new, wrong)
        assert Step.objects.filter(kind="return_interview").count() == 1, wrong
    client.post(new, {"outcome": "declined"} | boxes(opened=CAME))
    client.post(new, {"outcome": "accepted"} | boxes(opened=DECIDED))
    declined, step = Step.objects.filter(kind="return_interview").exclude(pk=loaded.pk).order_by("pk")
    states = [state_of(each, outcomes=[each.parts.get().outcome]) for each in (declined, step)]
    assert states == ["done", "open"]
    said = {"outcome": "accepted"} | boxes(opened=DECIDED, happened=DECIDED)
    holds("return_interview.done")
    client.post(f"/record-work/{step.pk}/change/", said | {"version": str(step.version)})
    due = Deadline.objects.get(rule="rhi_recorded_shared")
    assert (due.opened_by, due.opened_on, due.open) == (step.parts.get().ref, DECIDED, True)
    step.refresh_from_db()
    client.post(f"/record-work/{step.pk}/change/", said | {"version": str(step.version)} | boxes(done=TODAY))
    due.refresh_from_db()
    assert (due.met_on, due.late) == (TODAY, True)
    [_, _, told] = sorted(rows("kith_return_interview"), key=lambda each: str(each["reti_shared_date"] or ""))
    assert (told["reti_offered_date"], told["reti_held_date"], told["reti_shared_date"]) == (DECIDED, DECIDED, TODAY)
    [gone] = rows("ssd_missing")
    assert (gone["miss_missing_rhi_offered"], gone["miss_missing_rhi_accepted"]) == ("Y", "Y")
    Step.objects.filter(pk=loaded.pk).update(done_on=CAME)
    recompute(people=[child.pk], on=TODAY)
    assert Deadline.objects.filter(rule="rhi_recorded_shared", met_on=CAME, late=False).count() == 1
    assert by == step.worker


def test_what_nobody_is_asked_stays_as_it_was_loaded(client: Client) -> None:
    child = a_child()
    care = a_period(child, "care", code="N1", days=60)
    step = a_step(child, kind="pep", code="", span=care.ref, happened_on=CAME)
    Part.objects.filter(step=step).update(outcome="Good")
    signed_in(client)
    client.post(f"/record-work/{step.pk}/change/", {"version": str(step.version)} | boxes(happened=DECIDED))
    step.refresh_from_db()
    assert (step.happened_on, step.parts.get().outcome) == (DECIDED, "Good")


def test_two_who_name_factors_at_once_see_each_other_s(client: Client) -> None:
    child = a_child()
    a_period(child, "need", code="N1", days=30)
    by, of = signed_in(client), recorded_kinds()["assessment"].before_signature()
    step = record(of=of, child=child, told=Told({"opened": DECIDED}, more={"factors": "2B"}), by=by)
    Part.objects.get(step=step).toldpart.__class__.objects.filter(part__step=step).update(factors="16A")
    Step.objects.filter(pk=step.pk).update(version=step.version + 1)
    said = {"version": str(step.version), "factors": ["2B", "4B"]} | boxes(opened=DECIDED)
    page = client.post(f"/record-work/{step.pk}/change/", said, follow=True).content.decode()
    assert "Neglect" in page and "Drug misuse: a parent or carer; Mental health: a parent or carer" in page
    step.refresh_from_db()
    clash = Clash.objects.get()
    client.post(f"/drafts/clash/{clash.pk}/", {"version": str(step.version), "keep": "mine"} | picks(page))
    assert Part.objects.get(step=step).toldpart.factors == "2B, 4B"


def test_who_may_not_know_the_child_neither_reads_nor_writes(client: Client) -> None:
    child = a_child()
    signed_in(client)
    step = referred(client, child)
    barred = signed_in(client)
    bar(barred, child)
    addresses = (f"/record-work/referral/new/?child={child.pk}", f"/record-work/{step.pk}/change/")
    assert {client.post(each, ACCEPTED).status_code for each in addresses} == {404}
    signed_in(client, "analyst")
    assert {client.post(each, ACCEPTED).status_code for each in addresses} <= {403, 404}
    assert Step.objects.count() == 1
