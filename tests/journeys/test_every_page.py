"""Every page, full, empty and in error: accessible, no wider than a phone, and silent in the console."""

from __future__ import annotations

import pytest
from tests.journeys.kit import Somebody

FULL = [
    "/",
    "/people/?q=Begum",
    "/promises/",
    "/deadlines/",
    "/work/visit/",
    "/work/strategy_meeting/",
    "/controls/",
    "/drafts/",
]
EMPTY = [
    "/people/?q=Zzyzx",
    "/promises/?child=999999999",
    "/deadlines/?worker=999999999",
    "/work/pep/?worker=999999999",
]
ABOUT = ["/about/accessibility/", "/about/what-kith-records/"]
UNBORN = """
from kith.record.people.models import Person
print(json.dumps(Person.objects.filter(born_on=None).exclude(expected_on=None).values_list("pk", flat=True)[0]))
"""
OF_A_CHILD = ["", "record/", "looked/", "story/", "print/"]


@pytest.mark.parametrize("path", [*FULL, *EMPTY, *ABOUT])
def test_lists_full_and_empty(somebody: Somebody, path: str) -> None:
    somebody.is_signed_in_as("Grace Adeyemi").opens(path)
    assert somebody.page.locator("h1").count() == 1
    somebody.finds_the_page_sound()


@pytest.mark.parametrize("page", OF_A_CHILD)
def test_the_pages_of_a_child(somebody: Somebody, page: str) -> None:
    child = somebody.world.children_of("social_worker")[0]
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{child}/{page}")
    assert somebody.page.locator("h1").count() == 1
    somebody.finds_the_page_sound()


def test_a_child_not_born_yet_has_a_page(somebody: Somebody) -> None:
    unborn = somebody.world.ask(UNBORN)
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{unborn}/").sees("due").finds_the_page_sound()


def test_pages_that_say_no(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Effie Laurent").opens("/loads/").finds_the_page_sound(expected_errors=1)
    somebody.opens("/nothing/here/").finds_the_page_sound(expected_errors=2)
    assert somebody.heading


def test_a_form_with_everything_wrong(somebody: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[0]
    somebody.is_signed_in_as("Asha Rahman").opens(f"/visits/new/?child={child}&chosen=yes").presses("Save visit")
    somebody.sees("There is a problem").is_photographed("visit-errors").finds_the_page_sound()
    first = somebody.page.locator(".govuk-error-summary a").first
    first.click()
    assert somebody.page.evaluate("document.activeElement.tagName") in {"INPUT", "TEXTAREA", "SELECT"}
