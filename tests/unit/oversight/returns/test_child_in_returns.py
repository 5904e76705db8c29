"""What the returns would reject of one child: by the same rules, as the record stands now, with the way to mend it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_team, a_worker, allocate, bar, restrict
from tests.unit.oversight.returns.kit import words

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Opening
from kith.foundation.screens.forms import GovDateField, GovForm
from kith.oversight.returns import child_queries, readiness
from kith.oversight.returns.mending import PERSON, boxes
from kith.oversight.returns.models import Answer, LastNight
from kith.record.extracting.extract import extract
from kith.record.loading import actions as loading
from kith.record.people.models import Person
from kith.record.period_forms.forms import PeriodForm
from kith.record.period_forms.kinds import KINDS as PERIODS
from kith.record.periods.models import Period
from kith.record.personal_details.forms import DetailsForm
from kith.record.plain_work.forms import PlainForm
from kith.record.plain_work.told import told_kinds
from kith.record.steps.models import Part, Step
from kith.statutory.returns.from_dataset import checked_of
from kith.statutory.returns.reading import read as read_files

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
HEAD = """<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2027</Year>
<ReferenceDate>2027-03-31</ReferenceDate></CollectionDetails></Header><Children>"""
CHILD = """
<Child><ChildIdentifiers><LAchildID>{id}</LAchildID><PersonBirthDate>2015-03-04</PersonBirthDate><Sex>F</Sex>
</ChildIdentifiers><ChildCharacteristics><Ethnicity>{ethnicity}</Ethnicity></ChildCharacteristics>
<CINdetails><CINreferralDate>{referred}</CINreferralDate><ReferralSource>1A</ReferralSource>
<PrimaryNeedCode>N1</PrimaryNeedCode><ReferralNFA>0</ReferralNFA>
<Assessments><AssessmentActualStartDate>{began}</AssessmentActualStartDate></Assessments></CINdetails></Child>"""

EARLY = {"began": TODAY - timedelta(days=40)}


def census(folder: Path, **children: dict[str, object]) -> Path:
    """A census of this year with these children."""
    path = folder / "census.xml"
    usual = {"ethnicity": "WBRI", "referred": TODAY - timedelta(days=30), "began": TODAY - timedelta(days=28)}
    rows = "".join(CHILD.format(**usual | {"id": name} | said) for name, said in children.items())
    path.write_text(HEAD + rows + "</Children></Message>")
    return path


def loaded(path: Path) -> None:
    """Load a census into the record."""
    loading.load_reading(reading=read_files([path]), files=[], at=timezone.now())


@pytest.fixture
def worker(record: None, tmp_path: Path) -> Worker:
    """A worker of two children: of one the assessment began before the referral, and the ethnicity is no code."""
    loaded(census(tmp_path, ODD1=EARLY | {"ethnicity": "NONE"}, GOOD1={}))
    found = a_worker("Asha Rahman")
    for child in Person.objects.filter(is_child=True):
        allocate(child, found)
    return found


@pytest.fixture
def client(worker: Worker) -> Client:
    found = Client()
    found.force_login(worker.account)
    return found


def child(written: str) -> Person:
    return Person.objects.get(ref=f"person:{written}")


def codes(page: str) -> list[str]:
    return re.findall(r"rule (\w+)<", page)


def test_it_says_what_would_be_rejected_and_leads_to_where_it_is_mended(client: Client) -> None:
    odd = child("ODD1")
    page = words(client, f"/returns/children/{odd.pk}/")
    assessment = Step.objects.get(kind="assessment", parts__person=odd)
    assert "Would be rejected" in page and "Children in need census" in page
    form = f"/record-work/{assessment.pk}/change/"
    assert f'href="{form}#id_opened-day"' in page, "the box that is wrong, and not the child in general"
    assert 'id="id_opened-day"' in words(client, form)
    assert f'href="/people/{odd.pk}/details/#id_ethnicity"' in page, (
        "what is said of the child herself has its form too"
    )
    assert 'id="id_ethnicity"' in words(client, f"/people/{odd.pk}/details/")
    part = words(client, f"/returns/children/{odd.pk}/now/")
    assert codes(part) == codes(page) and "<html" not in part


def test_what_has_no_form_here_is_said_to_have_none(client: Client) -> None:
    good, other = child("GOOD1"), a_child("Omar", "Noor")
    need = Period.objects.get(person=good, kind="need")
    plan = a_period(good, "cp_plan", days=20, parent=need.ref)
    a_step(good, other, kind="conference", code="review", span=plan.ref, happened_on=TODAY - timedelta(days=25))
    page = words(client, f"/returns/children/{good.pk}/")
    assert "no form for it here" in page and "a data officer loads it" in page


def test_a_plan_is_put_right_on_the_form_of_the_conference_or_on_its_own(client: Client) -> None:
    good = child("GOOD1")
    need = Period.objects.get(person=good, kind="need")
    plan = a_period(good, "cp_plan", days=60, parent=need.ref)  # begun before the referral
    page, form = words(client, f"/returns/children/{good.pk}/"), f"/periods/{plan.pk}/change/"
    assert f'href="{form}#id_started_on-day"' in page and "no form" not in page
    assert 'id="id_started_on-day"' in words(client, form)
    step = a_step(good, kind="conference", code="initial", span=need.ref, happened_on=TODAY - timedelta(days=60))
    Part.objects.filter(step=step).update(outcome="cp_plan")
    page = words(client, f"/returns/children/{good.pk}/")
    assert f'href="/record-work/{step.pk}/change/#id_happened-day"' in page and "no form" not in page
    answer = client.get(form)
    assert answer.headers["Location"] == f"/record-work/{step.pk}/change/", "the conference began it, and says when"


def test_what_nobody_recorded_leads_to_recording_it(client: Client, worker: Worker) -> None:
    amir = a_child("Amir", "Noor", sex="M", ethnicity="WBRI")
    allocate(amir, worker)
    care = a_period(amir, "care", code="N1", days=900)
    a_period(amir, "care_episode", code="C2", days=900, parent=care.ref, start_reason="S")
    page = words(client, f"/returns/children/{amir.pk}/")
    assert f'href="/record-work/sdq/new/?child={amir.pk}#id_outcome"' in page
    assert 'id="id_outcome"' in words(client, f"/record-work/sdq/new/?child={amir.pk}")


def test_it_is_what_the_whole_return_says_of_that_child(client: Client) -> None:
    whole = checked_of("cin", extract(on=TODAY).dataset, on=TODAY)
    assert whole
    for written in ("ODD1", "GOOD1"):
        issues = whole.outcome.issues.filter(child=written)["rule"].unique().sort().to_list()
        assert sorted(codes(words(client, f"/returns/children/{child(written).pk}/"))) == issues
    assert whole.outcome.issues.filter(child="ODD1").height > whole.outcome.issues.filter(child="GOOD1").height


CARE = Path(__file__).resolve().parents[3] / "fixtures" / "returns" / "ssda903"


def test_a_child_in_care_is_tried_by_the_rules_of_the_ssda903_too(record: None) -> None:
    loading.load_reading(reading=read_files(sorted(CARE.glob("*.csv"))), files=[], at=timezone.now())
    on = date(2025, 3, 31)
    whole = checked_of("ssda903", extract(on=on).dataset, on=on)
    assert whole and whole.returned.rows_in > 5
    issues = whole.outcome.issues
    for child in Person.objects.filter(is_child=True):
        written = child.ref.removeprefix("person:")
        _, said = child_queries.read([child.pk], on=on)
        found = {(each.rule.code, each.table) for each in said if each.kind == "ssda903"}
        assert found == set(issues.filter(child=written).select("rule", "table").iter_rows()), written
    assert issues.height


def test_what_is_mended_is_gone_at_once(client: Client, tmp_path: Path) -> None:
    before = codes(words(client, f"/returns/children/{child('ODD1').pk}/"))
    loaded(census(tmp_path, ODD1=EARLY, GOOD1={}))
    after = codes(words(client, f"/returns/children/{child('ODD1').pk}/"))
    assert set(before) - set(after) == {"4220"} and set(after) < set(before)


def test_what_is_put_right_in_its_box_is_gone_at_once(client: Client) -> None:
    odd, day = child("ODD1"), TODAY - timedelta(days=20)
    before = codes(words(client, f"/returns/children/{odd.pk}/"))
    assessment = Step.objects.get(kind="assessment", parts__person=odd)
    days = {"opened-day": str(day.day), "opened-month": str(day.month), "opened-year": str(day.year)}
    client.post(f"/record-work/{assessment.pk}/change/", {"version": str(assessment.version), **days})
    after = codes(words(client, f"/returns/children/{odd.pk}/"))
    assert "1103" in before and set(before) - set(after) == {"1103"} and set(after) < set(before)


def test_every_box_that_a_return_is_mended_in_is_on_its_form(record: None) -> None:
    girl = a_child(sex="F")
    for of, tables in boxes().items():
        for table, fields in tables.items():
            for name, box in ((name, box) for name, several in fields.items() for box in several):
                form = DetailsForm(person=girl) if box.work == PERSON else form_of(girl, box.work)
                ids = {error_box(form, each) for each in form.fields}
                assert box.id in ids, (of, table, name)


def form_of(child: Person, work: str) -> GovForm:
    if work in PERIODS:
        return PeriodForm(period=Period(kind=work, person=child))
    return PlainForm(of=told_kinds()[work])


def error_box(form: GovForm, name: str) -> str:
    day = isinstance(form.fields[name], GovDateField)
    return f"{form[name].auto_id}-day" if day else str(form[name].auto_id)


def test_what_is_answered_is_said_to_be(client: Client, worker: Worker) -> None:
    odd = child("ODD1")
    readiness.read_all(on=TODAY)
    night = LastNight.objects.get(kind="cin")
    for row in readiness._open(night).filter(child="ODD1").unique(["rule", "table", "says"]).to_dicts():
        key = {name: row[name] for name in ("rule", "child", "table", "says")}
        given = {"reason": "Right as it is", "given_at": timezone.now(), "given_by": worker}
        Answer.objects.create(kind="cin", year=night.year, **key, **given)
    page = words(client, f"/returns/children/{odd.pk}/")
    assert "Answered:" in page and "Would be rejected" not in page and "Open where it is recorded" not in page


def test_a_child_of_no_return_has_nothing_to_put_right(client: Client) -> None:
    page = words(client, f"/returns/children/{child('GOOD1').pk}/")
    assert "What the returns would reject" in page
    found, said = child_queries.read([child("GOOD1").pk], on=TODAY + timedelta(days=4000))
    assert said == [] or found


def test_the_childs_page_has_the_way_there(client: Client) -> None:
    odd = child("ODD1")
    page = words(client, f"/children/{odd.pk}/")
    assert f'hx-get="/returns/children/{odd.pk}/now/"' in page and f'href="/returns/children/{odd.pk}/"' in page


def test_opening_it_is_in_the_history_with_all_who_were_read(client: Client) -> None:
    odd = child("ODD1")
    words(client, f"/returns/children/{odd.pk}/")
    opening = Opening.objects.filter(kind="opened", page="returns").get()
    assert opening.person == odd.pk and opening.worker


@pytest.mark.parametrize("hide", ["barred", "R1", "another team"])
def test_a_child_whose_record_does_not_open_is_as_none(client: Client, worker: Worker, hide: str) -> None:
    odd = child("ODD1")
    if hide == "another team":
        stranger = a_worker("Eve", team=a_team("Another"))
        client.force_login(stranger.account)
    elif hide == "barred":
        bar(worker, odd)
    else:
        restrict(odd, hide)
    assert client.get(f"/returns/children/{odd.pk}/").status_code == 404
    assert client.get(f"/returns/children/{odd.pk}/now/").status_code == 404
