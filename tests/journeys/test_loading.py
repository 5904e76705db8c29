"""A data officer loads what the authority holds: each kind of file, each bad file, and the count always adds up."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from playwright.sync_api import expect
from tests.journeys.kit import ROOT, Somebody

from kith.statutory.returns.annex_a.headings import SPECS
from kith.statutory.returns.ssd.dataset import schema

OURS = ROOT / "tests" / "fixtures" / "returns"
BAD = {
    "cut-short.xml": "<Message><Header><CollectionDetails><Collection>CIN</Collection>",
    "another-root.xml": "<Something/>",
    "bomb.xml": '<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Message>&b;</Message>',
    "not-a-workbook.xlsx": "this is not a workbook",
    "shopping.csv": "bread,milk\n1,2\n",
    "quote-left-open.csv": 'CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,M,01/01/2015,"WBRI,UN1,,\n',
}
COUNTS = """
from django.apps import apps
mine = [m for m in apps.get_models() if m.__module__.startswith("kith.record") and m._meta.label_lower not in
        ("loading.load", "loading.problem")]
print(json.dumps({m._meta.label: m.objects.count() for m in mine}))
"""
WAS = """
from kith.record.loading.models import SourceRow
rows = SourceRow.objects.filter(table="ssd_person", key__contains="JL1").order_by("pk").values_list("body", flat=True)
print(json.dumps([each["pers_surname"] for each in rows]))
"""
SAMPLES = {
    "cin-2024": ["cin/CIN_Census_2024.xml"],
    "cin-2026": ["cin/CIN_Census_2026.xml"],
    "cin-fake": ["cin/fake_CIN_data.xml"],
    "ssda903-files": ["ssda903/*.csv"],
    "ssda903-xml": ["ssda903/fake_903.xml"],
    "annex-a": ["annex_a/Annex_A_2024_Jan.xlsx"],
}
PERSON = {
    "pers_person_id": "JL1",
    "pers_forename": "Ottoline",
    "pers_surname": "Quillfeather",
    "pers_dob": "2015-03-04",
}


@pytest.mark.samples
@pytest.mark.parametrize("sample", SAMPLES)
def test_each_sample_loads_and_every_row_is_stored_or_reported(somebody: Somebody, shared: Path, sample: str) -> None:
    files = sorted(each for pattern in SAMPLES[sample] for each in (shared / "samples").glob(pattern))
    assert files
    loads(somebody, files)
    adds_up(somebody)
    somebody.is_photographed(f"load-{sample}").finds_the_page_sound()


@pytest.mark.parametrize("kind", ["cin", "ssda903", "annex_a", "ssd"])
def test_each_kind_of_file_loads_and_loading_it_again_changes_nothing(
    somebody: Somebody, tmp_path: Path, kind: str
) -> None:
    files = files_of(kind, tmp_path)
    loads(somebody, files)
    stored = adds_up(somebody)
    held = somebody.world.ask(COUNTS)
    loads(somebody, files)
    assert adds_up(somebody) == stored
    assert somebody.world.ask(COUNTS) == held
    for row in somebody.page.locator("table", has_text="What is kept").locator("tbody tr").all():
        new, changed = (cell.strip().splitlines()[-1] for cell in row.locator("td").all_inner_texts()[:2])
        assert (new, changed) == ("0", "0"), row.inner_text()


def test_a_newer_extract_updates_the_child_and_what_was_known_before_is_kept(
    somebody: Somebody, another: Somebody, tmp_path: Path
) -> None:
    older = PERSON | {"pers_forename": "Wilhelmina", "pers_surname": "Zephyrson"}
    loads(somebody, [people(tmp_path, older)])
    another.is_signed_in_as("Grace Adeyemi").opens("/people/").searches("Wilhelmina Zephyrson")
    another.clicks(another.page.locator("main").get_by_role("link", name="Wilhelmina Zephyrson"))
    assert another.heading == "Wilhelmina Zephyrson"
    loads(somebody, [people(tmp_path, older | {"pers_surname": "Zephyrson-Marsh"})])
    kept = somebody.page.locator("table", has_text="What is kept").locator("tbody tr td").all_inner_texts()
    new, changed, as_before, not_here = (each.strip().splitlines()[-1] for each in kept)
    assert (new, changed, as_before) == ("0", "1", "0")
    assert int(not_here.replace(",", "")) > 10_000  # everybody else stays, though this file does not name them
    assert another.opens(another.page.url).heading == "Wilhelmina Zephyrson-Marsh"
    another.finds_the_page_sound().is_photographed("child-empty")
    was = somebody.world.ask(WAS)
    assert "Zephyrson" in was and "Zephyrson-Marsh" in was


def test_a_bad_row_in_a_good_file_is_named_counted_and_kept_out(somebody: Somebody, tmp_path: Path) -> None:
    bad = PERSON | {"pers_person_id": "JL2", "pers_forename": "Peregrine", "pers_dob": "31/02/2015x"}
    loads(somebody, [people(tmp_path, PERSON | {"pers_person_id": "JL3"}, bad)])
    came, stored, kept_out = adds_up(somebody)
    assert (came, stored, kept_out) == (2, 1, 1)
    row = somebody.page.locator("table", has_text="Rows kept out").locator("tbody tr").inner_text()
    assert "people.csv" in row and "3" in row and "pers_dob" in row, row
    somebody.is_photographed("load-kept-out").finds_the_page_sound()


@pytest.mark.parametrize("name", [*BAD, "half-good"])
def test_a_bad_file_is_refused_by_name_and_nothing_is_half_loaded(
    somebody: Somebody, tmp_path: Path, name: str
) -> None:
    files = bad_files(tmp_path, name)
    before = somebody.world.ask(COUNTS)
    loads(somebody, files)
    somebody.sees("These files were refused, and nothing of them was kept.", files[-1].name)
    assert files[-1].name in somebody.page.locator("main .govuk-warning-text + p").inner_text()
    somebody.is_photographed(f"load-refused-{name}").finds_the_page_sound()
    assert somebody.world.ask(COUNTS) == before


def test_the_page_of_loads_is_sound_and_asks_for_files(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Sam Wren").follows("Load").is_photographed("loads").finds_the_page_sound()
    somebody.clicks(somebody.page.locator("main form button[type=submit]").first)
    somebody.sees("There is a problem").finds_the_page_sound()


def bad_files(folder: Path, name: str) -> list[Path]:
    """One bad file, or a good one with a bad one beside it."""
    if name == "half-good":
        good = people(folder, PERSON | {"pers_person_id": "JL9", "pers_forename": "Neverkept"})
        bad = folder / "zz_visits.csv"
        heading = ",".join(schema("ssd_cin_visits"))
        bad.write_text(f'{heading}\n1,"left open\n')
        return [good, bad]
    path = folder / name
    path.write_text(BAD[name])
    return [path]


def files_of(kind: str, folder: Path) -> list[Path]:
    """Files of each kind, of the project's own."""
    if kind == "cin":
        return [OURS / "cin" / "every_module_2025.xml"]
    if kind == "ssda903":
        return sorted((OURS / "ssda903").glob("*.csv"))
    if kind == "ssd":
        return [people(folder, PERSON | {"pers_person_id": "JL5"}, PERSON | {"pers_person_id": "JL6"})]
    return [lists(folder / "lists.xlsx")]


