"""A strategy meeting is called, held and closed; its promises are on the child's page; the control sees it."""

from __future__ import annotations

import re

import pytest
from tests.journeys.kit import Somebody

CONTROL = "strategy_decisions_same_day"
PROMISE = "Visit the school on Monday"
WHY = "The bruise is unexplained and she is afraid to go home."


@pytest.mark.part_of("B7", "E27", "E9")
def test_a_meeting_closes_with_decisions_and_its_promises_are_on_the_childs_page_and_in_the_control(
    somebody: Somebody, another: Somebody
) -> None:
    child = somebody.world.children_of("social_worker")[4]
    another.is_signed_in_as("Grace Adeyemi")
    expected = expected_today(another)
    somebody.is_signed_in_as("Asha Rahman")
    call_meeting(somebody, child)
    somebody.is_photographed("strategy-meeting").finds_the_page_sound()
    somebody.presses("Save and close the meeting")
    somebody.sees("There is a problem", "Decision for").is_photographed("strategy-meeting-errors")
    somebody.finds_the_page_sound()
    decide(somebody)
    somebody.presses("Save and close the meeting")
    somebody.sees(PROMISE, "Begin a section 47 enquiry", WHY)
    assert somebody.page.get_by_role("button", name="Save and close the meeting").count() == 0
    meeting = somebody.page.url
    somebody.finds_the_page_sound().is_photographed("strategy-meeting-closed")
    keeps_the_promise(somebody, child)
    somebody.opens(meeting).follows("Its history, and a page to print").sees("Who wrote and changed this")
    somebody.finds_the_page_sound().follows("A page to print").sees(WHY).finds_the_page_sound()
    assert expected_today(another) == expected + 1


def expected_today(director: Somebody) -> int:
    """How many meetings the control has counted for today, as its page of children says."""
    director.opens(f"/controls/{CONTROL}/children/?from={director.today}&until={director.today}")
    return int(director.page.locator("[data-count]").get_attribute("data-count") or -1)


def keeps_the_promise(somebody: Somebody, child: int) -> None:
    """From the child's page to what we said we would do, and that it was done."""
    somebody.opens(f"/children/{child}/").sees("What did we say we would do, and did we?", PROMISE)
    somebody.clicks(somebody.page.locator("section[aria-labelledby=promises]").get_by_role("link", name=PROMISE))
    somebody.sees(PROMISE, "Asha Rahman").is_photographed("promise").finds_the_page_sound()
    somebody.presses("Save").sees("There is a problem").finds_the_page_sound()
    somebody.dates("done_on", days_ago=0)
    somebody.page.fill("[name=evidence]", "The head teacher told me what she had seen.")
    somebody.presses("Save").sees("The head teacher told me")
    somebody.opens(f"/children/{child}/")
    section = somebody.page.locator("section[aria-labelledby=promises]")
    assert PROMISE not in section.inner_text(), "a promise that was kept is still to do"
    counted = somebody.counts()
    assert any("/promises/" in href for href, _ in counted)
    for href, number in counted:
        assert somebody.finds_listed(href) == (number, number), href


def call_meeting(somebody: Somebody, child: int) -> None:
    """Call a meeting for today from the child's page."""
    somebody.opens(f"/children/{child}/").follows("Hold a strategy meeting")
    somebody.finds_the_page_sound()
    somebody.page.fill("[name=reason]", "A bruise on the arm that nobody can explain.")
    somebody.dates("planned_on", days_ago=0)
    somebody.presses("Call the meeting").sees("There is a problem").finds_the_page_sound()
    somebody.page.fill("[name=planned_at]", "12:01am")
    somebody.presses("Call the meeting")
    somebody.sees("Decision for")


def decide(somebody: Somebody) -> None:
    """Held today, with a decision, its reason, and a promise."""
    page = somebody.page
    somebody.dates("held_on", days_ago=0)
    page.fill("[name=held_time]", "12:01am")
    for choice in page.locator("input[type=radio][value=section_47]").all():
        choice.check()
    for reason in page.locator("textarea[name$=rationale]").all():
        reason.fill(WHY)
    page.locator("[name$=what]").first.fill(PROMISE)
    page.locator("select[name$=-owner]").first.select_option(label="Asha Rahman")
    name = page.locator("[name$=due_on-day]").first.get_attribute("name")
    somebody.dates(str(name).removesuffix("-day"), days_ago=-3)


@pytest.mark.part_of("B7", "E9", "C25")
def test_the_control_says_that_decisions_have_stopped_coming_the_same_day(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Grace Adeyemi").follows("Safeguards")
    somebody.sees("strategy meeting").is_photographed("controls").finds_the_page_sound()
    somebody.clicks(somebody.page.locator(f"main a[href='/controls/{CONTROL}/']").first)
    somebody.sees("same day").is_photographed("control").finds_the_page_sound()
    assert somebody.page.locator("main svg").count() == 1
    verdict = somebody.page.locator("main .govuk-body-l").inner_text()
    assert re.search(r"weaken|stopped", verdict, re.I), verdict
    late = {each["person_id"] for each in somebody.world.planted["planted"] if CONTROL in each["expect"]}
    numbers = {str(each) for each in somebody.world.numbers_of(sorted(late))}
    href = somebody.page.locator("main a[href*='held=no']").first.get_attribute("href")
    somebody.opens(str(href)).is_photographed("control-children").finds_the_page_sound()
    shown = children_listed(somebody, str(href))
    assert shown, "nobody is behind the chart"
    assert len(numbers & shown) > len(numbers) / 2, "the planted children are not behind the chart"


def children_listed(somebody: Somebody, href: str) -> set[str]:
    """The children of every page of a list."""
    found: set[str] = set()
    for number in range(1, 9):
        text = somebody.page.request.get(f"{href}&page={number}").text()
        found |= set(re.findall(r"/children/(\d+)/", text))
        if 'rel="next"' not in text:
            break
    return found


@pytest.mark.part_of("B7")
def test_while_a_meeting_is_open_it_is_on_the_teams_page_and_in_nobody_elses_words(somebody: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[6]
    somebody.is_signed_in_as("Asha Rahman")
    name = somebody.opens(f"/children/{child}/").heading
    call_meeting(somebody, child)
    meeting = somebody.page.url
    somebody.opens("/team/").is_photographed("teams").finds_the_page_sound()
    somebody.clicks(somebody.page.locator("main tr", has_text="Your team").get_by_role("link").first)
    somebody.sees("Strategy meetings open now", name).finds_the_page_sound().is_photographed("team")
    for href, number in somebody.counts():
        says, _ = somebody.finds_listed(href)
        assert says == number, href
    somebody.opens(meeting).page.locator("summary", has_text="will not go ahead").click()
    somebody.presses("Save that it will not go ahead").sees("There is a problem").finds_the_page_sound()
    somebody.page.fill("[name=why]", "The hospital explained the bruise before we met.")
    somebody.presses("Save that it will not go ahead")
    somebody.opens("/team/").page.locator("main tr", has_text="Your team").get_by_role("link").first.click()
    assert meeting.removeprefix(somebody.world.address) not in somebody.page.content()
