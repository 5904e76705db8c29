"""Each rule of the Annex A lists: a clean workbook passes them all, and one change breaks the rule and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner

from kith.cli import main
from kith.statutory.returns.annex_a.headings import CHOICES, SPECS
from kith.statutory.returns.annex_a.rules import BOOK
from kith.statutory.returns.annex_a.wording import reader_of
from kith.statutory.returns.checking_returns import check_annex_a
from kith.vocabulary.codes import code_list, names

Workbook = dict[str, list[dict[str, str]]]
_WORDS = {"yes_no": "a) Yes", "sex": "a) Male", "suitability": "Suitable", "accommodation_letter": "B"}
_BORN = "01/05/2015"
_COMPARED = ("List 3", "List 6", "List 8")  # what other lists are compared with; without the rest a test is quicker


def clean() -> Workbook:
    """One child in every list, every field filled in, each day later than the ones above it."""
    return {
        name: [{field.name: _value(name, field.name, at) for at, field in enumerate(spec.fields)}]
        for name, spec in SPECS.items()
    }


def _value(table: str, field: str, at: int) -> str:
    kind = next(each.kind for each in SPECS[table].fields if each.name == field)
    choice = CHOICES[table].get(field)
    if choice:
        return _WORDS.get(choice) or next(iter(code_list(choice).codes))
    if field == "birth_date":
        return _BORN
    if kind == "date":
        return f"{at + 1:02d}/06/2025"
    return "1" if kind == "int" else "A1"


def write(workbook: Workbook, path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in workbook.items():
            sheet = book.add_worksheet(name)
            for at, field in enumerate(SPECS[name].fields):
                sheet.write_string(0, at, field.also[0])
                for down, row in enumerate(rows, start=1):
                    sheet.write_string(down, at, row[field.name])
    return path


def broken(workbook: Workbook, folder: Path) -> set[str]:
    checked = check_annex_a([write(workbook, folder / "annex.xlsx")])
    assert not checked.outcome.failed
    return set(checked.outcome.issues["rule"])


def change(code: str) -> tuple[Workbook, set[str]]:
    """The clean workbook with one change, and the rules that it must break beside the one asked for."""
    number, field, what = code.split(".")
    made = {name: rows for name, rows in clean().items() if name in {f"List {number}", *_COMPARED}}
    rows = made[f"List {number}"]
    row, also = rows[0], set()
    if what == "given":
        row[field] = ""
        also = {each for each in BOOK.codes() if each.startswith(f"{number}.{field}.with_")}
    elif what in ("date", "choice"):
        row[field] = "quite another thing"
        also = {f"{number}.{field}.given"} & set(BOOK.codes()) if what == "date" else set()
        also |= (
            {each for each in BOOK.codes() if each.startswith(f"{number}.{field}.with_")} if what == "date" else set()
        )
    elif what == "once":
        rows.append(dict(row))
    elif what.startswith("after_"):
        row[field] = "01/05/2025"
        also = {each for each in BOOK.codes() if each.startswith(f"{number}.{field}.after_")} - {code}
    elif what.startswith("with_"):
        row[what.removeprefix("with_")] = ""
    elif what == "agrees":
        row[field] = "02/05/2015"
    elif what == "in_need":
        row["end_date"] = ""
        made["List 6"][0]["child"] = "B2"
    elif what == "in_care":
        row.update(adoption_date="", reversed_date="", reversed_reason="")
        made["List 8"][0]["child"] = "B2"
    return made, also


def test_a_clean_workbook_passes_every_rule(tmp_path: Path) -> None:
    assert broken(clean(), tmp_path) == set()
    assert all(choice in _WORDS or choice in names() for group in CHOICES.values() for choice in group.values())
    assert reader_of("yes_no")("quite another thing") is None


@pytest.mark.parametrize("table", SPECS)
def test_one_change_breaks_each_rule_of_the_list_and_no_other(table: str, tmp_path: Path) -> None:
    number = table.removeprefix("List ")
    for code in (each for each in BOOK.codes() if each.startswith(f"{number}.")):
        workbook, also = change(code)
        assert broken(workbook, tmp_path) == {code} | also, code


def test_the_command_checks_a_workbook(tmp_path: Path) -> None:
    path = write(clean(), tmp_path / "annex.xlsx")
    result = CliRunner().invoke(main, ["check", "annex-a", str(path)])
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "No issues.")
