"""What was loaded comes out of the record as it went in; what was changed in Kith since comes out as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl
import pytest
from django.utils import timezone
from tests.factories import SYSTEM, a_child, a_period, a_promise, a_step, a_worker, at
from tests.unit.record.loading.extracts import AT, Rows, dataset, everything, row, stored

from kith.foundation.history.actor import acting
from kith.record.extracting.extract import Extract, extract
from kith.record.extracting.origins import opens_at
from kith.record.loading.actions import load_reading
from kith.record.loading.models import SourceRow
from kith.record.loading.shaping.whole import shape
from kith.record.people.models import Address, Person
from kith.record.periods.models import Period
from kith.record.steps.models import Part, Step
from kith.record.visits.actions import ChildVisited, record_visit
from kith.statutory.returns.results import Reading
from kith.statutory.returns.ssd.dataset import Dataset, keys
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.django_db
ON = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _somebody_acts() -> Iterator[None]:
    with acting(SYSTEM):
        yield


def out() -> Extract:
    return extract(on=ON)


def rows(found: Extract, table: str, **having: object) -> list[dict[str, object]]:
    frame = found.dataset.tables[table]
    for name, value in having.items():
        frame = frame.filter(pl.col(name) == value)
    return frame.to_dicts()


def with_rows(found: Dataset) -> dict[str, pl.DataFrame]:
    return {name: frame.sort(keys(name) or frame.columns) for name, frame in found.tables.items() if frame.height}


def assert_equal(one: Dataset, other: Dataset) -> None:
    ours, theirs = with_rows(one), with_rows(other)
    assert ours.keys() == theirs.keys()
    assert {name: frame.to_dicts() for name, frame in ours.items() if not frame.equals(theirs[name])} == {}


def test_what_was_loaded_comes_out_as_it_went_in() -> None:
    stored(everything())
    assert_equal(out().dataset, dataset(everything()))


def test_two_sources_are_told_once_each() -> None:
    stored(everything())
    more: Rows = {"ssd_person": [{"pers_person_id": "P1", "pers_ethnicity": "WBRI"}]}
    stored(more, kind="cin_census")
    [amina] = rows(out(), "ssd_person", pers_person_id="P1")
    assert (amina["pers_forename"], amina["pers_ethnicity"]) == ("Amina", "WBRI")


def test_what_a_worker_changed_comes_out_as_she_wrote_it_and_the_rest_as_it_came() -> None:
    stored(everything())
    Address.objects.update(lines="1 New Street, Riverside")
    Period.objects.filter(ref="cp_plan:CP1").update(ended_on=date(2026, 3, 1), code="NEG")
    Part.objects.filter(ref="visit:cp:V1").update(outcome="not_seen", counts=False)
    found = out()
    [address] = rows(found, "ssd_address")
    assert '"STREET":"1 New Street, Riverside"' in str(address["addr_address_json"])
    assert (address["addr_address_postcode"], '"UPRN":"77"' in str(address["addr_address_json"])) == ("RV12AB", True)
    [plan] = rows(found, "ssd_cp_plans")
    assert (plan["cppl_cp_plan_end_date"], plan["cppl_cp_plan_latest_category"]) == (date(2026, 3, 1), "NEG")
    assert plan["cppl_cp_plan_start_date"] == date(2026, 1, 26)


def test_what_a_source_says_of_something_changed_since_is_not_told() -> None:
    said = everything()
    row(said, "ssd_cin_assessments", 1)["cina_assessment_outcome_json"] = '{"NFA_FLAG":"Y"}'
    row(said, "ssd_cin_assessments", 1)["cina_assessment_outcome_nfa"] = "Y"
    stored(said)
    Part.objects.filter(ref="assessment:S2").update(outcome="further_action")
    [assessment] = rows(out(), "ssd_cin_assessments", cina_assessment_id="S2")
    assert (assessment["cina_assessment_outcome_nfa"], assessment["cina_assessment_outcome_json"]) == ("N", None)


def test_a_saved_visit_comes_out_as_a_row_with_an_id_that_stays() -> None:
    stored(everything())
    amina, worker = Person.objects.get(ref="person:P1"), a_worker()
    moment = timezone.now() - timedelta(days=1)
    child = ChildVisited(amina, "cp", True, seen_alone=True, bedroom_seen=False, said="I like my new school.")
    step = record_visit(children=[child], happened_at=moment, where="At home", by=worker)
    found = out()
    key = f"{step.ref.removeprefix('visit:')}:{amina.pk}"
    [visit] = rows(found, "ssd_cp_visits", cppv_cp_visit_id=key)
    assert visit == {
        "cppv_cp_visit_id": key,
        "cppv_person_id": "P1",
        "cppv_cp_plan_id": "CP1",
        "cppv_cp_visit_date": timezone.localdate(moment),
        "cppv_cp_visit_seen": "Y",
        "cppv_cp_visit_seen_alone": "Y",
        "cppv_cp_visit_bedroom": "N",
    }
    [note] = rows(found, "kith_visit_note", vnot_visit_id=key)
    assert (note["vnot_where"], note["vnot_said"]) == ("At home", "I like my new school.")
    assert rows(out(), "ssd_cp_visits", cppv_cp_visit_id=key) == [visit]


def test_a_visit_that_was_made_another_kind_is_told_in_the_other_table_alone() -> None:
    stored(everything())
    Part.objects.filter(ref="visit:cp:V1").update(code="cin", span="")
    found = out()
    assert rows(found, "ssd_cp_visits") == []
    [visit] = rows(found, "ssd_cin_visits")
    assert (visit["cinv_cin_visit_id"], visit["cinv_cin_visit_seen"]) == ("cp:V1", "Y")


def test_what_was_cancelled_or_voided_is_not_told() -> None:
    stored(everything())
    Step.objects.filter(ref="visit:cp:V1").update(cancelled_on=ON)
    Period.objects.filter(ref="cp_plan:CP1").update(voided_at=AT)
    found = out()
    assert rows(found, "ssd_cp_visits") == [] and rows(found, "ssd_cp_plans") == []


def test_a_record_begun_in_kith_comes_out_whole() -> None:
    worker, child = a_worker(), a_child("Ada", "Stone")
    plan, promise = a_period(child, "cin_plan"), a_promise(child, worker)
    found = out()
    key = child.ref.removeprefix("person:")
    [person] = rows(found, "ssd_person")
    assert (person["pers_person_id"], person["pers_surname"], person["pers_dob"]) == (key, "Stone", child.born_on)
    [told] = rows(found, "ssd_cin_plans")
    assert (told["cinp_cin_plan_id"], told["cinp_person_id"]) == (plan.ref.removeprefix("cin_plan:"), key)
    assert told["cinp_cin_plan_start_date"] == plan.started_on
    [said] = rows(found, "kith_promise")
    assert (said["prom_what"], said["prom_owner_worker_id"]) == (promise.what, worker.ref.removeprefix("worker:"))


def test_what_comes_out_makes_the_same_record_again() -> None:
    """The other way round: what is told is read as what the record says."""
    stored(everything())
    amina, worker = Person.objects.get(ref="person:P1"), a_worker()
    record_visit(
        children=[ChildVisited(amina, "cp", False, why_not_seen="Nobody was in.")],
        happened_at=at(timezone.localdate() - timedelta(days=2)),
        where="At home",
        by=worker,
    )
    Period.objects.filter(ref="cp_plan:CP1").update(code="PHY", ended_on=date(2026, 3, 1))
    again = shape(out().dataset, on=ON)
    visits = again["visit_part"].join(again["part"], on="ref").filter(pl.col("outcome") == "not_seen")
    assert visits.select("seen", "counts", "span").rows() == [(False, False, "cp_plan:CP1")]
    [plan] = again["period"].filter(pl.col("kind") == "cp_plan").to_dicts()
    assert (plan["code"], plan["ended_on"]) == ("PHY", date(2026, 3, 1))


def test_what_has_no_place_in_the_dataset_is_counted_and_said() -> None:
    a_step(a_child(), code="other")
    found = out()
    assert found.notes == ("1 rows of visit are in no table of the dataset, and are not told.",)
    assert not found.dataset.tables["ssd_cin_visits"].height


def test_every_row_opens_to_what_it_came_from() -> None:
    stored(everything())
    amina, worker = Person.objects.get(ref="person:P1"), a_worker()
    child = ChildVisited(amina, "cp", True, seen_alone=True)
    step = record_visit(children=[child], happened_at=timezone.now() - timedelta(days=1), where="At home", by=worker)
    found = out()
    assert {name: frame.height for name, frame in found.origins.items()} == {
        name: frame.height for name, frame in found.dataset.tables.items()
    }
    origin = found.origins["ssd_cp_visits"].to_dicts()[-1]
    assert origin == {"thing": "step", "kind": "visit", "id": step.pk, "person": amina.pk}
    assert opens_at(origin) == f"/work/visit/{step.pk}/"
    [plan] = found.origins["ssd_cp_plans"].to_dicts()
    assert opens_at(plan) == f"/children/{amina.pk}/record/"
    [address] = found.origins["ssd_address"].to_dicts()
    assert (address["thing"], address["id"]) == ("address", Address.objects.get().pk)


def test_what_only_a_source_says_opens_to_the_ledger_and_the_child() -> None:
    said = everything()
    said["ssd_permanence"] = [{"perm_table_id": "PE1", "perm_person_id": "P1"}]
    said["ssd_assessment_factors"] = [{"cinf_table_id": "F1", "cinf_assessment_id": "S1"}]
    stored(said)
    found = out()
    [permanence] = found.origins["ssd_permanence"].to_dicts()
    kept = SourceRow.objects.get(table="ssd_permanence")
    assert (permanence["thing"], permanence["id"]) == ("source", kept.pk)
    assert permanence["person"] == Person.objects.get(ref="person:P1").pk
    [factors] = found.origins["ssd_assessment_factors"].to_dicts()
    assert (factors["thing"], factors["id"]) == ("step", Step.objects.get(ref="assessment:S1").pk)


def test_a_visit_by_a_personal_adviser_is_a_contact_and_the_latest_one_follows() -> None:
    said = everything()
    said["ssd_care_leavers"] = [
        {"clea_table_id": "CL1", "clea_person_id": "P3", "clea_care_leaver_eligibility": "Relevant"}
        | {"clea_care_leaver_latest_contact": date(2026, 3, 1), "clea_pathway_plan_review_date": date(2025, 12, 1)}
    ]
    stored(said)
    assert_equal(out().dataset, dataset(said))
    leo, worker, moment = Person.objects.get(ref="person:P3"), a_worker(), timezone.now() - timedelta(days=1)
    child = ChildVisited(leo, "care_leaver", True, seen_alone=True)
    record_visit(children=[child], happened_at=moment, where="A café", by=worker)
    found = out()
    [contact] = rows(found, "kith_care_leaver_contact")
    assert (contact["clco_person_id"], contact["clco_how"]) == ("P3", "Visit")
    [leaver] = rows(found, "ssd_care_leavers")
    assert leaver["clea_care_leaver_latest_contact"] == contact["clco_date"] == timezone.localdate(moment)


def test_an_extract_that_was_built_here_is_not_loaded_here() -> None:
    stored(everything())
    amina, worker = Person.objects.get(ref="person:P1"), a_worker()
    child = ChildVisited(amina, "cp", True, seen_alone=True)
    record_visit(children=[child], happened_at=timezone.now() - timedelta(days=1), where="At home", by=worker)
    mine = out().dataset
    with pytest.raises(KithError, match="built here"):
        load_reading(reading=Reading(kind="ssd", dataset=mine), files=[], at=timezone.now())
    Step.objects.filter(ref__startswith="visit:kith-").update(ref="visit:another")
    load_reading(reading=Reading(kind="ssd", dataset=mine), files=[], at=timezone.now())
