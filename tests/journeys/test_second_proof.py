"""The second proof: an app is enrolled and used, a passkey takes the password's place, and idle pages warn."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect
from tests.journeys.kit import Somebody

OFFICER, COORDINATOR = "data_officer@riverside.example", "missing_coordinator@riverside.example"


def test_at_the_first_sign_in_an_app_is_enrolled_and_from_then_on_asked_for(somebody: Somebody) -> None:
    somebody.opens("/sign-in/").tries_password(OFFICER, somebody.world.password)
    somebody.sees("Choose a second proof").is_photographed("enrol").finds_the_page_sound()
    somebody.opens("/")
    assert "/sign-in/" in somebody.page.url, "nothing opens before there is a second proof"
    somebody.tries_password(OFFICER, somebody.world.password).follows("Use an app")
    somebody.is_photographed("enrol-app").finds_the_page_sound()
    somebody.world.apps[OFFICER] = somebody.page.locator("main code").inner_text()
    somebody.gives_code(OFFICER).sees("Write these codes down")
    somebody.is_photographed("codes").finds_the_page_sound()
    paper = somebody.page.locator("main li code").first.inner_text()
    somebody.follows("I have written them down").sees("Sam Wren, Data officer").presses("Sign out")
    somebody.tries_password(OFFICER, somebody.world.password).sees("Confirm that it is you")
    somebody.is_photographed("second-proof").finds_the_page_sound()
    somebody.page.fill("[name=code]", "000000")
    somebody.presses("Continue").sees("That code is not right").finds_the_page_sound()
    somebody.gives_code(OFFICER).sees("Sam Wren, Data officer").presses("Sign out")
    somebody.tries_password(OFFICER, somebody.world.password)
    somebody.page.fill("[name=code]", paper)
    somebody.presses("Continue").sees("Sam Wren, Data officer")


def a_passkey_device(somebody: Somebody) -> Any:
    """A device that holds passkeys and knows its owner's finger, as the browser's own debugger offers one."""
    session = somebody.context.new_cdp_session(somebody.page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def test_a_passkey_is_made_at_the_first_sign_in_and_then_signs_in_by_itself(somebody: Somebody) -> None:
    here = somebody.world.address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, not to a number
    session, device = a_passkey_device(somebody)
    somebody.opens(f"{here}/sign-in/").tries_password(COORDINATOR, somebody.world.password)
    somebody.presses("Make a passkey").sees("Write these codes down").follows("I have written them down")
    somebody.sees("Nadia Haddad, Missing coordinator").presses("Sign out")
    somebody.is_photographed("sign-in-passkey").presses("Sign in with a passkey")
    somebody.sees("Nadia Haddad, Missing coordinator").presses("Sign out")
    somebody.tries_password(COORDINATOR, somebody.world.password).presses("Use a passkey")
    somebody.sees("Nadia Haddad, Missing coordinator").presses("Sign out")
    somebody.finds_the_page_sound()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    somebody.presses("Sign in with a passkey")
    expect(somebody.page.locator("[data-passkey-said]").first).to_contain_text("No passkey was used")
    somebody.opens(f"{here}/")
    assert "/sign-in/" in somebody.page.url
