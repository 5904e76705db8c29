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
def test_each_persona_signs_in_with_one_click_and_sees_what_is_due(somebody: Somebody, name: str) -> None:
    somebody.is_signed_in_as(name).sees(name, PERSONAS[name])
    assert somebody.heading.startswith("Today")
    somebody.is_photographed(f"today-{name.split()[0].lower()}").finds_the_page_sound()


def test_a_password_opens_the_door_and_a_wrong_one_says_no_more_than_that(somebody: Somebody) -> None:
    somebody.opens("/sign-in/").is_photographed("sign-in").finds_the_page_sound()
    password = somebody.world.password
    for email, attempt in (("social_worker@riverside.example", "wrong"), ("nobody@riverside.example", password)):
        somebody.tries_password(email, attempt)
        somebody.sees("There is a problem")
        said = somebody.page.locator(".govuk-error-summary").inner_text()
        assert "password" in said.lower()
    somebody.tries_password("social_worker@riverside.example", password)
    somebody.sees("Asha Rahman")


def test_without_signing_in_a_childs_page_asks_for_it_and_then_opens(somebody: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[0]
    somebody.opens(f"/children/{child}/")
    assert "/sign-in/" in somebody.page.url
    password = somebody.world.password
    somebody.tries_password("social_worker@riverside.example", password)
    somebody.page.wait_for_url(f"**/children/{child}/")


def test_signing_out_closes_the_door(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Asha Rahman").presses("Sign out")
    somebody.opens("/")
    assert "/sign-in/" in somebody.page.url
