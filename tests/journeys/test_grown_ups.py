"""An allegation is kept by designated officers, and found by nobody else."""

from __future__ import annotations

import pytest
from tests.journeys.kit import Somebody

NAME = "Merle Thistlewood"


@pytest.mark.part_of("E12")
def test_an_allegation_is_begun_weighed_and_found_by_nobody_else(somebody: Somebody, another: Somebody) -> None:
    somebody.is_signed_in_as("Noreen Baptiste").sees("Today").opens("/grown-ups/").finds_the_page_sound()
    somebody.follows("Begin the record of an allegation").finds_the_page_sound()
    somebody.presses("Begin the record").sees("Enter the forename", "Enter the surname").finds_the_page_sound()
    for box, words in zip(("forename", "surname"), NAME.split(), strict=True):
        somebody.page.fill(f"[name={box}]", words)
    somebody.presses("Begin the record").sees("It is kept apart", NAME).finds_the_page_sound()
    theirs = somebody.page.url
    somebody.follows("Record work").page.locator("summary", has_text="Allegations").click()
    somebody.clicks(somebody.page.get_by_role("link", name="Allegation", exact=True))
    somebody.dates("opened", days_ago=3).page.fill("[name=words]", "A parent says that a boy was pushed at football.")
    somebody.presses("Save").sees("Saved. It is due by").finds_the_page_sound()
    somebody.page.goto(theirs)
    somebody.sees("What is due, and why", "Allegations", NAME).finds_the_page_sound()
    another.is_signed_in_as("Grace Adeyemi").opens("/people/").searches(NAME).sees("Nobody was found")
    another.opens("/people/").follows("Carers, and other grown-ups").does_not_see(NAME)
    another.clicks(another.page.locator("tbody a").first)  # a carer: the director opens every ordinary record
    another.sees("What is due, and why", "Who works with them").finds_the_page_sound()
