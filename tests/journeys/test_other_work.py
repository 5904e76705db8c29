"""Work of the plain kinds: what is missing is said in words, what is saved is finished later, and the clock moves."""

from __future__ import annotations

import pytest
from tests.journeys.kit import Somebody

NAMED = "Her aunt Farida, her father’s sister, came forward at the family meeting."


@pytest.mark.part_of("B14")
def test_a_relative_who_came_forward_is_recorded_then_looked_at_and_the_clock_follows(somebody: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[0]
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{child}/").follows("Record other work")
    somebody.sees("What do you want to record?").finds_the_page_sound()
    somebody.page.locator("summary", has_text="Before court, and court").click()
    somebody.follows("First assessment of a relative or friend").finds_the_page_sound()
    somebody.presses("Save").sees(
        "Answer: When did they come forward, or were they named?", "Write at least a sentence"
    )
    somebody.finds_the_page_sound()
    somebody.dates("opened", days_ago=1).page.fill("[name=words]", NAMED)
    somebody.presses("Save").sees("Saved. It is due by", NAMED).finds_the_page_sound()
    somebody.follows("Change this record").dates("done", days_ago=0)
    somebody.presses("Save changes").sees("Answer: What did it say?")
    somebody.page.get_by_label("Could care for the child: assess fully").check()
    somebody.presses("Save changes").sees("Nothing of this kind is due", "could care for the child".capitalize())
    somebody.finds_the_page_sound()
    somebody.opens(f"/children/{child}/record/").sees("First assessment of a relative or friend")
