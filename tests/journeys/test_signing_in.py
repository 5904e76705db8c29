"""Signing in: each persona comes to their own Today; a password opens the same door; nobody gets in without one."""

from __future__ import annotations

import pytest
from tests.journeys.kit import Somebody

PERSONAS = {
    "Asha Rahman": "Social worker",
    "Maureen Okafor": "Team manager",
    "Ben Sutton": "MASH worker",
    "Tomasz Lis": "Emergency duty worker",
    "Nadia Haddad": "Missing coordinator",
    "Dev Patel": "Independent reviewing officer",
    "Effie Laurent": "Auditor",
    "Grace Adeyemi": "Divisional director",
    "Sam Wren": "Data officer",
    "Farid Khan": "Social worker",
}


@pytest.mark.parametrize("name", PERSONAS)
@pytest.mark.proves("E10")
def test_each_persona_signs_in_with_one_click_and_every_count_of_today_opens_what_it_counted(
    somebody: Somebody, name: str
) -> None:
    somebody.is_signed_in_as(name).sees(f"{name}, {PERSONAS[name]}")
    assert somebody.heading == "Today"
    somebody.is_photographed(f"today-{name.split()[0].lower()}").finds_the_page_sound()
    counted = somebody.counts()
    assert counted, f"{name} has nothing to do and nothing to watch"
    for href, number in counted:
        says, shown = somebody.finds_listed(href)
        assert says == number, f"{href} was counted as {number}"
        assert shown == number or shown >= 100, f"{href} says {number} and shows {shown}"


def test_a_password_opens_the_door_and_a_wrong_one_says_no_more_than_that(somebody: Somebody) -> None:
    somebody.opens("/sign-in/").is_photographed("sign-in").finds_the_page_sound()
    password, said = somebody.world.password, set()
    for email, attempt in (("social_worker@riverside.example", "wrong"), ("nobody@riverside.example", password)):
        somebody.tries_password(email, attempt)
        somebody.sees("There is a problem")
        said.add(somebody.page.locator(".govuk-error-summary").inner_text())
    assert len(said) == 1, f"what is said tells who has an account: {said}"
    somebody.finds_the_page_sound()
    somebody.signs_in_by_hand("social_worker@riverside.example")
    somebody.sees("Asha Rahman, Social worker")


def test_without_signing_in_a_childs_page_asks_for_it_and_then_opens(somebody: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[0]
    somebody.opens(f"/children/{child}/")
    assert "/sign-in/" in somebody.page.url
    somebody.signs_in_by_hand("team_manager@riverside.example")
    somebody.page.wait_for_url(f"**/children/{child}/")


def test_signing_out_closes_the_door(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Asha Rahman").presses("Sign out")
    somebody.opens("/")
    assert "/sign-in/" in somebody.page.url