def people(folder: Path, *rows: dict[str, str]) -> Path:
    """A file of the standard dataset with these children."""
    path = folder / "people.csv"
    columns = list(schema("ssd_person"))
    pl.DataFrame([{name: row.get(name, "") for name in columns} for row in rows]).write_csv(path)
    return path


def lists(path: Path) -> Path:
    """A workbook of the inspection's lists: each with its published headings, contacts with a row."""
    with xlsxwriter.Workbook(str(path)) as book:
        for spec in SPECS.values():
            sheet = book.add_worksheet(spec.name[:31])
            sheet.write_row(0, 0, [field.also[0] for field in spec.fields])
        first = book.worksheets()[0]
        first.write_row(1, 0, ["JA1", "b) Female", "k) APKN", "01/02/2015", 10, "16/09/2025", "q) 6: Police"])
    return path


def loads(somebody: Somebody, files: list[Path]) -> None:
    """Upload files and wait until the load has ended, one way or the other."""
    somebody.is_signed_in_as("Sam Wren").opens("/loads/")
    somebody.page.set_input_files("input[type=file]", [str(path) for path in files])
    somebody.clicks(somebody.page.locator("main form button[type=submit]").first)
    expect(somebody.page.locator("main")).to_contain_text(re.compile("came in:|were refused"), timeout=90_000)


def adds_up(somebody: Somebody) -> tuple[int, int, int]:
    """Rows in, stored and kept out, as the page says; rows in are the other two together, in all and table by table."""
    said = re.search(r"([\d,]+) rows? came in: ([\d,]+) (?:are|is) stored(?: and ([\d,]+))?", somebody.main)
    assert said, f"the page does not say how many rows came: {somebody.main[:600]}"
    came, stored, kept_out = (int((each or "0").replace(",", "")) for each in said.groups())
    assert came == stored + kept_out > 0
    sums = [0, 0, 0]
    for row in somebody.page.locator("table", has_text="What came").locator("tbody tr").all():
        cells = [int(cell.strip().splitlines()[-1].replace(",", "")) for cell in row.locator("td").all_inner_texts()]
        assert cells[0] == cells[1] + cells[2], row.inner_text()
        sums = [total + cell for total, cell in zip(sums, cells, strict=True)]
    assert tuple(sums) == (came, stored, kept_out)
    return came, stored, kept_out
