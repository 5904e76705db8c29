"""A strategy meeting is called, held and closed; its promises are on the child's page; the control sees it."""

from __future__ import annotations

import re

import pytest
from tests.journeys.kit import Somebody


@pytest.mark.proves("B7", "A2", "E27", "E9")
def test_a_meeting_cannot_close_without_decisions_and_its_promises_are_on_the_childs_page(somebody: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[4]
    somebody.is_signed_in_as("Asha Rahman")
    call_meeting(somebody, child)
    somebody.is_photographed("strategy-meeting").finds_the_page_sound()
    meeting = somebody.page.url
    somebody.opens(meeting).presses("Save and close the meeting")
    somebody.sees("There is a problem").finds_the_page_sound()
    decide(somebody)
    somebody.presses("Save and close the meeting")
    somebody.sees("Visit the school on Monday", "Begin a section 47 enquiry")
    assert somebody.page.get_by_role("button", name="Save and close the meeting").count() == 0
    somebody.finds_the_page_sound().is_photographed("strategy-meeting-closed")
    somebody.opens(f"/children/{child}/").sees("What did we say we would do, and did we?")
    somebody.page.get_by_role("link", name=re.compile("Made|Open")).first.click()
    somebody.sees("Visit the school on Monday").finds_the_page_sound()


def call_meeting(somebody: Somebody, child: int) -> None:
    """Call a meeting for today from the child's page."""
    somebody.opens(f"/children/{child}/").follows("Hold a strategy meeting")
    somebody.finds_the_page_sound()
    somebody.page.fill("[name=reason]", "A bruise on the arm that nobody can explain.")
    somebody.dates("planned_on", days_ago=0)
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
        reason.fill("The bruise is unexplained and she is afraid to go home.")
    page.locator("[name$=what]").first.fill("Visit the school on Monday")
    page.locator("select[name$=owner]").first.select_option(index=1)
    somebody.dates(
        str(page.locator("[name$=due_on-day]").first.get_attribute("name")).removesuffix("-day"), days_ago=-3
    )


@pytest.mark.proves("B7", "E9", "C25")
def test_the_control_says_that_decisions_have_stopped_coming_the_same_day(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Grace Adeyemi").follows("Safeguards")
    somebody.sees("strategy meeting").is_photographed("controls").finds_the_page_sound()
    somebody.page.locator("main a[href^='/controls/']").first.click()
    somebody.sees("same day").is_photographed("control").finds_the_page_sound()
    assert somebody.page.locator("main svg").count() == 1
    words = somebody.page.locator("main").inner_text().lower()
    assert re.search(r"weaken|stopped|getting worse|fall", words), words[:600]
    late = {each["person_id"] for each in somebody.world.planted() if "strategy_decisions_same_day" in each["expect"]}
    shown = somebody.world.people_linked(somebody.page.content())
    assert late & shown, "none of the planted children is behind the chart"


@pytest.mark.proves("B7")
def test_while_a_meeting_is_open_it_is_on_the_teams_page(somebody: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[6]
    somebody.is_signed_in_as("Asha Rahman")
    call_meeting(somebody, child)
    somebody.opens("/").follows("Team").sees("meetings open now")
    somebody.finds_the_page_sound().is_photographed("team")
