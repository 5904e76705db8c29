"""Every page, full, empty and in error: accessible, no wider than a phone, and silent in the console."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.kit import ROOT, Somebody

FULL = [
    "/people/",
    "/people/?q=Begum",
    "/promises/",
    "/deadlines/",
    "/work/",
    "/work/visit/",
    "/work/strategy_meeting/",
    "/now/missing/",
    "/team/",
    "/controls/",
    "/controls/strategy_decisions_same_day/",
    "/controls/strategy_decisions_same_day/children/",
    "/controls/cases_held/",
    "/controls/protection_visits/",
    "/measures/",
    "/measures/cin_visit_ontime_pct/",
    "/measures/assessment_45wd_pct/children/?which=others",
]
EMPTY = [
    "/people/?q=Zzyzx+Qwertyuiop",
    "/promises/?state=dropped&owner=me",
    "/deadlines/?worker=999999999",
    "/work/pep/?worker=999999999",
    "/controls/strategy_decisions_same_day/children/?from=1999-01-01&until=1999-01-02",
    "/drafts/",
]
ABOUT = ["/about/accessibility/", "/about/what-kith-records/"]
UNBORN = """
from kith.record.people.models import Person
print(json.dumps(Person.objects.filter(born_on=None).exclude(expected_on=None).values_list("pk", flat=True)[0]))
"""
CLOSED = """
from kith.record.people.models import Person
from kith.record.steps.models import Part
quiet = Person.objects.filter(is_child=True, restrictions=None).exclude(pk__in=Part.objects.values("person_id"))
print(json.dumps(quiet.order_by("pk").values_list("pk", flat=True)[0]))
"""
NEWEST = """
from kith.record.steps.kinds import kind
from kith.record.steps.models import Step
open_to_her = Step.objects.filter(parts__person__restrictions=None).order_by("pk")
newest = {each: pk for each, pk in open_to_her.values_list("kind", "pk") if not kind(each).confidential}
print(json.dumps([f"/work/{each}/{pk}/" for each, pk in sorted(newest.items())]))
"""
OF_A_CHILD = ["", "record/", "record/?show=significant", "record/?kind=period:home", "looked/", "story/", "print/"]


@pytest.mark.parametrize("path", [*FULL, *EMPTY, *ABOUT])
def test_lists_full_and_empty(somebody: Somebody, path: str) -> None:
    somebody.is_signed_in_as("Grace Adeyemi").opens(path)
    assert somebody.heading
    assert (path in EMPTY) == somebody.page.locator(".kith-empty").first.is_visible()
    somebody.is_photographed("page" + re.sub(r"\W+", "-", path)).finds_the_page_sound()


@pytest.mark.parametrize("page", OF_A_CHILD)
def test_the_pages_of_a_child(somebody: Somebody, page: str) -> None:
    child = somebody.world.children_of("social_worker")[0]
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{child}/{page}")
    assert somebody.heading
    somebody.is_photographed("child-" + (re.sub(r"\W+", "-", page) or "page")).finds_the_page_sound()


@pytest.mark.part_of("B6")
def test_every_count_on_a_childs_page_opens_what_it_counted(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Asha Rahman")
    counted = 0
    for child in somebody.world.children_of("social_worker"):
        for href, number in somebody.opens(f"/children/{child}/").counts():
            says, shown = somebody.finds_listed(href)
            assert says == number, f"{href} was counted as {number}"
            assert shown == number or shown >= 100, f"{href} says {number} and shows {shown}"
            counted += 1
    assert counted > 20


def test_a_child_not_born_yet_and_a_child_with_nothing_have_a_page(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Grace Adeyemi").opens(f"/children/{somebody.world.ask(UNBORN)}/")
    assert re.search(r"Unborn, expected \d", somebody.main), somebody.main[:300]
    somebody.is_photographed("child-unborn").finds_the_page_sound()
    somebody.opens(f"/children/{somebody.world.ask(CLOSED)}/").sees("Nothing is due for this child.")
    somebody.is_photographed("child-quiet").finds_the_page_sound()


def test_who_has_looked_says_that_the_record_was_opened_and_by_whom(somebody: Somebody, another: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[-1]  # whom no other journey opens as her
    somebody.is_signed_in_as("Maureen Okafor").opens(f"/children/{child}/looked/")
    assert "Effie Laurent" not in somebody.main
    another.is_signed_in_as("Effie Laurent").opens(f"/children/{child}/")
    somebody.opens(f"/children/{child}/looked/").sees("Effie Laurent")
    assert somebody.page.locator("main tbody tr", has_text="Effie Laurent").count() == 1
    somebody.opens(f"/children/{child}/").sees("Effie Laurent").finds_the_page_sound()


def test_each_kind_of_work_has_a_page_and_a_print(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Grace Adeyemi")
    paths = somebody.world.ask(NEWEST)
    assert len(paths) > 10
    for path in paths:
        somebody.opens(path).finds_the_page_sound(widths=("wide",))
        somebody.opens(f"{path}print/")
        assert "to print" in somebody.page.title(), path
    somebody.finds_the_page_sound()


def test_pages_that_say_no(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Effie Laurent").opens("/loads/").is_photographed("forbidden")
    somebody.finds_the_page_sound(expected_errors=1)
    somebody.opens("/nothing/here/").is_photographed("not-found").finds_the_page_sound(expected_errors=2)
    somebody.context.clear_cookies(name="kith-form")
    somebody.context.add_cookies([{"name": "kith-form", "value": "x" * 32, "url": somebody.world.address}])
    somebody.opens("/people/").context.clear_cookies(name="kith-form")
    somebody.presses("Sign out").is_photographed("form-expired")
    somebody.sees("This form has expired").finds_the_page_sound(expected_errors=3)


def test_a_form_with_everything_wrong(somebody: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[0]
    somebody.is_signed_in_as("Asha Rahman").opens(f"/visits/new/?child={child}&chosen=yes").presses("Save visit")
    somebody.sees("There is a problem").finds_the_page_sound()
    assert somebody.page.title().startswith(("Problem:", "Error:"))
    for link in somebody.page.locator(".govuk-error-summary a").all():
        link.click()
        assert somebody.page.evaluate("document.activeElement.tagName") in {"INPUT", "TEXTAREA", "SELECT"}


@pytest.mark.parametrize("path", ["/people/?q=Begum&born=never", "/people/?born=31+2+2015"])
def test_a_search_that_cannot_be_understood_says_so(somebody: Somebody, path: str) -> None:
    somebody.is_signed_in_as("Asha Rahman").opens(path).sees("There is a problem").finds_the_page_sound()


def test_why_something_is_late_is_asked_for_and_kept(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Maureen Okafor").opens("/deadlines/?state=overdue")
    somebody.clicks(somebody.page.locator("main tbody a", has_text="Why").first)
    somebody.finds_the_page_sound().presses("Save the reason").sees("There is a problem").finds_the_page_sound()
    somebody.page.fill("[name=reason]", "The worker was ill, and nobody was asked to go instead.")
    somebody.presses("Save the reason").sees("Why it is late", "The worker was ill").finds_the_page_sound()


def test_a_page_prints_without_its_buttons(somebody: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[0]
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{child}/print/")
    somebody.page.emulate_media(media="print")
    for away in ("nav", "button", "form", ".govuk-skip-link"):
        for each in somebody.page.locator(f"body {away}").all():
            expect(each).not_to_be_visible()
    expect(somebody.page.locator("h1")).to_be_visible()
    assert somebody.page.pdf().startswith(b"%PDF")


def test_every_picture_that_the_readme_shows_is_there() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    there = {str(each.relative_to(ROOT)) for each in (ROOT / "docs" / "screenshots").glob("*.png")}
    missing = [each for each in shown if each not in there]
    assert not missing, f"the README shows pictures that are not here: {missing}"
    assert sum((ROOT / each).stat().st_size for each in there) < 2_000_000
