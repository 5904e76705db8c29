"""A data officer loads what the authority already holds: each kind of file, each bad file, and the count always adds up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.journeys.kit import Somebody

BAD = {
    "cut-short.xml": ("<Message><Header><CollectionDetails><Collection>CIN</Collection>", "cut-short.xml"),
    "another-root.xml": ("<Something/>", "another-root.xml"),
    "bomb.xml": ('<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Message>&b;</Message>', "bomb.xml"),
    "not-a-workbook.xlsx": ("this is not a workbook", "not-a-workbook.xlsx"),
    "shopping.csv": ("bread,milk\n1,2\n", "shopping.csv"),
    "quote-left-open.csv": (
        'CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,M,01/01/2015,"WBRI,UN1,,\n',
        "quote-left-open.csv",
    ),
}
COUNTS = """
from django.apps import apps
mine = [m for m in apps.get_models() if m.__module__.startswith("kith.record") and m._meta.label_lower not in
        ("loading.load", "loading.problem")]
print(json.dumps({m._meta.label: m.objects.count() for m in mine}))
"""


@pytest.mark.samples
@pytest.mark.parametrize(
    ("folder", "names"),
    [
        ("cin", ["CIN_Census_2024.xml"]),
        ("cin", ["CIN_Census_2026.xml"]),
        ("cin", ["fake_CIN_data.xml"]),
        ("ssda903", []),
        ("annex_a", ["Annex_A_2024_Jan.xlsx"]),
    ],
)
@pytest.mark.proves("E19")
def test_each_sample_loads_and_every_row_is_stored_or_reported(
    somebody: Somebody, shared: Path, folder: str, names: list[str]
) -> None:
    where = shared / "samples" / folder
    files = [where / name for name in names] or sorted(where.glob("*.csv"))
    loads(somebody, files)
    rows = the_count(somebody)
    assert rows["in"] == rows["stored"] + rows["reported"] > 0
    somebody.is_photographed(f"load-{folder}").finds_the_page_sound()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_by_name_and_nothing_is_half_loaded(
    somebody: Somebody, tmp_path: Path, name: str
) -> None:
    text, says = BAD[name]
    path = tmp_path / name
    path.write_text(text)
    before = somebody.world.ask(COUNTS)
    loads(somebody, [path])
    somebody.sees(says).finds_the_page_sound()
    assert somebody.world.ask(COUNTS) == before


def test_the_page_of_loads_is_sound_and_asks_for_files(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Sam Wren").follows("Loads").is_photographed("loads").finds_the_page_sound()
    somebody.page.locator("main form button[type=submit]").first.click()
    somebody.sees("There is a problem").finds_the_page_sound()


def loads(somebody: Somebody, files: list[Path]) -> None:
    """Upload files and wait until the load has ended, one way or the other."""
    somebody.is_signed_in_as("Sam Wren").opens("/loads/")
    somebody.page.set_input_files("input[type=file]", [str(path) for path in files])
    somebody.page.locator("main form button[type=submit]").first.click()
    expect(somebody.page.locator("main")).to_contain_text(
        re.compile("Rows in|refused|not loaded", re.I), timeout=120_000
    )


def the_count(somebody: Somebody) -> dict[str, int]:
    """What the page says of rows: in, stored, reported."""
    text = somebody.page.locator("main").inner_text()
    found = {}
    for word in ("in", "stored", "reported"):
        number = re.search(rf"Rows {word}\D*([\d,]+)", text, re.I)
        assert number, f"the page does not say how many rows {word}: {text[:500]}"
        found[word] = int(number.group(1).replace(",", ""))
    return found
