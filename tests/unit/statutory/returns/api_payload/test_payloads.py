"""The daily records: who is sent, what each says, what changed since, and what the service would not take."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import fastjsonschema
import polars as pl
import pytest

from kith.statutory.returns.api_payload.cohort import cohort, window
from kith.statutory.returns.api_payload.payloads import payloads
from kith.statutory.returns.api_payload.sending import SCHEMA, fault_of, last_sent, sending, write
from kith.statutory.returns.building import RETURNS, Asked
from kith.statutory.returns.ssd.dataset import Dataset
from kith.vocabulary.errors import KithError

ON = date(2026, 5, 20)
Rows = dict[str, list[dict[str, Any]]]


def amina() -> Rows:
    """A girl with everything: need, an assessment, a plan, an enquiry, protection, care, adoption, a worker."""
    return {
        "ssd_person": [
            {"pers_person_id": "P1", "pers_forename": "Amina", "pers_surname": "Khan", "pers_dob": date(2016, 5, 1)}
            | {"pers_sex": "F", "pers_ethnicity": "APKN", "pers_upn": "R999048624402", "pers_legacy_id": "OLD-1"}
        ],
        "ssd_disability": [{"disa_table_id": "D1", "disa_person_id": "P1", "disa_disability_code": "AUT"}],
        "ssd_address": [
            {"addr_table_id": "A1", "addr_person_id": "P1", "addr_address_postcode": "RV11AA"}
            | {"addr_address_start_date": date(2020, 1, 1), "addr_address_end_date": date(2025, 1, 1)},
            {"addr_table_id": "A2", "addr_person_id": "P1", "addr_address_postcode": "RV22BB"}
            | {"addr_address_start_date": date(2025, 1, 2)},
        ],
        "ssd_immigration_status": [
            {"immi_immigration_status_id": "I1", "immi_person_id": "P1", "immi_immigration_status": "UASC"}
            | {"immi_immigration_status_end_date": date(2025, 6, 1)}
        ],
        "ssd_sdq_scores": [
            {"csdq_table_id": "Q1", "csdq_person_id": "P1", "csdq_sdq_score": "14"}
            | {"csdq_sdq_completed_date": date(2025, 9, 1)},
            {"csdq_table_id": "Q2", "csdq_person_id": "P1", "csdq_sdq_reason": "SDQ1"}
            | {"csdq_sdq_completed_date": date(2026, 1, 1)},
        ],
        "ssd_cin_episodes": [
            {"cine_referral_id": "R1", "cine_person_id": "P1", "cine_referral_date": date(2025, 4, 3)}
            | {"cine_referral_source_code": "1A", "cine_referral_nfa": "N"}
        ],
        "ssd_cin_assessments": [
            {"cina_assessment_id": "S1", "cina_person_id": "P1", "cina_referral_id": "R1"}
            | {"cina_assessment_start_date": date(2025, 4, 4), "cina_assessment_auth_date": date(2025, 5, 1)}
        ],
        "ssd_assessment_factors": [
            {"cinf_table_id": "F1", "cinf_assessment_id": "S1", "cinf_assessment_factors_json": '["4B", "2A"]'}
        ],
        **_plans(),
        **_care(),
    }


def _plans() -> Rows:
    return {
        "ssd_cin_plans": [
            {"cinp_cin_plan_id": "N1", "cinp_person_id": "P1", "cinp_referral_id": "R1"}
            | {"cinp_cin_plan_start_date": date(2025, 5, 2), "cinp_cin_plan_end_date": date(2025, 7, 1)}
        ],
        "ssd_s47_enquiry": [
            {"s47e_s47_enquiry_id": "E1", "s47e_person_id": "P1", "s47e_referral_id": "R1"}
            | {"s47e_s47_start_date": date(2025, 6, 10), "s47e_s47_end_date": date(2025, 6, 20)}
        ],
        "ssd_initial_cp_conference": [
            {"icpc_icpc_id": "K1", "icpc_person_id": "P1", "icpc_s47_enquiry_id": "E1"}
            | {"icpc_icpc_date": date(2025, 6, 28)}
        ],
        "ssd_cp_plans": [
            {"cppl_cp_plan_id": "L1", "cppl_person_id": "P1", "cppl_referral_id": "R1"}
            | {"cppl_cp_plan_start_date": date(2025, 6, 28)}
        ],
        "ssd_professionals": [
            {"prof_professional_id": "W1", "prof_social_worker_registration_no": "SW900345"},
            {"prof_professional_id": "W2"},
        ],
        "ssd_involvements": [
            {"invo_involvements_id": f"V{number}", "invo_person_id": "P1", "invo_referral_id": "R1"}
            | {"invo_professional_id": worker, "invo_professional_role_id": role}
            | {"invo_involvement_start_date": date(2025, 4, 4)}
            for number, (worker, role) in enumerate(
                [("W1", "social_worker"), ("W2", "CW"), ("W1", "reviewing_officer")]
            )
        ],
    }


def _care() -> Rows:
    return {
        "ssd_cla_episodes": [
            {"clae_cla_episode_id": "C1", "clae_person_id": "P1", "clae_cla_id": "LA1", "clae_referral_id": "R1"}
            | {"clae_cla_placement_id": "H1", "clae_cla_episode_start_reason": "S"}
            | {"clae_cla_episode_start_date": date(2025, 7, 1), "clae_cla_episode_ceased_reason": "E4A"}
        ],
        "ssd_cla_placement": [
            {"clap_cla_placement_id": "H1", "clap_person_id": "P1", "clap_cla_id": "LA1"}
            | {"clap_cla_placement_start_date": date(2025, 7, 1), "clap_cla_placement_type": "U6"}
            | {"clap_cla_placement_postcode": "RV83ZF", "clap_cla_placement_end_date": date(2025, 12, 1)}
            | {"clap_cla_placement_change_reason": "CARPL"}
        ],
        "ssd_permanence": [
            {"perm_table_id": "M1", "perm_person_id": "P1", "perm_cla_id": "LA1"}
            | {"perm_adm_decision_date": date(2025, 11, 1)}
        ],
    }


def dataset(rows: Rows) -> Dataset:
    return Dataset.of({name: pl.DataFrame(each, infer_schema_length=None) for name, each in rows.items()})


def one(rows: Rows) -> dict[str, Any]:
    [found] = payloads(dataset(rows), on=ON)
    return found


EPISODE = {
    "social_care_episode_id": "R1",
    "referral_date": "2025-04-03",
    "referral_source": "1A",
    "referral_no_further_action_flag": False,
    "child_and_family_assessments": [
        {"child_and_family_assessment_id": "S1", "start_date": "2025-04-04", "authorisation_date": "2025-05-01"}
        | {"factors": ["2A", "4B"], "purge": False}
    ],
    "child_in_need_plans": [
        {"child_in_need_plan_id": "N1", "start_date": "2025-05-02", "end_date": "2025-07-01", "purge": False}
    ],
    "section_47_assessments": [
        {"section_47_assessment_id": "E1", "start_date": "2025-06-10", "end_date": "2025-06-20"}
        | {"icpc_required_flag": True, "icpc_date": "2025-06-28", "purge": False}
    ],
    "child_protection_plans": [{"child_protection_plan_id": "L1", "start_date": "2025-06-28", "purge": False}],
    "child_looked_after_placements": [
        {"child_looked_after_placement_id": "H1", "start_date": "2025-07-01", "start_reason": "S"}
        | {"postcode": "RV83ZF", "placement_type": "U6", "end_date": "2025-12-01", "end_reason": "E4A"}
        | {"change_reason": "CARPL", "purge": False}
    ],
    "adoption": {"initial_decision_date": "2025-11-01", "purge": False},
    "care_worker_details": [{"worker_id": "SW900345", "start_date": "2025-04-04", "purge": False}],
    "purge": False,
}


def test_a_childs_record_says_what_the_service_asks_for_of_her() -> None:
    found = one(amina())
    assert found["child_details"] == {
        "unique_pupil_number": "R999048624402",
        "first_name": "Amina",
        "surname": "Khan",
        "date_of_birth": "2016-05-01",
        "sex": "F",
        "ethnicity": "APKN",
        "disabilities": ["AUT"],
        "postcode": "RV22BB",
        "uasc_flag": True,
        "uasc_end_date": "2025-06-01",
        "purge": False,
    }
    assert (found["la_child_id"], found["mis_child_id"], found["purge"]) == ("P1", "OLD-1", False)
    assert found["health_and_wellbeing"]["sdq_assessments"] == [{"date": "2025-09-01", "score": 14, "purge": False}]
    assert fault_of(found) == ""


def test_a_childs_record_says_what_was_done_in_each_episode() -> None:
    assert one(amina())["social_care_episodes"] == [EPISODE]


def test_the_window_is_from_april_of_the_financial_year_before_last_until_tomorrow() -> None:
    assert (window(ON).first, window(ON).last) == (date(2024, 4, 1), date(2026, 5, 21))
    assert window(date(2026, 3, 31)).first == date(2023, 4, 1)
    assert window(ON).year_ends == (date(2025, 3, 31), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("change", "sent"),
    [
        ({}, True),
        ({"cine_close_date": date(2024, 4, 1)}, True),
        ({"cine_close_date": date(2024, 3, 31)}, False),
        ({"cine_referral_date": date(2026, 5, 22)}, False),
    ],
)
def test_an_episode_that_has_a_day_in_the_window_is_sent(change: dict[str, date], sent: bool) -> None:
    rows = {name: amina()[name] for name in ("ssd_person", "ssd_cin_episodes")}
    rows["ssd_cin_episodes"][0] |= {"cine_referral_date": date(2020, 1, 1)} | change
    assert (cohort(dataset(rows), on=ON).to_list() == ["P1"]) is sent


@pytest.mark.parametrize(("born", "sent"), [(date(1998, 4, 1), False), (date(1998, 4, 2), True)])
def test_nobody_over_25_for_the_whole_window_is_sent(born: date, sent: bool) -> None:
    rows = amina()
    rows["ssd_person"][0]["pers_dob"] = born
    assert (cohort(dataset(rows), on=ON).to_list() == ["P1"]) is sent


def test_a_plan_of_protection_or_a_disability_alone_is_no_reason_to_send() -> None:
    wanted = ("ssd_person", "ssd_cp_plans", "ssd_disability")
    assert cohort(dataset({name: amina()[name] for name in wanted}), on=ON).is_empty()


def test_a_home_or_leaving_care_is_a_reason_to_send() -> None:
    rows = {name: amina()[name] for name in ("ssd_person", "ssd_cla_placement")}
    assert cohort(dataset(rows), on=ON).to_list() == ["P1"]
    leaver = {name: amina()[name] for name in ("ssd_person", "ssd_cin_episodes")}
    leaver["ssd_person"][0]["pers_dob"] = date(2007, 1, 1)
    leaver["ssd_care_leavers"] = [
        {"clea_table_id": "CL1", "clea_person_id": "P1", "clea_care_leaver_latest_contact": date(2026, 5, 1)}
        | {"clea_care_leaver_activity": "F2", "clea_care_leaver_accommodation": "U"}
    ]
    [found] = payloads(dataset(leaver), on=ON)
    [episode] = found["social_care_episodes"]
    assert episode["care_leavers"] == {
        "contact_date": "2026-05-01",
        "activity": "F2",
        "accommodation": "U",
        "purge": False,
    }


def test_what_is_new_changed_gone_and_the_same_is_told_apart() -> None:
    first = sending(dataset(amina()), on=ON, last={})
    assert [each["la_child_id"] for each in first.records] == ["P1"]
    assert sending(dataset(amina()), on=ON, last=first.sent).records == ()
    rows = amina()
    rows["ssd_person"][0]["pers_legacy_id"] = "OLD-2"
    assert sending(dataset(rows), on=ON, last=first.sent).records == (), "another system's id alone is no news"
    rows["ssd_person"][0]["pers_surname"] = "Khan-Reid"
    assert sending(dataset(rows), on=ON, last=first.sent).records[0]["child_details"]["surname"] == "Khan-Reid"
    gone = sending(dataset({"ssd_person": amina()["ssd_person"]}), on=ON, last=first.sent)
    assert gone.records == ({"la_child_id": "P1", "purge": True},) and gone.sent == {}
    assert fault_of(gone.records[0]) == ""


@pytest.mark.parametrize(
    ("table", "column", "value", "where"),
    [
        ("ssd_person", "pers_sex", "9", "child_details.sex"),
        ("ssd_person", "pers_upn", "123", "child_details.unique_pupil_number"),
        ("ssd_cin_episodes", "cine_referral_source_code", "Police", "social_care_episodes.0.referral_source"),
        ("ssd_cla_placement", "clap_cla_placement_type", "Foster", "child_looked_after_placements.0.placement_type"),
        ("ssd_sdq_scores", "csdq_sdq_score", "41", "health_and_wellbeing.sdq_assessments.0.score"),
    ],
)
def test_a_record_that_would_be_rejected_is_kept_out_with_the_reason(
    table: str, column: str, value: str, where: str
) -> None:
    rows = amina()
    rows[table][0][column] = value
    found = sending(dataset(rows), on=ON, last={"P1": "as it was sent"})
    [kept_out] = found.kept_out
    assert where in kept_out["why"] and value not in kept_out["why"]
    assert found.records == () and found.sent == {"P1": "as it was sent"}


def test_an_id_longer_than_the_service_takes_is_kept_out() -> None:
    rows = amina()
    for table, column in (("ssd_person", "pers_person_id"), ("ssd_cin_episodes", "cine_person_id")):
        rows[table][0][column] = "P" * 21
    assert "la_child_id" in sending(dataset(rows), on=ON, last={}).kept_out[0]["why"]


def test_the_schema_is_a_schema_and_takes_nothing_it_does_not_know() -> None:
    check = fastjsonschema.compile(json.loads(SCHEMA.read_text()))
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        check({"la_child_id": "P1", "purge": False, "child_details": {"purge": False, "shoe_size": 34}})
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        check({"la_child_id": "P1", "purge": False})


def test_arrays_hold_a_hundred_records_and_the_next_day_begins_where_this_ended(tmp_path: Path) -> None:
    rows: Rows = {"ssd_person": [], "ssd_cin_episodes": []}
    for number in range(201):
        rows["ssd_person"].append(amina()["ssd_person"][0] | {"pers_person_id": f"P{number:03d}"})
        rows["ssd_cin_episodes"].append(
            amina()["ssd_cin_episodes"][0] | {"cine_referral_id": f"R{number}", "cine_person_id": f"P{number:03d}"}
        )
    build = next(each for each in RETURNS if each.key == "api-payload").build
    files = build(dataset(rows), tmp_path / "one", Asked(on=ON))
    assert [len(json.loads(each.read_text())) for each in files] == [100, 100, 1, 201]
    rows["ssd_person"][7]["pers_surname"] = "Other"
    files = build(dataset(rows), tmp_path / "two", Asked(on=ON, last=tmp_path / "one"))
    [changed], sent = (json.loads(each.read_text()) for each in files)
    assert changed["la_child_id"] == "P007" and len(sent) == 201
    alone = build(dataset(rows), tmp_path / "three", Asked(on=ON, child="P009"))
    assert [each["la_child_id"] for path in alone for each in json.loads(path.read_text())] == ["P009"]


def test_a_folder_that_does_not_say_what_was_sent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KithError, match="does not say what was sent"):
        last_sent(tmp_path)
    write(sending(dataset(amina()), on=ON, last={}), tmp_path)
    assert set(last_sent(tmp_path)) == {"P1"}
