"""The Annex A workbook: lists found by their headings, dates in every form, wording read into codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from kith.statutory.returns.annex_a.headings import CHOICES, SPECS, find_headings
from kith.statutory.returns.annex_a.reader import read_files
from kith.statutory.returns.annex_a.wording import reader_of
from kith.statutory.returns.annex_a.workbook import as_day, as_text
from kith.statutory.returns.results import Reading, RefusedFile
from kith.statutory.returns.ssd.dataset import keys
from kith.statutory.returns.ssd.journeys import periods, steps

D = date
Sheets = dict[str, Sequence[Sequence[Any]]]
CONTACTS = [
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
    "Date of Contact",
    "Contact Source",
]
IDA = ["RV1", "b) Female", "k) APKN", "01/02/2015", 10, "16/09/2025", "q) 6: Police"]


def _book(path: Path, sheets: Sheets) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def _full(name: str, **said: Any) -> list[list[Any]]:
    """A sheet of one list with its published headings and one row."""
    fields = SPECS[name].fields
    return [[field.also[0] for field in fields], [said.get(field.name, "") for field in fields]]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Sheets], Reading]:
    return lambda sheets: read_files([_book(tmp_path / "lists.xlsx", sheets)])


def test_there_are_eleven_lists_and_each_is_known_by_its_own_headings() -> None:
    assert len(SPECS) == 11
    for name, spec in SPECS.items():
        found = find_headings([["Title of the list"], [field.also[0] for field in spec.fields], ["x"]])
        assert found and found.spec.name == name and found.first_row == 2, name
        assert set(found.columns) == set(spec.columns)
        assert set(CHOICES[name]) <= set(spec.columns)


def test_a_list_is_found_whatever_its_sheet_is_called_and_under_title_rows(read: Callable[[Sheets], Reading]) -> None:
    rows = [["Contacts in the last six months"], [], ["", *CONTACTS], ["", *IDA], [], ["", "RV2", *IDA[1:]]]
    reading = read({"Cover": [["Prepared for inspection"]], "Sheet9": rows})
    assert {name: count.rows_read for name, count in reading.tables.items()} == {"List 1": 2}
    assert reading.rows_in == 2
    assert any("“Cover”: not recognised" in note for note in reading.notes)


def test_headings_in_two_rows_with_merged_cells_are_read(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("1")
        sheet.merge_range(0, 1, 0, 4, "About the child")
        sheet.merge_range(0, 0, 1, 0, CONTACTS[0])
        sheet.write_row(1, 1, CONTACTS[1:5])
        sheet.merge_range(0, 5, 1, 5, CONTACTS[5])
        sheet.merge_range(0, 6, 1, 6, CONTACTS[6])
        sheet.write_row(2, 0, IDA)
    assert read_files([path]).dataset.table("ssd_contacts")["cont_contact_source_code"].to_list() == ["6"]


def test_headings_written_otherwise_or_misspelt_are_taken_and_said(read: Callable[[Sheets], Reading]) -> None:
    heading = ["CHILD  UNIQUE ID", "Sex", "Ethnicity ", "DOB", "Age", "Date of Contct", "Contact source", "Notes"]
    reading = read({"1": [heading, [*IDA, "x"]]})
    assert reading.dataset.table("ssd_contacts")["cont_contact_date"].to_list() == [D(2025, 9, 16)]
    assert any("“Date of Contct” is taken for contact_date" in note for note in reading.notes)
    assert any("headings not known, not read: Notes" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (D(2025, 9, 16), "2025-09-16"),
        (datetime.combine(D(2025, 9, 16), time(10, 30)), "2025-09-16"),
        (45916.0, "2025-09-16"),
        (45916.5, "2025-09-16"),
        ("45916", "2025-09-16"),
        ("16 Sep 2025", "2025-09-16"),
        ("16-Sep-25", "2025-09-16"),
        ("16.09.2025", "2025-09-16"),
        ("16/09/2025", "16/09/2025"),
        ("not yet", "not yet"),
        ("", ""),
    ],
)
def test_a_day_is_read_however_the_cell_holds_it(cell: Any, day: str) -> None:
    assert as_day(cell) == day


def test_ids_are_text_whatever_the_cell_holds() -> None:
    assert [as_text(cell) for cell in (9212044.0, 12, "A\xa0 1 ", True, 1.5)] == ["9212044", "12", "A 1", "Yes", "1.5"]


@pytest.mark.parametrize(
    ("choice", "wording", "code"),
    [
        ("ethnicity", "k) APKN", "APKN"),
        ("ethnicity", "WBRI - White British", "WBRI"),
        ("ethnicity", "White British", "WBRI"),
        ("ethnicity", "Martian", None),
        ("referral_source", "p1) 5D: LA services", "5D"),
        ("referral_source", "6", "6"),
        ("referral_source", "u) 10: Unknown", "10"),
        ("primary_need", "N1 - Abuse or Neglect", "N1"),
        ("legal_status", "E1: Placement order", "E1"),
        ("placement_type", "f) U6: Foster placement - not FFA", "U6"),
        ("placement_type", "zz) T4", "T4"),
        ("placement_provider", "e) PR4 - Private provision", "PR4"),
        ("episode_end_reason", "e) E4A", "E4A"),
        ("activity", "F1: Full time in higher education", "F1"),
        ("yes_no", "a) Yes", "Y"),
        ("yes_no", "c) Unknown", ""),
        ("yes_no", "CS Assessment Updated", None),
        ("sex", "c) Not stated/recorded (or unborn)", "U"),
        ("accommodation_letter", "Y: Other accommodation", "Y"),
        ("suitability", "b) Unsuitable", "2"),
        ("in_touch", "d) Refu", "REFU"),
    ],
)
def test_the_wording_of_a_drop_down_is_read_into_its_code(choice: str, wording: str, code: str | None) -> None:
    assert reader_of(choice)(wording) == code


def test_wording_that_is_in_no_list_is_said_and_the_row_is_kept(read: Callable[[Sheets], Reading]) -> None:
    reading = read({"4": _full("List 4", child="RV1", start_date="01/09/2025", seen="Yes", needs_support="Updated")})
    assert reading.rows_in == reading.rows_read == 1
    assert any("answers in needs_support that are not in its list: 1; read as blank" in note for note in reading.notes)


def test_the_lists_of_one_child_join_up(read: Callable[[Sheets], Reading]) -> None:
    who = {"child": "RV1", "gender": "a) Male", "team": "FSP 1", "worker": "Asha Rahman"}
    reading = read(
        {
            "3": _full("List 3", **who, referral_date="01/04/2025", source="q) 6: Police", nfa="No"),
            "4": _full("List 4", **who, start_date="02/04/2025", authorised_date="01/05/2025", needs_support="a) Yes"),
            "5": _full("List 5", **who, start_date="03/04/2025", conference_date="20/04/2025", plan_resulted="a) Yes"),
            "6": _full(
                "List 6",
                **who,
                start_date="01/04/2025",
                need="N1 - Abuse or neglect",
                status="b) Child Protection plan",
            ),
            "7": _full("List 7", **who, start_date="20/04/2025", latest_category="a) Neglect", visit_date="01/05/2025"),
        }
    )
    (referral,) = reading.dataset.table("ssd_cin_episodes").rows(named=True)
    assert (referral["cine_cin_primary_need_code"], referral["cine_referral_nfa"]) == ("N1", "N")
    assert reading.dataset.table("ssd_cin_assessments")["cina_referral_id"].to_list() == [referral["cine_referral_id"]]
    plan = periods(reading.dataset).row(by_predicate=pl.col("kind") == "cp_plan", named=True)
    assert (plan["code"], plan["parent"]) == ("NEG", "need:RV1-2025-04-01")
    assert reading.dataset.table("ssd_cp_plans")["cppl_icpc_id"].to_list() == ["RV1-2025-04-03-s47"]
    assert reading.dataset.table("ssd_professionals")["prof_professional_name"].to_list() == ["Asha Rahman"]
    kinds = steps(reading.dataset)["kind"].to_list()
    assert sorted(kinds) == ["assessment", "conference", "referral", "section47", "visit"]


def test_care_leaving_care_and_adoption_are_read(read: Callable[[Sheets], Reading]) -> None:
    reading = read(
        {
            "8": _full(
                "List 8",
                child="RV1",
                start_date="01/04/2025",
                legal_status="C2: FCO",
                legal_start_date="01/06/2025",
                home_start_date="01/05/2025",
                placement_type="f) U6",
                review_date="20/04/2025",
                uasc="a) Yes",
                health_date="25/04/2025",
                permanence_plan="b) Adoption",
            ),
            "9": _full(
                "List 9",
                child="RV2",
                eligibility="b) Former relevant child",
                in_touch="a) Yes",
                contact_date="01/09/2025",
            ),
            "10": _full("List 10", child="RV1", family="F1", decision_date="01/07/2025", reversed_reason="RD2"),
            "11": _full("List 11", adopter="AD1", family="F1", enquiry_date="01/01/2025", children_placed=2),
        }
    )
    care = periods(reading.dataset).row(by_predicate=pl.col("kind") == "care", named=True)
    assert (care["started_on"], care["ended_on"]) == (D(2025, 4, 1), None)
    assert '"ADOPTION": "Y"' in reading.dataset.table("ssd_cla_care_plan")["lacp_cla_care_plan_json"][0]
    assert reading.dataset.table("ssd_permanence")["perm_decision_reversed_reason"].to_list() == ["RD2"]
    assert reading.dataset.table("kith_adopter")["adop_children_placed"].to_list() == [2]
    assert reading.dataset.table("ssd_family")["fami_person_id"].to_list() == ["RV1"]
    assert reading.dataset.table("ssd_immigration_status").height == 1


def test_a_bad_row_is_named_by_list_and_row(read: Callable[[Sheets], Reading]) -> None:
    reading = read({"1": [CONTACTS, IDA, [*IDA[:5], "soon", ""], ["", *IDA[1:]], IDA]})
    said = [(problem.table, problem.line, problem.field) for problem in reading.problems]
    assert said == [("List 1", 3, "contact_date"), ("List 1", 4, "child"), ("List 1", 5, None)]
    assert (reading.rows_in, reading.rows_read, reading.rows_reported) == (4, 1, 3)
    assert all(problem.shown is None for problem in reading.problems)


def test_a_workbook_with_no_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="no sheet of this workbook"):
        read_files([_book(tmp_path / "soup.xlsx", {"Soup": [["Day", "Soup"], ["Monday", "Leek"]]})])


@pytest.mark.samples
def test_every_published_sample_is_read_without_a_lost_row(samples: Path) -> None:
    reading = read_files([samples / "annex_a" / "Annex_A_2024_Jan.xlsx"])
    assert reading.rows_in == reading.rows_read == 59
    assert len(reading.tables) == 11
    assert not reading.problems
    for table, frame in reading.dataset.tables.items():
        assert frame.select(keys(table)).is_unique().all(), table
