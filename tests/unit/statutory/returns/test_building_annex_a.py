"""The Annex A lists built from a dataset: their windows, their wording, and the borough's own workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kith.statutory.returns.across.rules import BOOK
from kith.statutory.returns.annex_a.building import lists_of
from kith.statutory.returns.annex_a.headings import CHOICES, SPECS
from kith.statutory.returns.annex_a.options import answers, options_of
from kith.statutory.returns.annex_a.reader import read_files
from kith.statutory.returns.annex_a.wording import reader_of
from kith.statutory.returns.annex_a.workbook import sheets_of
from kith.statutory.returns.annex_a.writing import write_workbook
from kith.statutory.returns.checking_returns import check_across, check_annex_a
from kith.statutory.returns.cin_census.writer import Source, write_census
from kith.statutory.returns.rule_reports import summary
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssda903.building import tables_of
from kith.statutory.returns.ssda903.directories import read_postcodes
from kith.statutory.returns.ssda903.writing import write_tables
from kith.synthetic.directories import OURS, write_directories

D = date
ON = D(2026, 3, 31)
Rows = list[dict[str, Any]]


def _dataset(**tables: Rows) -> Dataset:
    people: Rows = [
        {"pers_person_id": "ANN", "pers_sex": "F", "pers_ethnicity": "MWBC", "pers_dob": D(2012, 4, 1)},
        {"pers_person_id": "BEN", "pers_sex": "M", "pers_ethnicity": "WBRI", "pers_dob": D(2008, 3, 31)},
        {"pers_person_id": "TO COME", "pers_sex": "U", "pers_expected_dob": D(2026, 6, 1)},
    ]
    frames = {"ssd_person": people, **tables}
    return Dataset.of({name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in frames.items()})


def _rows(dataset: Dataset, number: int, *headings: str) -> list[tuple[Any, ...]]:
    return lists_of(dataset, on=ON)[f"List {number}"].select(headings).rows()


def test_a_list_has_the_headings_as_published_in_their_order() -> None:
    for name, frame in lists_of(_dataset(), on=ON).items():
        assert frame.columns == [field.also[0] for field in SPECS[name].fields]
    assert list(lists_of(_dataset(), on=ON)) == [f"List {number}" for number in range(1, 12)]


def test_contacts_are_those_of_six_months_with_who_the_child_is() -> None:
    days = [("ANN", D(2025, 9, 29)), ("ANN", D(2025, 9, 30)), ("TO COME", D(2026, 3, 31)), ("ANN", D(2026, 4, 1))]
    contacts = [{"cont_contact_id": str(day), "cont_person_id": child, "cont_contact_date": day} for child, day in days]
    told = lists_of(_dataset(ssd_contacts=contacts), on=ON)["List 1"].drop("Contact Source").rows()
    assert told == [
        ("ANN", "b) Female", "f) MWBC", D(2012, 4, 1), 13, D(2025, 9, 30)),
        ("TO COME", "c) Not stated/recorded (or unborn)", None, None, None, D(2026, 3, 31)),
    ]


def test_referrals_of_the_twelve_months_before_are_counted() -> None:
    days = [D(2024, 11, 30), D(2024, 12, 1), D(2025, 10, 1), D(2025, 12, 1), D(2025, 12, 1)]
    referrals = [
        {"cine_referral_id": f"R{at}", "cine_person_id": "ANN", "cine_referral_date": day, "cine_referral_nfa": "N"}
        for at, day in enumerate(days)
    ]
    told = _rows(_dataset(ssd_cin_episodes=referrals), 3, "Date of referral", "Number of Referrals in Last 12 Months")
    assert told == [(D(2025, 10, 1), 2), (D(2025, 12, 1), 2), (D(2025, 12, 1), 3)]


def test_an_assessment_says_what_it_found_once_it_is_authorised() -> None:
    def one(name: str, start: date, signed: date | None, nfa: str) -> dict[str, Any]:
        return {
            "cina_assessment_id": name,
            "cina_person_id": "ANN",
            "cina_assessment_start_date": start,
            "cina_assessment_auth_date": signed,
            "cina_assessment_outcome_nfa": nfa,
            "cina_assessment_child_seen": "Y",
        }

    assessments = [
        one("LONG AGO", D(2025, 6, 2), D(2025, 9, 29), "N"),
        one("IN NEED", D(2025, 8, 1), D(2025, 9, 30), "N"),
        one("NOT", D(2025, 11, 3), D(2025, 12, 1), "Y"),
        one("GOING ON", D(2026, 3, 2), D(2026, 4, 10), "N"),
    ]
    asked = "Was the child assessed as requiring LA children's social care support?"
    told = _rows(_dataset(ssd_cin_assessments=assessments), 4, "Continuous Assessment Start Date", asked)
    assert told == [(D(2025, 8, 1), "a) Yes"), (D(2025, 11, 3), "b) No"), (D(2026, 3, 2), None)]


def _care(child: str, start: date, end: date | None, because: str | None, status: str = "C2") -> dict[str, Rows]:
    return {
        "ssd_cla_episodes": [
            {
                "clae_cla_episode_id": f"{child} {start}",
                "clae_person_id": child,
                "clae_cla_episode_start_date": start,
                "clae_cla_episode_start_reason": "S",
                "clae_cla_primary_need_code": "N1",
                "clae_cla_episode_ceased_date": end,
                "clae_cla_episode_ceased_reason": because,
                "clae_cla_id": f"care of {child} {start}",
            }
        ],
        "ssd_legal_status": [
            {
                "lega_legal_status_id": f"{child} {start}",
                "lega_person_id": child,
                "lega_legal_status": status,
                "lega_legal_status_start_date": start,
                "lega_legal_status_end_date": end,
            }
        ],
    }


def _together(*parts: Mapping[str, Rows]) -> Dataset:
    names = {name for part in parts for name in part}
    return _dataset(**{name: [row for part in parts for row in part.get(name, [])] for name in sorted(names)})


def test_a_child_is_in_care_once_with_the_last_period_and_short_breaks_are_not_care() -> None:
    dataset = _together(
        _care("ANN", D(2025, 5, 1), D(2025, 6, 1), "E4A"),
        _care("ANN", D(2025, 11, 3), None, None, "V2"),
        _care("BEN", D(2025, 10, 1), None, None, "V4"),
    )
    again = "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)"
    told = _rows(dataset, 8, "Child Unique ID", "Date Started to be Looked After", again, "Child's Legal Status")
    assert told == [("ANN", D(2025, 11, 3), "a) Yes", "V2")]
    gone = _together(
        _care("ANN", D(2025, 5, 1), D(2025, 9, 30), "E4A"), _care("BEN", D(2025, 5, 1), D(2025, 9, 29), "E4A")
    )
    assert _rows(gone, 8, "Child Unique ID", "Reason Ceased to be Looked After") == [("ANN", "e) E4A")]


def test_a_case_has_the_status_that_comes_first() -> None:
    referrals: Rows = [
        {
            "cine_referral_id": child,
            "cine_person_id": child,
            "cine_referral_date": D(2025, 1, 6),
            "cine_referral_nfa": "N",
        }
        for child in ("ANN", "BEN")
    ]
    plan = [{"cppl_cp_plan_id": "P", "cppl_person_id": "ANN", "cppl_cp_plan_start_date": D(2025, 3, 3)}]

    def status(**more: Rows) -> dict[str, str]:
        return dict(_rows(_dataset(ssd_cin_episodes=referrals, **more), 6, "Child Unique ID", "Case Status"))

    assert status() == {"ANN": "c) Child in need plan", "BEN": "c) Child in need plan"}
    assert status(ssd_cp_plans=plan)["ANN"] == "b) Child Protection plan"
    assert status(ssd_cp_plans=plan, **_care("ANN", D(2025, 5, 1), None, None))["ANN"] == "a) Looked after child"
    assert status(**_care("BEN", D(2025, 5, 1), None, None))["BEN"] == "c) Child in need plan"  # 18 on the day
    referrals[0] |= {"cine_close_date": D(2026, 3, 31), "cine_close_reason": "RC7"}
    assert status(ssd_cp_plans=plan)["ANN"] == "e) Closed episode"


def test_every_answer_that_is_written_is_read_into_its_code() -> None:
    for name, choices in CHOICES.items():
        for option in choices.values():
            read = {code: reader_of(option)(words) for code, words in answers(option).items()}
            unread = {code for code, back in read.items() if back != code and not (option == "yes_no" and code == "U")}
            assert not unread, (name, option, unread)
    assert set(options_of("List 9", SPECS["List 9"].columns)) >= {"eligibility", "in_touch", "accommodation"}


def test_no_cell_is_a_formula_and_no_sheet_is_hidden(tmp_path: Path) -> None:
    contact = {"cont_contact_id": "1", "cont_person_id": "=1+1", "cont_contact_date": D(2026, 3, 2)}
    path = write_workbook(lists_of(_dataset(ssd_contacts=[contact]), on=ON), tmp_path / "annex.xlsx")
    sheets = list(sheets_of(path))
    assert [(name, hidden) for name, hidden, _ in sheets] == [(f"List {number}", False) for number in range(1, 12)]
    assert sheets[0][2][1][0] == "'=1+1"


@pytest.fixture(scope="module")
def workbook(riverside: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("annex")
    postcodes, _ = write_directories(riverside, folder)
    lists = lists_of(riverside, on=ON, directory=read_postcodes(postcodes), authority=OURS)
    assert all(frame.height for frame in lists.values())
    write_tables(tables_of(riverside, year=2026), folder / "ssda903")
    source = Source("999", datetime(2026, 4, 30, 9, tzinfo=UTC))
    write_census(riverside, folder / "census.xml", year=2026, source=source)
    return write_workbook(lists, folder / "annex.xlsx")


def test_the_boroughs_own_lists_pass_every_rule(workbook: Path) -> None:
    checked = check_annex_a([workbook])
    assert checked.clean, "\n".join(summary(checked))
    assert not checked.outcome.not_run
    assert not checked.outcome.failed
    assert checked.returned.rows_in > 15_000


def test_the_boroughs_three_returns_agree_about_every_child(workbook: Path) -> None:
    folder = workbook.parent
    checked = check_across(cin=folder / "census.xml", ssda903=folder / "ssda903", annex_a=workbook, year=2026)
    assert checked.clean, "\n".join(summary(checked))
    assert not checked.outcome.not_run and {each.code for each in checked.outcome.rules} == set(BOOK.codes())


# The columns that the lists hold of each table of the dataset, and read into the very same words.
_HELD = {
    "ssd_person": ["pers_person_id", "pers_sex", "pers_ethnicity", "pers_dob"],
    "ssd_contacts": ["cont_person_id", "cont_contact_date", "cont_contact_source_code"],
    "ssd_early_help_episodes": [
        "earl_person_id",
        "earl_episode_start_date",
        "earl_episode_end_date",
        "earl_episode_organisation",
    ],
    "ssd_cin_episodes": ["cine_person_id", "cine_referral_date"],
    "ssd_cin_assessments": [
        "cina_person_id",
        "cina_assessment_start_date",
        "cina_assessment_child_seen",
        "cina_assessment_auth_date",
    ],
    "ssd_s47_enquiry": ["s47e_person_id", "s47e_s47_start_date"],
    "ssd_initial_cp_conference": ["icpc_person_id", "icpc_icpc_date", "icpc_icpc_outcome_cp_flag"],
    "ssd_cp_plans": ["cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"],
    "ssd_cp_visits": ["cppv_person_id", "cppv_cp_visit_date", "cppv_cp_visit_seen_alone"],
    "ssd_cp_reviews": ["cppr_person_id", "cppr_cp_review_date"],
    "ssd_cla_episodes": [
        "clae_person_id",
        "clae_cla_primary_need_code",
        "clae_cla_episode_ceased_date",
        "clae_cla_episode_ceased_reason",
        "clae_entered_care_date",
    ],
    "ssd_cla_placement": [
        "clap_person_id",
        "clap_cla_placement_start_date",
        "clap_cla_placement_type",
        "clap_cla_placement_urn",
        "clap_cla_placement_provider",
        "clap_cla_placement_postcode",
    ],
    "ssd_legal_status": ["lega_person_id", "lega_legal_status", "lega_legal_status_start_date"],
    "ssd_cla_visits": ["clav_person_id", "clav_cla_visit_date"],
    "ssd_cla_reviews": ["clar_cla_review_date"],
    "ssd_cla_health": ["clah_person_id", "clah_health_check_type", "clah_health_check_date"],
    "ssd_care_leavers": [
        "clea_person_id",
        "clea_care_leaver_eligibility",
        "clea_care_leaver_in_touch",
        "clea_care_leaver_latest_contact",
        "clea_care_leaver_accommodation",
        "clea_care_leaver_accom_suitable",
        "clea_care_leaver_activity",
        "clea_pathway_plan_review_date",
    ],
    "ssd_permanence": [
        "perm_person_id",
        "perm_adm_decision_date",
        "perm_placement_order_date",
        "perm_matched_date",
        "perm_placed_for_adoption_date",
        "perm_decision_reversed_date",
        "perm_decision_reversed_reason",
    ],
    "kith_adopter": [
        "adop_family_id",
        "adop_sex",
        "adop_ethnicity",
        "adop_enquiry_date",
        "adop_stage_1_start_date",
        "adop_stage_2_end_date",
        "adop_approved_date",
        "adop_matched_date",
        "adop_placed_date",
        "adop_children_placed",
        "adop_order_date",
        "adop_left_date",
        "adop_left_reason",
    ],
}


@pytest.fixture(scope="module")
def read_back(workbook: Path) -> Dataset:
    reading = read_files([workbook])
    assert all("repeats" in each.message for each in reading.problems)  # two contacts on a day from one source
    return reading.dataset


@pytest.mark.parametrize("name", _HELD)
def test_what_is_read_of_the_boroughs_lists_is_what_the_borough_holds(
    name: str, riverside: Dataset, read_back: Dataset
) -> None:
    columns = _HELD[name]
    read = read_back.table(name).select(columns)
    strange = read.join(riverside.table(name).select(columns), on=columns, how="anti", nulls_equal=True)
    assert strange.is_empty(), strange.head(3)
    assert read.height > 10
