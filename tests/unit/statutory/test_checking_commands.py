"""`kith check` on the command line: what it prints, writes and ends with."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from kith.cli import main

CENSUS = """<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>
<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails></Header><Children><Child><ChildIdentifiers>
<LAchildID>{id}</LAchildID><PersonBirthDate>2026-12-01</PersonBirthDate></ChildIdentifiers></Child></Children></Message>"""
KEYS = ["return", "year", "rules_run", "rules_not_run", "issues"]


def check(*words: object) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, words)])


@pytest.fixture
def census(tmp_path: Path) -> Path:
    path = tmp_path / "census.xml"
    path.write_text(CENSUS.format(id="A1"))
    return path


def test_a_return_with_issues_ends_with_1_and_says_them_as_json(census: Path) -> None:
    result = check("cin", census, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, list(found)) == (1, KEYS)
    assert (found["return"], found["year"], len(found["rules_run"])) == ("cin", 2026, 109)
    (late,) = [each for each in found["issues"] if each["rule"] == "8520"]
    assert late == {
        "rule": "8520",
        "severity": "error",
        "child": "A1",
        "table": "Child",
        "row": 1,
        "fields": ["PersonBirthDate", "ReferenceDate"],
        "message": "A child's birth date is not after the end of the census year.",
    }


def test_an_issue_of_the_whole_return_names_no_child(census: Path) -> None:
    found = json.loads(check("cin", census, "--json").stdout)
    (few,) = [each for each in found["issues"] if each["rule"] == "2887Q"]
    assert (few["child"], few["row"], few["severity"]) == (None, None, "query")


def test_what_cannot_be_read_ends_with_2_and_a_sentence(tmp_path: Path) -> None:
    cut = tmp_path / "cut.xml"
    cut.write_text(CENSUS.format(id="A1")[:-40])
    result = check("cin", cut)
    assert result.exit_code == 2
    assert "cut.xml, line 3: the XML is not sound" in result.stderr


def test_the_tables_that_are_written_hold_every_issue_and_no_formula(census: Path, tmp_path: Path) -> None:
    census.write_text(CENSUS.format(id="=1+1"))
    found = json.loads(check("cin", census, "--json").stdout)["issues"]
    as_csv, as_xlsx, page = tmp_path / "i.csv", tmp_path / "i.xlsx", tmp_path / "i.html"
    assert check("cin", census, "--csv", as_csv, "--xlsx", as_xlsx, "--html", page).exit_code == 1
    with as_csv.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["rule"] for row in rows] == [each["rule"] for each in found]
    assert {row["child"] for row in rows} == {"", "'=1+1"}
    book = CalamineWorkbook.from_path(as_xlsx)
    assert book.sheet_names == ["By rule", "Not run", "Issues"]
    assert len(book.get_sheet_by_name("Issues").to_python()) == len(found) + 1
    text = page.read_text()
    assert "=1+1" in text and "<script" not in text and "://" not in text


def test_json_is_written_to_a_file_only_where_its_name_says_so(census: Path, tmp_path: Path) -> None:
    out = tmp_path / "found.json"
    assert check("cin", census, "--json", out).exit_code == 1
    assert list(json.loads(out.read_text())) == KEYS
    assert check("cin", "--json", census, census).exit_code == 2
    assert census.read_text() == CENSUS.format(id="A1")


def test_a_row_that_cannot_be_divided_is_an_issue_and_never_lost(tmp_path: Path) -> None:
    (tmp_path / "header.csv").write_text("CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,M,01/01/2015,WBRI,UN4,,,7,8\n")
    found = json.loads(check("ssda903", tmp_path, "--year", 2026, "--json").stdout)
    assert [(each["rule"], each["table"], each["row"]) for each in found["issues"]] == [("READ", "Header", 2)]
