"""A small extract about two sisters and a boy, made in code so that each test can change one thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import polars as pl
from django.utils import timezone

from kith.record.loading import actions
from kith.record.loading.models import Load
from kith.statutory.returns.results import Problem, Reading, TableCount
from kith.statutory.returns.ssd.dataset import Dataset

Rows = dict[str, list[dict[str, Any]]]
ADDRESS = """{"ROOM":"","FLAT":"2","BUILDING":"","HOUSE":"9","STREET":"Quay Row","TOWN":"Riverside","UPRN":"77"}"""
AT = datetime(2026, 4, 1, 9, 0, tzinfo=timezone.get_fixed_timezone(0))


def people() -> Rows:
    """Two sisters, a boy, their mother and a father nobody knows."""
    return {
        "ssd_person": [
            {"pers_person_id": "P1", "pers_forename": "Amina", "pers_surname": "Khan", "pers_dob": date(2016, 5, 1)},
            {"pers_person_id": "P2", "pers_forename": "Sara", "pers_surname": "Khan", "pers_dob": date(2018, 2, 3)},
            {"pers_person_id": "P3", "pers_forename": "Leo", "pers_surname": "Byrne", "pers_dob": date(2010, 9, 9)},
        ],
        "kith_adult": [{"adul_person_id": "A1", "adul_forename": "Noor", "adul_surname": "Khan"}],
        "kith_relationship": [
            {"rela_table_id": "R1", "rela_person_id": "P1", "rela_other_person_id": "A1", "rela_kind": "mother"},
            {"rela_table_id": "R2", "rela_person_id": "P1", "rela_kind": "father"},
        ],
        "kith_person_detail": [
            {"pdet_person_id": "P1", "pdet_known_as": "Mina", "pdet_who_i_am": "I like football."},
            {"pdet_person_id": "P3", "pdet_restriction": "R1"},
        ],
        "ssd_address": [
            {
                "addr_table_id": "AD1",
                "addr_person_id": "P1",
                "addr_address_json": ADDRESS,
                "addr_address_postcode": "RV12AB",
            }
        ],
        "ssd_linked_identifiers": [
            {
                "link_table_id": "L1",
                "link_person_id": "P1",
                "link_identifier_type": "NHS Number",
                "link_identifier_value": "9990000018",
            }
        ],
    }


def workers() -> Rows:
    """A social worker and her team."""
    return {
        "ssd_department": [{"dept_team_id": "T1", "dept_team_name": "Family Support 1"}],
        "ssd_professionals": [{"prof_professional_id": "W1", "prof_professional_name": "Asha Rahman"}],
        "kith_post": [
            {
                "post_table_id": "PO1",
                "post_worker_id": "W1",
                "post_team_id": "T1",
                "post_role": "social_worker",
                "post_start_date": date(2024, 1, 1),
            }
        ],
        "ssd_involvements": [
            {
                "invo_involvements_id": f"I{number}",
                "invo_professional_id": "W1",
                "invo_professional_role_id": "allocated worker",
                "invo_professional_team": "T1",
                "invo_person_id": f"P{number}",
                "invo_involvement_start_date": date(2025, 6, 1),
            }
            for number in (1, 2, 3)
        ],
    }


def meeting() -> Rows:
    """One meeting about both sisters, who came, and what was promised."""
    return {
        "kith_strategy_meeting": [
            {
                "stra_table_id": f"SM{number}",
                "stra_meeting_id": "M1",
                "stra_person_id": f"P{number}",
                "stra_requested_date": date(2026, 1, 12),
                "stra_held_date": date(2026, 1, 12),
                "stra_held_time": "14:00",
                "stra_decision": "section_47",
                "stra_rationale": f"Reasons about child {number}",
                "stra_decided_date": date(2026, 1, 12),
                "stra_reason": "A bruise",
            }
            for number in (1, 2)
        ],
        "kith_meeting_attendance": [
            {"matt_table_id": "MA1", "matt_meeting_id": "M1", "matt_agency": "police", "matt_attended": "Y"}
        ],
        "kith_promise": [
            {
                "prom_table_id": "PR1",
                "prom_person_id": "P1",
                "prom_made_in": "M1",
                "prom_what": "Speak to the school",
                "prom_owner_worker_id": "W1",
                "prom_made_date": date(2026, 1, 12),
                "prom_due_date": date(2026, 1, 14),
            }
        ],
    }


def work() -> Rows:
    """Referrals and assessments, a strategy meeting the sisters share, a plan and a visit."""
    return {
        **meeting(),
        **planned(),
        "ssd_cin_episodes": [
            {
                "cine_referral_id": "C1",
                "cine_person_id": "P1",
                "cine_referral_date": date(2026, 1, 5),
                "cine_cin_primary_need_code": "N1",
                "cine_referral_source_code": "6",
                "cine_referral_nfa": "N",
            }
        ],
        "ssd_cin_assessments": [
            {
                "cina_assessment_id": "S1",
                "cina_person_id": "P1",
                "cina_referral_id": "C1",
                "cina_assessment_start_date": date(2026, 1, 6),
            },
            {
                "cina_assessment_id": "S2",
                "cina_person_id": "P3",
                "cina_assessment_start_date": date(2025, 9, 1),
                "cina_assessment_auth_date": date(2025, 10, 1),
            },
        ],
    }


def planned() -> Rows:
    """A plan, and a visit under it."""
    return {
        "ssd_cp_plans": [
            {"cppl_cp_plan_id": "CP1", "cppl_person_id": "P1", "cppl_cp_plan_start_date": date(2026, 1, 26)}
        ],
        "ssd_cp_visits": [
            {
                "cppv_cp_visit_id": "V1",
                "cppv_person_id": "P1",
                "cppv_cp_plan_id": "CP1",
                "cppv_cp_visit_date": date(2026, 2, 2),
                "cppv_cp_visit_seen": "Y",
                "cppv_cp_visit_seen_alone": "Y",
            }
        ],
        "kith_visit_note": [{"vnot_visit_id": "V1", "vnot_where": "At home", "vnot_said": "She is happy."}],
    }


def everything() -> Rows:
    """All of it."""
    return {**people(), **workers(), **work()}


def row(rows: Rows, table: str, number: int = 0) -> dict[str, Any]:
    """One row, to change."""
    return rows[table][number]


def dataset(rows: Mapping[str, list[dict[str, Any]]]) -> Dataset:
    """Rows as a dataset."""
    return Dataset.of({name: pl.DataFrame(each, infer_schema_length=None) for name, each in rows.items()})


def reading(rows: Rows, *, kind: str = "ssd", problems: tuple[Problem, ...] = ()) -> Reading:
    """Rows as a reader would give them; each problem is one row more, kept out of its table."""
    held = dataset(rows)
    lost = {name: sum(1 for each in problems if each.table == name) for name in held.tables}
    counts = {name: TableCount(frame.height + lost[name], frame.height) for name, frame in held.tables.items()}
    return Reading(kind=kind, dataset=held, problems=problems, tables=counts)


def stored(rows: Rows, *, kind: str = "ssd", problems: tuple[Problem, ...] = ()) -> Load:
    """Load rows as `kith load` would."""
    return actions.load_reading(reading=reading(rows, kind=kind, problems=problems), files=[], at=AT)
