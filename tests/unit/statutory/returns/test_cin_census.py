"""The children in need census: every element becomes a row of the dataset, in the form of every year."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kith.statutory.returns.cin_census.reader import read_files
from kith.statutory.returns.results import Reading
from kith.statutory.returns.ssd.dataset import keys
from kith.statutory.returns.ssd.journeys import periods, steps

D = date
CHILD = (
    "<Child><ChildIdentifiers><LAchildID>{id}</LAchildID><PersonBirthDate>{dob}</PersonBirthDate></ChildIdentifiers>"
    "{rest}</Child>"
)


def _row(reading: Reading, table: str, at: int = 0) -> dict[str, object]:
    return reading.dataset.table(table).row(at, named=True)


def _made(folder: Path, *children: str) -> Reading:
    path = folder / "made.xml"
    path.write_text("<Message><Children>\n" + "\n".join(children) + "\n</Children></Message>")
    return read_files([path])


def _child(key: str = "A1", rest: str = "", dob: str = "2015-01-01") -> str:
    return CHILD.format(id=key, dob=dob, rest=rest)


def _referral(day: str = "2025-01-01", more: str = "") -> str:
    return f"<CINdetails><CINreferralDate>{day}</CINreferralDate>{more}<ReferralNFA>0</ReferralNFA></CINdetails>"


@pytest.fixture
def every(fixtures: Path) -> Reading:
    return read_files([fixtures / "cin" / "every_module_2025.xml"])


def test_every_element_that_is_a_record_is_a_row_in_and_is_read(every: Reading) -> None:
    assert {name: count.rows_in for name, count in every.tables.items()} == {
        "Child": 2,
        "Disability": 2,
        "CINdetails": 2,
        "Assessments": 1,
        "CINPlanDates": 1,
        "Section47": 1,
        "ChildProtectionPlans": 1,
        "Reviews": 2,
        "PreProceedingsandFGDM": 1,
    }
    assert every.rows_in == every.rows_read == 13
    assert not every.problems


def test_the_header_is_said(every: Reading) -> None:
    assert every.notes == ("every_module_2025.xml: census to 2025-03-31, local authority 999.",)


def test_children_have_what_the_census_says_and_no_name(every: Reading) -> None:
    first, unborn = _row(every, "ssd_person"), _row(every, "ssd_person", 1)
    assert (first["pers_sex"], first["pers_ethnicity"], first["pers_dob"]) == ("F", "WBRI", D(2014, 6, 15))
    assert (first["pers_forename"], first["pers_upn"]) == (None, "A999000000001")
    assert (unborn["pers_dob"], unborn["pers_expected_dob"], unborn["pers_upn_unknown"]) == (
        None,
        D(2025, 5, 20),
        "UN1",
    )
    assert _row(every, "ssd_linked_identifiers")["link_identifier_value"] == "B999000000001"
    assert every.dataset.table("ssd_disability")["disa_disability_code"].to_list() == ["AUT", "COMM"]


def test_a_case_holds_together_from_referral_to_review(every: Reading) -> None:
    referral, enquiry = _row(every, "ssd_cin_episodes"), _row(every, "ssd_s47_enquiry")
    conference, plan = _row(every, "ssd_initial_cp_conference"), _row(every, "ssd_cp_plans")
    assert (
        referral["cine_referral_id"] == enquiry["s47e_referral_id"] == plan["cppl_referral_id"] == "RV0001-2024-04-10"
    )
    assert conference["icpc_s47_enquiry_id"] == enquiry["s47e_s47_enquiry_id"]
    assert (conference["icpc_cp_plan_id"], plan["cppl_icpc_id"]) == (
        plan["cppl_cp_plan_id"],
        conference["icpc_icpc_id"],
    )
    assert conference["icpc_icpc_target_date"] == D(2024, 7, 11)
    assert every.dataset.table("ssd_cp_reviews")["cppr_cp_plan_id"].to_list() == [plan["cppl_cp_plan_id"]] * 2
    assert _row(every, "kith_cp_plan_detail")["kcpp_previous_plans"] == 1
    assert json.loads(str(_row(every, "ssd_assessment_factors")["cinf_assessment_factors_json"])) == ["3B", "4B"]


def test_facts_with_no_place_in_the_standard_are_kept_in_tables_of_kiths_own(every: Reading) -> None:
    assert _row(every, "kith_assessment_detail")["kasd_internal_review_date"] == D(2024, 4, 25)
    block, more = _row(every, "ssd_pre_proceedings"), _row(every, "kith_pre_proceedings_detail")
    assert (block["prep_pre_pro_decision_date"], block["prep_pre_pro_meetings_num"]) == (D(2025, 1, 10), 2)
    assert (more["kppd_family_group_offered"], more["kppd_family_group_held"]) == ("Y", "N")


def test_an_older_file_says_gender_true_and_one_review_in_each_wrapper(fixtures: Path) -> None:
    reading = read_files([fixtures / "cin" / "older_2018.xml"])
    person = _row(reading, "ssd_person")
    assert (person["pers_sex"], person["pers_gender"], person["pers_death_date"]) == ("F", "02", D(2018, 2, 1))
    assert reading.dataset.table("ssd_cin_episodes")["cine_referral_nfa"].to_list() == ["N", "Y"]
    assert reading.tables["Reviews"].rows_read == 2
    assert _row(reading, "ssd_initial_cp_conference")["icpc_s47_enquiry_id"] is None


def test_two_referrals_of_one_day_have_ids_of_their_own(fixtures: Path) -> None:
    reading = read_files([fixtures / "cin" / "older_2018.xml"])
    assert reading.dataset.table("ssd_cin_episodes")["cine_referral_id"].to_list() == [
        "RV0003-2017-05-01",
        "RV0003-2017-05-01-2",
    ]


def test_ids_stay_the_same_when_a_later_extract_says_more(tmp_path: Path) -> None:
    before = _made(tmp_path, _child(rest=_referral()))
    after = _made(
        tmp_path,
        _child("A0"),
        _child(rest=_referral("2024-01-01") + _referral(more="<PrimaryNeedCode>N1</PrimaryNeedCode>")),
    )
    assert (
        _row(before, "ssd_cin_episodes")["cine_referral_id"]
        in after.dataset.table("ssd_cin_episodes")["cine_referral_id"].to_list()
    )


def test_the_journeys_of_a_census_are_told(every: Reading) -> None:
    told = steps(every.dataset)
    assert told.filter(pl.col("kind") == "conference")["code"].to_list() == ["initial", "review", "review"]
    plan = periods(every.dataset).row(by_predicate=pl.col("kind") == "cp_plan", named=True)
    assert (plan["code"], plan["parent"]) == ("NEG", "need:RV0001-2024-04-10")


def test_a_bad_date_is_named_by_line_and_element_and_its_row_kept_out(tmp_path: Path) -> None:
    bad = _child("A2", rest=_referral("2025-02-30"), dob="2015-01-01")
    reading = _made(tmp_path, _child(rest=_referral()), bad)
    (problem,) = reading.problems
    assert (problem.file, problem.line, problem.field, problem.shown) == (
        "made.xml",
        3,
        "CINreferralDate",
        "2025-02-30",
    )
    assert (reading.rows_in, reading.rows_read, reading.rows_reported) == (4, 3, 1)


def test_what_belongs_to_a_child_without_an_id_is_reported_row_by_row(tmp_path: Path) -> None:
    plan = "<CINPlanDates><CINPlanStartDate>2025-01-01</CINPlanStartDate></CINPlanDates>"
    reading = _made(tmp_path, _child("", rest=_referral(more=plan)), _child("A2"))
    assert [problem.table for problem in reading.problems] == ["Child", "CINdetails", "CINPlanDates"]
    assert (reading.rows_in, reading.rows_read, reading.rows_reported) == (4, 1, 3)


def test_an_exact_repeat_is_kept_once_and_a_child_said_two_ways_is_reported(tmp_path: Path) -> None:
    reading = _made(tmp_path, _child(rest=_referral()), _child(rest=_referral()), _child(dob="2015-01-02"))
    assert ["repeats" in problem.message for problem in reading.problems] == [True, False, True]
    assert "something different" in reading.problems[1].message
    assert reading.dataset.table("ssd_cin_episodes").height == 1


def test_elements_that_are_not_known_are_said_and_not_passed_over(tmp_path: Path) -> None:
    reading = _made(tmp_path, _child(rest="<ShoeSize>4</ShoeSize>" + _referral(more="<Sex>F</Sex>text")))
    notes = " ".join(reading.notes)
    assert "ShoeSize in Child" in notes
    assert "Sex in CINdetails" in notes
    assert "stray text in CINdetails" in notes


@pytest.mark.samples
def test_every_published_sample_is_read_without_a_lost_row(samples: Path) -> None:
    expected = {"CIN_Census_2024.xml": (13, 0), "CIN_Census_2026.xml": (14, 0), "fake_CIN_data.xml": (851, 5)}
    for name, (rows_in, repeats) in expected.items():
        reading = read_files([samples / "cin" / name])
        assert (reading.rows_in, reading.rows_reported) == (rows_in, repeats), name
        assert reading.rows_in == reading.rows_read + reading.rows_reported
        assert all("repeats" in problem.message for problem in reading.problems)
        for table, frame in reading.dataset.tables.items():
            assert frame.select(keys(table)).is_unique().all(), table
