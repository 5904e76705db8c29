"""A social worker's morning: Today, a child's page, why it is due, one visit to two children; the clock moves."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from tests.journeys.kit import Somebody

SAID = ("I scored a goal and everybody cheered", "My tooth fell out at lunch")
DAY = re.compile(r"\b\d{1,2} (?:Jan|Febr|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]* \d{4}\b")
DUE = """
from kith.record.deadlines.models import Deadline
found = Deadline.objects.filter(person_id={child}, rule="cp_visit", open=True).values_list("due_on", flat=True)
print(json.dumps([str(each) for each in found]))
"""


@pytest.mark.proves("B5", "E11")
@pytest.mark.part_of("B3", "B4", "D7")
def test_one_visit_to_two_brothers_moves_both_clocks_on_the_page_and_in_today(somebody: Somebody) -> None:
    pair = somebody.world.numbers_of(somebody.world.planted["brothers"])
    somebody.is_signed_in_as("Asha Rahman")
    before = visits_shown(somebody, pair)
    assert len(before) == 2, "neither is due a visit within ten days"
    somebody.opens(f"/children/{pair[0]}/").is_photographed("child").finds_the_page_sound()
    was = visit_row(somebody)
    somebody.follows("Record a visit").is_photographed("visit-who").finds_the_page_sound()
    somebody.page.locator(f"input[type=checkbox][value='{pair[1]}']").check()
    somebody.presses("Continue")
    fill_visit(somebody, pair)
    somebody.is_photographed("visit-form").finds_the_page_sound()
    somebody.presses("Save visit").sees("Done")
    somebody.is_photographed("visit-saved").finds_the_page_sound()
    for child, words, others in zip(pair, SAID, reversed(SAID), strict=True):
        somebody.opens(f"/children/{child}/").sees(words).does_not_see(others)
        assert visit_row(somebody) != was
        assert due(somebody, child) > date.today() + timedelta(days=10)
    assert not visits_shown(somebody, pair)
    somebody.opens(f"/children/{pair[0]}/print/").sees(SAID[0]).does_not_see(SAID[1])


def visits_shown(somebody: Somebody, pair: list[int]) -> list[str]:
    """The lines of Asha's work of today and the next ten days that are a visit to one of these."""
    found = []
    somebody.opens("/")
    for state in ("overdue", "today", "soon"):
        for link in somebody.page.locator(f"main a[data-counted][href*='state={state}']").all():
            text = somebody.page.request.get(link.get_attribute("href") or "").text()
            rows = text.partition("<tbody")[2].split("<tr")[1:]
            found += [row for row in rows if "Child protection visit" in row and of_these(row, pair)]
    return found


def of_these(row: str, pair: list[int]) -> bool:
    """Whether a row is about one of these children."""
    return any(f"/children/{child}/" in row for child in pair)


def visit_row(somebody: Somebody) -> str:
    """The line about the next visit on a child's page."""
    return somebody.page.locator(
        "section[aria-labelledby=due] tr", has_text="Child protection visit"
    ).first.inner_text()


def due(somebody: Somebody, child: int) -> date:
    """When the record says that the next visit is due."""
    [found] = somebody.world.ask(DUE.format(child=child))
    return date.fromisoformat(found)


def fill_visit(somebody: Somebody, pair: list[int]) -> None:
    """The shared part, then a part for each child in their own words."""
    page = somebody.page
    somebody.dates("day", days_ago=0)
    page.fill("[name=time]", "12:01am")
    page.fill("[name=where]", "At home")
    for child, words in zip(pair, SAID, strict=True):
        page.locator(f"[name='child-{child}-seen'][value=yes]").check()
        page.locator(f"[name='child-{child}-seen_alone'][value=yes]").check()
        page.locator(f"[name='child-{child}-bedroom_seen'][value=yes]").check()
        page.fill(f"[name='child-{child}-said']", words)
        page.fill(f"[name='child-{child}-letter']", "Dear you, I came to see you today and we talked. From Asha")


@pytest.mark.proves("E11")
def test_why_a_visit_is_due_opens_the_counting(somebody: Somebody) -> None:
    child = somebody.world.numbers_of(somebody.world.planted["brothers"])[0]
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{child}/")
    row = somebody.page.locator("section[aria-labelledby=due] tr", has_text="Child protection visit").first
    row.get_by_role("link", name="Why").click()
    assert somebody.heading.startswith("Child protection visit") or somebody.heading == "Why is this due?"
    somebody.sees("working days", "Days left out of the count", "Due").is_photographed("why").finds_the_page_sound()
    days = DAY.findall(somebody.page.locator("main").inner_text())
    assert len(days) >= 2, "it says neither what began it nor when it is due"


@pytest.mark.part_of("B4")
def test_a_child_who_was_not_seen_needs_a_reason_and_the_clock_does_not_move(somebody: Somebody) -> None:
    child = on_a_plan(somebody)
    was = due(somebody, child)
    somebody.is_signed_in_as("Asha Rahman").opens(f"/visits/new/?child={child}&chosen=yes")
    somebody.dates("day", days_ago=0)
    somebody.page.fill("[name=time]", "12:01am")
    somebody.page.fill("[name=where]", "At home")
    somebody.page.locator(f"[name='child-{child}-seen'][value=no]").check()
    somebody.presses("Save visit")
    somebody.sees("There is a problem", "Say why you did not see").is_photographed("visit-errors")
    somebody.finds_the_page_sound()
    assert somebody.page.input_value("[name=where]") == "At home"
    somebody.page.fill(f"[name='child-{child}-why_not_seen']", "Nobody answered the door")
    somebody.presses("Save visit").sees("Done")
    assert due(somebody, child) == was
    somebody.opens(f"/children/{child}/record/").sees("Not seen")
    somebody.clicks(somebody.page.locator("main ol.kith-timeline a").first)
    somebody.sees("Why not", "Nobody answered the door", "Does not count").finds_the_page_sound()


def on_a_plan(somebody: Somebody) -> int:
    """One of Asha's children who is due a visit under a plan, and is not one of the brothers."""
    brothers = somebody.world.numbers_of(somebody.world.planted["brothers"])
    mine = [each for each in somebody.world.children_of("social_worker") if each not in brothers]
    return next(each for each in mine if len(somebody.world.ask(DUE.format(child=each))) == 1)


@pytest.mark.proves("E10")
def test_todays_work_is_looked_at_for_another_team_and_worker(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Maureen Okafor")
    somebody.page.select_option("main select[name=worker]", label="Asha Rahman")
    somebody.presses("Show").finds_the_page_sound()
    expect(somebody.page.locator("main select[name=worker] option:checked")).to_have_text("Asha Rahman")
    counted = somebody.counts()
    assert counted
    for href, number in counted:
        assert somebody.finds_listed(href) == (number, number), href
        owners = somebody.page.request.get(href).text().partition("<tbody")[2]
        assert "worker=" in href, href
        assert "Maureen Okafor" not in owners
