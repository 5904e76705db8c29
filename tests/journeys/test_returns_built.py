"""A data officer builds a return of the record; the director opens its cells, signs it off, and it is frozen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.journeys.kit import Somebody
from tests.journeys.test_loading import loads
from tests.unit.oversight.returns.test_child_in_returns import census

NIGHT = """
from django.utils import timezone
from kith.oversight.returns import readiness
print(json.dumps(readiness.read_all(on=timezone.localdate())))
"""


def builds(somebody: Somebody, which: str, *, authority: str = "") -> Somebody:
    """Ask for a return of today, and wait until it is built, one way or the other."""
    somebody.opens("/returns/versions/").follows("Build a return")
    somebody.page.get_by_label(which, exact=False).check()
    if authority:
        somebody.page.fill("[name=authority]", authority)
    somebody.page.fill("[name=purpose]", "The yearly return")
    somebody.presses("Build it")
    done = re.compile("Built, not signed off|could not be built")
    expect(somebody.page.locator("main")).to_contain_text(done, timeout=240_000)
    return somebody


@pytest.mark.part_of("E9", "E19")
def test_a_census_is_built_opened_signed_off_and_frozen(somebody: Somebody, another: Somebody) -> None:
    somebody.is_signed_in_as("Sam Wren")
    builds(somebody, "The children in need census", authority="999").sees("Built, not signed off", "rules run")
    somebody.is_photographed("version-built").finds_the_page_sound()
    for href, number in somebody.counts()[-4:]:
        assert somebody.finds_listed(href)[0] == number, href
    version = somebody.page.url
    another.is_signed_in_as("Grace Adeyemi").opens(version)
    another.clicks(another.page.locator("main tbody tr", has_text="CINdetails").get_by_role("link"))
    another.is_photographed("version-table").finds_the_page_sound()
    cell = another.page.locator("main tbody a[href^='/work/referral/']").first
    opens = cell.get_attribute("href")
    another.clicks(cell)
    assert opens and another.page.url.endswith(opens) and another.heading
    another.opens(version).presses("Sign this version off").sees("Signed off and frozen", "Grace Adeyemi")
    another.is_photographed("version-signed").finds_the_page_sound()
    another.opens("/returns/").follows("What the authority itself has to do").sees(
        "The children in need census is signed off by 31 July"
    )
    another.is_photographed("returns-due").finds_the_page_sound()
    for href, number in another.counts():
        assert another.finds_listed(href)[0] == number, href
    somebody.opens(version).sees("Frozen as").does_not_see("Sign this version off")
    somebody.opens("/returns/versions/build/")
    somebody.page.get_by_label("The children in need census", exact=False).check()
    somebody.page.fill("[name=authority]", "999")
    somebody.page.fill("[name=purpose]", "Again")
    somebody.presses("Build it").sees("is signed off and frozen").finds_the_page_sound()


def test_the_pages_of_versions_empty_and_wrong(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Sam Wren").opens("/returns/versions/").finds_the_page_sound()
    somebody.follows("Build a return").is_photographed("version-build").finds_the_page_sound()
    somebody.presses("Build it").sees("There is a problem", "Choose which return to build").finds_the_page_sound()


@pytest.mark.part_of("E9", "C25")
def test_how_ready_the_record_is_opens_to_the_children(somebody: Somebody, another: Somebody) -> None:
    somebody.world.ask(NIGHT)
    somebody.is_signed_in_as("Grace Adeyemi").opens("/controls/").follows("Ready for the returns")
    somebody.sees("Children in need census").is_photographed("readiness").finds_the_page_sound()
    for href, number in somebody.counts()[:6]:
        assert somebody.finds_listed(href)[0] == number, href
    somebody.opens("/returns/readiness/cin/").is_photographed("readiness-children").finds_the_page_sound()
    another.is_signed_in_as("Asha Rahman").opens("/returns/readiness/").finds_the_page_sound()


ETHNICITY = "A child's ethnicity is given, by one of the published codes."


@pytest.mark.part_of("E9", "E10")
def test_what_is_mended_at_its_source_is_gone_from_the_childs_page(
    somebody: Somebody, another: Somebody, tmp_path: Path
) -> None:
    somebody.is_signed_in_as("Sam Wren")
    loads(somebody, [census(tmp_path, JOURNEY1={"ethnicity": "NONE"})])
    [child] = somebody.world.numbers_of(["JOURNEY1"])
    another.is_signed_in_as("Grace Adeyemi").opens(f"/children/{child}/")
    another.page.locator("summary", has_text="What the returns would reject").click()
    another.sees(ETHNICITY, "Would be rejected").is_photographed("child-returns").finds_the_page_sound()
    another.opens(f"/returns/children/{child}/").sees(ETHNICITY).is_photographed("child-returns-page")
    another.finds_the_page_sound().page.get_by_role(
        "link", name=re.compile("Open where it is recorded.*ethnicity")
    ).click()
    assert another.page.url.endswith(f"/children/{child}/record/")
    loads(somebody, [census(tmp_path, JOURNEY1={})])
    another.opens(f"/returns/children/{child}/").sees("What the returns would reject").does_not_see(ETHNICITY)
    another.finds_the_page_sound()
