"""Returns built of the record by the command, and checked by the command: what was loaded is what is sent."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.factories import SYSTEM, restrict
from tests.unit.record.extracting.test_building import an_officer, in_care, loaded, person

from kith.cli import main
from kith.foundation.access.models import Worker
from kith.foundation.history.actor import acting
from kith.foundation.history.models import Opening
from kith.record.extracting.commands import build
from kith.record.loading.actions import load_reading
from kith.statutory.returns.annex_a.reader import read_files as read_lists
from kith.statutory.returns.ssda903.reader import read_files
from kith.synthetic.clean_care import Tables, clean_return, write_tables

pytestmark = pytest.mark.django_db


def _built(officer: Worker, *words: str) -> str:
    said = CliRunner().invoke(build, [*words, "--as", officer.account.email, "--why", "For the test"])
    assert said.exit_code == 0, said.output
    return said.output


def _loaded_return(tmp_path: Path) -> Tables:
    """A looked-after children return, loaded as an authority loads the one it sent."""
    returned = clean_return(year=2026)
    next(row for row in returned["UASC"])["DUC"] = "15/09/2027"  # the eighteenth birthday
    write_tables(returned, tmp_path / "sent")
    with acting(SYSTEM):
        load_reading(reading=read_files(sorted((tmp_path / "sent").iterdir())), files=[], at=timezone.now())
    return returned


def _cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=str)


def test_a_loaded_ssda903_is_built_again_cell_for_cell_and_passes_its_rules(tmp_path: Path) -> None:
    returned = _loaded_return(tmp_path)
    to = tmp_path / "ssda903"
    assert "11 files" in _built(an_officer(), "ssda903", str(to), "--year", "2026")
    for name, rows in returned.items():
        cells = _cells(to / f"{name}.csv")
        sent = [{column: row.get(column, "") for column in cells[0]} for row in rows]
        assert cells == sorted(sent, key=str), name
    checked = CliRunner().invoke(main, ["check", "ssda903", str(to), "--year", "2026"])
    assert checked.exit_code == 0, checked.output
    assert Opening.objects.get(kind="listed").page == "build ssda903"


def test_it_is_xml_where_the_name_says_so(tmp_path: Path) -> None:
    _loaded_return(tmp_path)
    to = tmp_path / "ssda903.xml"
    _built(an_officer(), "ssda903", str(to), "--year", "2026")
    checked = CliRunner().invoke(main, ["check", "ssda903", str(to), "--year", "2026", "--json"])
    assert checked.exit_code == 1  # the form of XML has no social workers
    assert {line.split()[0] for line in checked.stderr.splitlines() if line.startswith("  ")} == {"SW12STG2"}


def test_the_lists_of_an_inspection_tell_of_the_day_and_are_checked(tmp_path: Path) -> None:
    loaded(in_care())
    directory = tmp_path / "postcodes.csv"
    directory.write_text("pcds,oslaua,lad25nm\nRV9 9ZZ,E09000999,Riverside\n", encoding="utf-8")
    to, officer = tmp_path / "annex.xlsx", an_officer()
    located = ["--postcodes", str(directory), "--authority", "E09000999"]
    _built(officer, "annex-a", str(to), "--on", "2026-03-31", *located)
    reading = read_lists([to])
    [home] = reading.dataset.table("ssd_cla_placement").to_dicts()
    assert (home["clap_person_id"], home["clap_cla_placement_postcode"]) == ("P3", "RV9 9ZZ")
    assert reading.tables["List 8"].rows_in == 1
    checked = CliRunner().invoke(main, ["check", "annex-a", str(to)])
    assert checked.exit_code in (0, 1)
    assert "Placement Location" not in checked.output and "LA of Placement" not in checked.output
    _built(officer, "annex-a", str(tmp_path / "before.xlsx"), "--on", "2025-12-31", *located)
    assert read_lists([tmp_path / "before.xlsx"]).tables["List 8"].rows_in == 0


def test_where_a_shielded_child_is_is_in_neither(tmp_path: Path) -> None:
    loaded(in_care())
    with acting(SYSTEM):
        restrict(person("P3"), "R2")
    officer = an_officer()
    _built(officer, "ssda903", str(tmp_path / "ssda903"), "--year", "2026")
    [episode] = _cells(tmp_path / "ssda903" / "Episodes.csv")
    assert (episode["CHILD"], episode["PL_POST"], episode["HOME_POST"]) == ("P3", "", "")
    _built(officer, "annex-a", str(tmp_path / "annex.xlsx"), "--on", "2026-03-31")
    [home] = read_lists([tmp_path / "annex.xlsx"]).dataset.table("ssd_cla_placement").to_dicts()
    assert home["clap_cla_placement_postcode"] is None
