"""A data officer checks a return on a page: uploads it, reads what was found, answers a query, mends what is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.journeys.kit import NARROW, ROOT, Somebody, World
from tests.unit.oversight.returns.kit import LATE, census
from tests.unit.statutory.returns.test_across_rules import Three

OURS = ROOT / "tests" / "fixtures" / "returns"
KNOWN = """
from kith.record.people.models import Person
child = Person.objects.filter(is_child=True, restrictions=None).exclude(forename="").order_by("pk").first()
print(json.dumps([child.ref.removeprefix("person:"), child.name]))
"""
KEPT = """
from kith.record.people.models import Person
from kith.record.loading.models import SourceRow
print(json.dumps([Person.objects.count(), SourceRow.objects.count()]))
"""
CUT = "<Message><Header><CollectionDetails><Collection>CIN</Collection>"


def checks(somebody: Somebody, kind: str, files: list[Path]) -> Somebody:
    """Upload a return on its page, and wait until the check has ended, one way or the other."""
    somebody.opens("/returns/").follows("Check a return")
    somebody.page.get_by_label(kind).check()
    somebody.page.set_input_files("input[name=files]", [str(path) for path in files])
    somebody.presses("Check this return")
    expect(somebody.page.locator("main")).to_contain_text(re.compile("rows came in|could not be read"), timeout=90_000)
    return somebody


def a_census(folder: Path, children: dict[str, str]) -> Path:
    """A census file with these children (id and day of birth)."""
    path = folder / "census.xml"
    path.write_bytes(census(children))
    return path


@pytest.mark.part_of("E9", "E19")
def test_a_return_is_checked_read_answered_and_mended(somebody: Somebody, tmp_path: Path) -> None:
    before = somebody.world.ask(KEPT)
    known, name = somebody.world.ask(KNOWN)
    wrong = {known: "2026-12-01", "A2": "2026-11-01"}
    somebody.is_signed_in_as("Sam Wren")
    checks(somebody, "Children in need census", [a_census(tmp_path, wrong)])
    somebody.sees("Children in need census 2025/26", LATE, "By team", "Every rule of the year was run.")
    somebody.is_photographed("return-report").finds_the_page_sound()
    for href, number in somebody.counts():
        says, shown = somebody.finds_listed(href)
        assert says == number and shown == number, href
    report = somebody.page.url
    somebody.opens(f"{report}issues/?rule={LATE}").sees(f"{name} ({known})", "A2")
    somebody.is_photographed("return-issues").finds_the_page_sound()
    somebody.clicks(somebody.page.locator("main tbody tr", has_text="A2").get_by_role("link", name="Look and answer"))
    somebody.presses("Answer it").sees("There is a problem", "Say why it is right as it stands").finds_the_page_sound()
    somebody.page.fill("[name=reason]", "The hospital gave this day; the child is expected.")
    somebody.presses("Answer it").sees("Answered", "The hospital gave this day", "Sam Wren")
    somebody.is_photographed("return-answered").finds_the_page_sound()
    # mended at its source: the other child's birth is put right, and the return is made again
    checks(somebody, "Children in need census", [a_census(tmp_path, {known: "2015-12-01", "A2": "2026-11-01"})])
    assert number_listed(somebody, f"issues/?rule={LATE}&state=open") == 0
    assert number_listed(somebody, f"issues/?rule={LATE}&state=answered") == 1
    assert somebody.world.ask(KEPT) == before, "checking puts nothing into the record"


def number_listed(somebody: Somebody, part: str) -> int:
    """How many a list of the report that is open says it has."""
    return somebody.finds_listed(somebody.page.url + part)[0]


def test_each_form_goes_with_her(somebody: Somebody, tmp_path: Path) -> None:
    somebody.is_signed_in_as("Sam Wren")
    checks(somebody, "Looked-after children return", sorted((OURS / "ssda903").glob("*.csv")))
    somebody.sees("Last year's return was not given")
    for words, ending in (("A workbook", "xlsx"), ("CSV", "csv"), ("JSON", "json"), ("A page", "html")):
        with somebody.page.expect_download() as began:
            somebody.clicks(somebody.page.locator("main").get_by_role("link", name=words, exact=False).last)
        path = tmp_path / f"report.{ending}"
        began.value.save_as(path)
        assert began.value.suggested_filename.endswith(f"-issues.{ending}") and path.stat().st_size > 500
    issues = json.loads((tmp_path / "report.json").read_text())["issues"]
    assert issues and len((tmp_path / "report.csv").read_text().splitlines()) == len(issues) + 1
    somebody.opens((tmp_path / "report.html").as_uri()).finds_the_page_sound()


@pytest.mark.samples
@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("Children in need census", "cin/CIN_Census_2026.xml"),
        ("Looked-after children return", "ssda903/*.csv"),
        ("Annex A", "annex_a/Annex_A_2024_Jan.xlsx"),
    ],
)
def test_each_sample_is_checked_and_its_report_is_sound(
    somebody: Somebody, shared: Path, kind: str, pattern: str
) -> None:
    files = [each for each in sorted((shared / "samples").glob(pattern)) if "errors" not in each.name]
    checks(somebody.is_signed_in_as("Sam Wren"), kind, files)
    somebody.is_photographed(f"return-sample-{kind[:3]}").finds_the_page_sound()
    for href, number in somebody.counts()[:8]:
        assert somebody.finds_listed(href)[0] == number, href
    for part in ("issues/", "children/", "rules/?which=run", "rules/?which=not"):
        somebody.page.goto(somebody.page.url.partition("issues/")[0])
        report = re.match(r".*/checks/\d+/", somebody.page.url)
        assert report
        somebody.opens(report[0] + part).finds_the_page_sound()


def test_three_returns_are_compared_and_the_report_is_sound(somebody: Somebody, tmp_path: Path) -> None:
    three = Three()
    three.returned("Header", "GIRL", SEX="1")
    cin, care, annex = three.written(tmp_path)
    somebody.is_signed_in_as("Sam Wren").opens("/returns/").follows("Compare returns")
    somebody.is_photographed("returns-across").finds_the_page_sound()
    somebody.presses("Compare these returns").sees("There is a problem", "one alone is compared with nothing")
    somebody.finds_the_page_sound()
    for name, paths in (("cin", [cin]), ("ssda903", sorted(care.iterdir())), ("annex_a", [annex])):
        somebody.page.set_input_files(f"input[name={name}]", [str(path) for path in paths])
    somebody.presses("Compare these returns")
    expect(somebody.page.locator("main")).to_contain_text("rows came in", timeout=90_000)
    somebody.sees("One child across returns 2025/26", "sex is the same in the census and the SSDA903", "GIRL")
    somebody.is_photographed("returns-across-report").finds_the_page_sound()
    for href, number in somebody.counts():
        assert somebody.finds_listed(href)[0] == number, href


def test_a_bad_file_says_what_to_do_and_nothing_is_kept(somebody: Somebody, tmp_path: Path) -> None:
    path = tmp_path / "cut-short.xml"
    path.write_text(CUT)
    somebody.is_signed_in_as("Sam Wren")
    checks(somebody, "Children in need census", [path])
    somebody.sees("nothing of it was kept", "cut-short.xml", "line").is_photographed("return-refused")
    somebody.finds_the_page_sound()


def test_the_pages_before_anything_is_chosen(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Sam Wren").follows("Returns").finds_the_page_sound()
    somebody.follows("Check a return").is_photographed("return-check").finds_the_page_sound()
    somebody.presses("Check this return").sees("There is a problem", "Choose which return it is")
    somebody.page.get_by_label("Looked-after children return").check()
    somebody.is_photographed("return-check-wrong").finds_the_page_sound()


def test_it_works_without_javascript(world: World, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(base_url=world.address, java_script_enabled=False, viewport=NARROW)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/personas/")
    page.get_by_role("button", name="Sam Wren").first.click()
    page.goto("/returns/check/")
    page.get_by_label("Children in need census").check()
    page.set_input_files("input[name=files]", str(a_census(tmp_path, {"A1": "2026-12-01"})))
    page.get_by_role("button", name="Check this return").click()
    expect(page.locator("main")).to_contain_text("rows came in", timeout=60_000)  # the page asks for itself again
    page.get_by_role("link", name="1 to put right or answer, 8520").click()
    page.get_by_role("link", name="Look and answer").click()
    page.fill("[name=reason]", "The child is expected.")
    page.get_by_role("button", name="Answer it").click()
    expect(page.locator("main")).to_contain_text("Answered")
    context.close()
