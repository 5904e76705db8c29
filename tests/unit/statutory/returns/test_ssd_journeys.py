"""Journeys: what the steps and periods say of a dataset."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.journeys import periods, steps, untold
from kith.statutory.timescales.facts import facts_from
from kith.statutory.timescales.shapes import PERIODS_SCHEMA, STEPS_SCHEMA

D = date


def _dataset(**tables: list[dict[str, Any]]) -> Dataset:
    return Dataset.of({name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()})


def _only(frame: pl.DataFrame, ref: str) -> dict[str, Any]:
    return frame.row(by_predicate=pl.col("ref") == ref, named=True)


REFERRAL = {"cine_referral_id": "R1", "cine_person_id": "A1", "cine_referral_date": D(2025, 3, 3)}
CARE = {"clae_person_id": "A1", "clae_cla_id": "P1"}


def test_an_empty_dataset_has_journeys_of_the_right_shape() -> None:
    assert dict(steps(Dataset({})).schema) == STEPS_SCHEMA
    assert dict(periods(Dataset({})).schema) == PERIODS_SCHEMA


def test_a_referral_opens_a_need_and_is_decided_on_the_day_held() -> None:
    referral = REFERRAL | {"cine_referral_nfa": "N", "cine_cin_primary_need_code": "N1", "cine_referral_team": "MASH"}
    decision = {"rdec_referral_id": "R1", "rdec_decision_date": D(2025, 3, 4), "rdec_worker_id": "W1"}
    dataset = _dataset(ssd_cin_episodes=[referral], kith_referral_decision=[decision])
    step, need = _only(steps(dataset), "referral:R1"), _only(periods(dataset), "need:R1")
    assert (step["opened_on"], step["done_on"], step["outcome"], step["span"]) == (
        D(2025, 3, 3),
        D(2025, 3, 4),
        "accepted",
        "need:R1",
    )
    assert (step["worker"], step["team"]) == ("W1", "MASH")
    assert (need["code"], need["started_on"], need["ended_on"]) == ("N1", D(2025, 3, 3), None)


@pytest.mark.parametrize(
    ("more", "decided", "outcome"),
    [
        ({}, None, None),
        ({"cine_referral_nfa": "Y", "cine_close_date": D(2025, 3, 5)}, D(2025, 3, 5), "nfa"),
        ({"cine_referral_nfa": "N"}, D(2025, 3, 6), "accepted"),
    ],
)
def test_without_a_decision_date_a_referral_was_decided_by_what_followed(
    more: dict[str, Any], decided: date | None, outcome: str | None
) -> None:
    assessed = [
        {
            "cina_assessment_id": "1",
            "cina_referral_id": "R1",
            "cina_person_id": "A1",
            "cina_assessment_start_date": D(2025, 3, 6),
        }
    ]
    tables: dict[str, Any] = {"ssd_cin_episodes": [REFERRAL | more]}
    if outcome == "accepted":
        tables["ssd_cin_assessments"] = assessed
    step = _only(steps(_dataset(**tables)), "referral:R1")
    assert (step["done_on"], step["outcome"]) == (decided, outcome)


def test_a_decision_held_without_its_date_is_a_decision_not_made() -> None:
    assessed = {"cina_assessment_id": "1", "cina_referral_id": "R1", "cina_assessment_start_date": D(2025, 3, 6)}
    tables = {"ssd_cin_episodes": [REFERRAL], "ssd_cin_assessments": [assessed]}
    assert _only(steps(_dataset(**tables)), "referral:R1")["done_on"] == D(2025, 3, 6)
    undecided = _dataset(**tables, kith_referral_decision=[{"rdec_referral_id": "R1"}])
    assert _only(steps(undecided), "referral:R1")["done_on"] is None


def test_a_contact_that_became_a_referral_was_decided_by_the_next_referral() -> None:
    contact = {"cont_contact_id": "C1", "cont_person_id": "A1", "cont_contact_date": D(2025, 3, 1)}
    flags = '{"NEW_REFERRAL_FLAG": "Y", "NFA_FLAG": "N"}'
    other = {"cine_referral_id": "R0", "cine_person_id": "A1", "cine_referral_date": D(2025, 2, 1)}
    dataset = _dataset(
        ssd_contacts=[contact | {"cont_contact_outcome_json": flags}, contact | {"cont_contact_id": "C2"}],
        ssd_cin_episodes=[REFERRAL, other],
    )
    assert _only(steps(dataset), "contact:C1")["done_on"] == D(2025, 3, 3)
    assert _only(steps(dataset), "contact:C2")["done_on"] is None


def test_a_section_47_is_led_to_by_the_strategy_meeting_of_that_day() -> None:
    meeting = {
        "stra_table_id": "S1",
        "stra_meeting_id": "M1",
        "stra_person_id": "A1",
        "stra_referral_id": "R1",
        "stra_requested_date": D(2025, 7, 1),
        "stra_held_date": D(2025, 7, 2),
        "stra_held_time": "14:30",
        "stra_decided_date": D(2025, 7, 2),
        "stra_decision": "section_47",
    }
    enquiry = {
        "s47e_s47_enquiry_id": "E1",
        "s47e_person_id": "A1",
        "s47e_referral_id": "R1",
        "s47e_s47_start_date": D(2025, 7, 2),
    }
    conference = {
        "icpc_icpc_id": "I1",
        "icpc_person_id": "A1",
        "icpc_s47_enquiry_id": "E1",
        "icpc_icpc_date": D(2025, 7, 20),
        "icpc_icpc_outcome_cp_flag": "N",
    }
    told = steps(
        _dataset(kith_strategy_meeting=[meeting], ssd_s47_enquiry=[enquiry], ssd_initial_cp_conference=[conference])
    )
    assert _only(told, "strategy_meeting:S1")["happened_at"] == datetime(2025, 7, 2, 13, 30, tzinfo=UTC)
    assert _only(told, "strategy_meeting:S1")["meeting"] == "M1"
    assert _only(told, "section47:E1")["led_from"] == "strategy_meeting:S1"
    assert _only(told, "section47:E1")["outcome"] == "icpc"
    assert _only(told, "conference:I1")["led_from"] == "section47:E1"
    assert _only(told, "conference:I1")["outcome"] == "no_plan"


def test_a_visit_falls_in_the_plan_open_that_day_and_does_not_count_unseen() -> None:
    plans = [
        {
            "cinp_cin_plan_id": "1",
            "cinp_person_id": "A1",
            "cinp_cin_plan_start_date": D(2025, 1, 1),
            "cinp_cin_plan_end_date": D(2025, 2, 1),
        },
        {"cinp_cin_plan_id": "2", "cinp_person_id": "A1", "cinp_cin_plan_start_date": D(2025, 2, 1)},
        {"cinp_cin_plan_id": "3", "cinp_person_id": "A2", "cinp_cin_plan_start_date": D(2020, 1, 1)},
    ]
    days = [D(2024, 12, 31), D(2025, 1, 31), D(2025, 2, 1), D(2030, 1, 1)]
    visits = [
        {
            "cinv_cin_visit_id": str(at),
            "cinv_person_id": "A1",
            "cinv_cin_visit_date": day,
            "cinv_cin_visit_seen": "N" if at == 3 else "Y",
        }
        for at, day in enumerate(days)
    ]
    told = steps(_dataset(ssd_cin_plans=plans, ssd_cin_visits=visits))
    assert told["span"].to_list() == [None, "cin_plan:1", "cin_plan:2", "cin_plan:2"]
    assert told["counts"].to_list() == [True, True, True, False]
    assert told["outcome"].to_list()[-1] == "not_seen"


def test_a_period_of_care_is_whole_and_stays_open_while_its_last_episode_only_changes() -> None:
    first = CARE | {
        "clae_cla_episode_id": "1",
        "clae_cla_episode_start_date": D(2024, 1, 1),
        "clae_cla_episode_ceased_date": D(2024, 6, 1),
        "clae_cla_episode_ceased_reason": "X1",
        "clae_cla_episode_start_reason": "S",
    }
    last = CARE | {
        "clae_cla_episode_id": "2",
        "clae_cla_episode_start_date": D(2024, 6, 1),
        "clae_cla_episode_ceased_date": D(2025, 2, 1),
        "clae_cla_episode_ceased_reason": "E4A",
    }
    care = _only(periods(_dataset(ssd_cla_episodes=[last, first])), "care:P1")
    assert (care["started_on"], care["start_reason"], care["ended_on"], care["end_reason"]) == (
        D(2024, 1, 1),
        "S",
        D(2025, 2, 1),
        "E4A",
    )
    assert _only(periods(_dataset(ssd_cla_episodes=[first])), "care:P1")["ended_on"] is None


def test_an_episode_takes_the_legal_status_in_force_and_a_status_the_care_it_began_in() -> None:
    episode = CARE | {"clae_cla_episode_id": "1", "clae_cla_episode_start_date": D(2024, 6, 1)}
    statuses = [
        {
            "lega_legal_status_id": "1",
            "lega_person_id": "A1",
            "lega_legal_status": "V2 - Section 20",
            "lega_legal_status_start_date": D(2024, 6, 1),
            "lega_legal_status_end_date": D(2024, 7, 1),
        },
        {
            "lega_legal_status_id": "2",
            "lega_person_id": "A1",
            "lega_legal_status": "C2",
            "lega_legal_status_start_date": D(2024, 7, 1),
        },
    ]
    told = periods(_dataset(ssd_cla_episodes=[episode], ssd_legal_status=statuses))
    assert _only(told, "care_episode:1")["code"] == "V2"
    assert _only(told, "legal_status:2")["parent"] == "care:P1"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Neglect", "NEG"),
        ("b) Physical abuse", "PHY"),
        ("sexual", "SAB"),
        ("EMO", "EMO"),
        ("Multiple/not recommended", "MUL"),
        ("Odd", "Odd"),
    ],
)
def test_a_plan_has_the_code_of_its_category(words: str, code: str) -> None:
    plan = {
        "cppl_cp_plan_id": "1",
        "cppl_person_id": "A1",
        "cppl_cp_plan_start_date": D(2025, 1, 1),
        "cppl_cp_plan_latest_category": words,
    }
    assert _only(periods(_dataset(ssd_cp_plans=[plan])), "cp_plan:1")["code"] == code


def test_missing_times_are_moments_even_when_the_clocks_change() -> None:
    went = [
        {
            "miss_table_id": key,
            "miss_person_id": "A1",
            "miss_missing_episode_type": kind,
            "miss_missing_episode_start_date": D(2025, 10, 25),
            "miss_missing_episode_end_date": D(2025, 10, 26),
            "miss_missing_rhi_offered": "Y",
            "miss_missing_rhi_accepted": "N",
        }
        for key, kind in [("1", "Missing"), ("2", "A"), ("3", "m")]
    ]
    times = [{"misd_missing_id": "1", "misd_start_time": "23:30", "misd_end_time": "01:30"}]
    dataset = _dataset(ssd_missing=went, kith_missing_detail=times)
    told = _only(periods(dataset), "missing:1")
    assert told["started_at"] == datetime(2025, 10, 25, 22, 30, tzinfo=UTC)
    assert told["ended_at"] == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert periods(dataset)["code"].to_list() == ["missing", "away", "missing"]
    assert _only(steps(dataset), "return_interview:missing:1")["outcome"] == "declined"


def test_health_checks_are_told_by_kind_and_only_completed_ones_count() -> None:
    checks = [
        {
            "clah_health_check_id": str(at),
            "clah_person_id": "A1",
            "clah_health_check_type": kind,
            "clah_health_check_date": D(2025, 1, 5),
            "clah_health_check_status": status,
        }
        for at, (kind, status) in enumerate(
            [("Health Assessment", "Completed"), ("Dental check", "Refused"), ("health", None), ("Health", "Planned")]
        )
    ]
    told = steps(_dataset(ssd_cla_health=checks)).sort("ref")
    assert told["code"].to_list() == ["health", "dental", "health", "health"]
    assert told["counts"].to_list() == [True, False, True, False]
    assert told["happened_on"].null_count() == 1


def test_a_row_with_no_child_is_counted_and_not_told() -> None:
    dataset = _dataset(
        ssd_cla_reviews=[{"clar_cla_review_id": "1", "clar_cla_id": "nowhere", "clar_cla_review_date": D(2025, 1, 1)}]
    )
    assert steps(dataset).height == 0
    assert untold(dataset) == {"care_reviews": 1}


def test_a_latest_contact_is_told_once_when_each_contact_is_held() -> None:
    leaver = {"clea_table_id": "L1", "clea_person_id": "A1", "clea_care_leaver_latest_contact": D(2025, 5, 1)}
    contact = {"clco_table_id": "1", "clco_person_id": "A1", "clco_date": D(2025, 5, 1), "clco_how": "visit"}
    told = steps(_dataset(ssd_care_leavers=[leaver], kith_care_leaver_contact=[contact]))
    assert told.select("ref", "span").rows() == [("care_leaver_contact:1", "care_leaver:L1")]
    assert steps(_dataset(ssd_care_leavers=[leaver])).height == 1


def test_four_hundred_thousand_rows_take_seconds_and_become_facts() -> None:
    many = 200_000
    children = [f"A{at % 60_000}" for at in range(many)]
    ids = [str(at) for at in range(many)]
    days = pl.date_range(D(2021, 1, 1), D(2025, 12, 31), eager=True).sample(many, with_replacement=True, seed=1)
    plans = pl.DataFrame({"cinp_cin_plan_id": ids, "cinp_person_id": children, "cinp_cin_plan_start_date": days})
    visits = pl.DataFrame({"cinv_cin_visit_id": ids, "cinv_person_id": children, "cinv_cin_visit_date": days})
    dataset = Dataset.of({"ssd_cin_plans": plans, "ssd_cin_visits": visits})
    began = time.perf_counter()
    told, spans = steps(dataset), periods(dataset)
    took = time.perf_counter() - began
    assert told.height == spans.height == many
    assert told["ref"].is_unique().all()
    assert facts_from(told, spans).height == 2 * many
    assert took < 8  # a shared machine may be slow: alone it takes about a third of a second
