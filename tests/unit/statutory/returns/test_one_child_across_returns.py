"""The same child in the census, SSDA903 and Annex A has the same ids, so that the sources join up."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from kith.statutory.returns.annex_a.headings import SPECS
from kith.statutory.returns.reading import read
from kith.statutory.returns.results import Reading
from kith.statutory.returns.ssd.dataset import keys

NEED = {
    "List 3": {"referral_date": "10/04/2024"},
    "List 4": {"start_date": "11/04/2024"},
    "List 5": {"start_date": "20/06/2024", "conference_date": "12/07/2024"},
    "List 7": {"start_date": "12/07/2024", "review_date": "20/03/2025"},
}
CARE = {
    "List 8": {
        "start_date": "10/01/2025",
        "legal_status": "V2",
        "legal_start_date": "10/01/2025",
        "home_start_date": "10/01/2025",
        "review_date": "05/02/2025",
    }
}


def _lists(path: Path, said: dict[str, dict[str, str]]) -> Reading:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, values in said.items():
            fields = SPECS[name].fields
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [field.also[0] for field in fields])
            sheet.write_row(1, 0, [{"child": "RV0001", **values}.get(field.name, "") for field in fields])
    return read([path])


def _ids(reading: Reading, table: str) -> set[str]:
    return set(reading.dataset.table(table)[keys(table)[0]])


def test_need_and_protection_have_the_same_ids_in_the_census_and_the_lists(fixtures: Path, tmp_path: Path) -> None:
    census = read([fixtures / "cin" / "every_module_2025.xml"])
    lists = _lists(tmp_path / "lists.xlsx", NEED)
    tables = ("ssd_person", "ssd_cin_episodes", "ssd_cin_assessments", "ssd_s47_enquiry")
    for table in (*tables, "ssd_initial_cp_conference", "ssd_cp_plans", "ssd_cp_reviews"):
        assert _ids(lists, table), table
        assert _ids(lists, table) <= _ids(census, table), table


def test_care_has_the_same_ids_in_ssda903_and_the_lists(fixtures: Path, tmp_path: Path) -> None:
    returned = read([fixtures / "ssda903"])
    lists = _lists(tmp_path / "lists.xlsx", CARE)
    tables = ("ssd_person", "ssd_cla_episodes", "ssd_cla_placement", "ssd_legal_status", "ssd_cla_reviews")
    for table in tables:
        assert _ids(lists, table), table
        assert _ids(lists, table) <= _ids(returned, table), table
    care = returned.dataset.table("ssd_cla_episodes")["clae_cla_id"]
    assert set(lists.dataset.table("ssd_cla_episodes")["clae_cla_id"]) <= set(care)
