"""Nothing typed is lost: a second editor, a closed tab, an expired session, a restarted server, no JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect
from tests.journeys.kit import NARROW, Somebody, World

SEEN_FOCUS = """() => { const now = getComputedStyle(document.activeElement);
  return now.outlineStyle !== "none" || now.boxShadow !== "none"; }"""
WORDS = "I like drawing horses and I want people to knock before they come in."


def test_the_second_editor_is_told_and_both_texts_are_kept(somebody: Somebody, another: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[1]
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{child}/story/").finds_the_page_sound()
    another.is_signed_in_as("Maureen Okafor").opens(f"/children/{child}/story/")
    somebody.page.locator("main textarea").first.fill("The first text, by Asha.")
    another.page.locator("main textarea").first.fill("The second text, by Maureen.")
    somebody.presses("Save the story")
    another.presses("Save the story")
    another.sees("The first text, by Asha.", "The second text, by Maureen.")
    another.is_photographed("clash").finds_the_page_sound()
    another.presses("Keep both")
    somebody.opens(f"/children/{child}/").sees("The first text, by Asha.", "The second text, by Maureen.")


def test_text_survives_a_closed_tab(somebody: Somebody) -> None:
    form = story_of(somebody, 7)
    somebody.is_signed_in_as("Asha Rahman").opens(form)
    types_and_waits(somebody)
    somebody.page.close()
    somebody.page = somebody.context.new_page()
    somebody.opens(form).sees("unsent text")
    assert somebody.page.locator("main textarea").first.input_value() == WORDS
    somebody.opens("/drafts/").finds_the_page_sound().is_photographed("drafts")


def test_text_survives_an_expired_session_and_a_restart(somebody: Somebody, world: World) -> None:
    form = story_of(somebody, 8)
    somebody.is_signed_in_as("Asha Rahman").opens(form)
    types_and_waits(somebody)
    somebody.context.clear_cookies()
    world.stop()
    world.start()
    somebody.opens(form)
    assert "/sign-in/" in somebody.page.url
    somebody.signs_in_by_hand("social_worker@riverside.example")
    somebody.page.wait_for_url(f"**{form}")
    assert somebody.page.locator("main textarea").first.input_value() == WORDS


def test_a_draft_is_nobody_elses(somebody: Somebody, another: Somebody) -> None:
    form = story_of(somebody, 9)
    somebody.is_signed_in_as("Asha Rahman").opens(form)
    types_and_waits(somebody)
    another.is_signed_in_as("Maureen Okafor").opens(form).does_not_see(WORDS)
    another.opens("/drafts/").does_not_see(WORDS)


def test_the_main_job_is_done_without_javascript_on_a_phone(world: World, browser: Browser) -> None:
    context = browser.new_context(base_url=world.address, java_script_enabled=False, viewport=NARROW)  # type: ignore[arg-type]
    page = context.new_page()
    child = world.children_of("social_worker")[3]
    page.goto("/personas/")
    page.get_by_role("button", name="Asha Rahman").click()
    page.goto(f"/visits/new/?child={child}&chosen=yes")
    page.locator(f"[name='child-{child}-letter']").fill(WORDS)
    page.get_by_role("button", name=re.compile("Save draft")).click()
    page.goto("/drafts/")
    page.locator(f"main a[href^='/visits/new/?child={child}&']").click()
    assert page.locator(f"[name='child-{child}-letter']").input_value() == WORDS
    page.fill("[name=time]", "12:01am")
    page.fill("[name=where]", "At home")
    page.locator(f"[name='child-{child}-seen'][value=yes]").check()
    page.locator(f"[name='child-{child}-seen_alone'][value=yes]").check()
    page.fill(f"[name='child-{child}-said']", "My bus was late, so we walked.")
    page.get_by_role("button", name="Save visit").click()
    expect(page.locator("main")).to_contain_text("Done")
    page.goto(f"/children/{child}/")
    expect(page.locator("main")).to_contain_text("My bus was late, so we walked.")
    page.goto("/drafts/")
    assert page.locator("h1").inner_text() == "My drafts"
    assert page.locator(f"main a[href^='/visits/new/?child={child}&']").count() == 0, "what was saved is still a draft"
    context.close()


def test_what_is_sent_after_the_session_ended_comes_back_without_javascript(world: World, browser: Browser) -> None:
    context = browser.new_context(base_url=world.address, java_script_enabled=False, viewport=NARROW)  # type: ignore[arg-type]
    page = context.new_page()
    form = f"/children/{world.children_of('social_worker')[5]}/story/"
    page.goto("/personas/")
    page.get_by_role("button", name="Asha Rahman").click()
    page.goto(form)
    page.locator("main textarea").first.fill(WORDS)
    context.clear_cookies(name="kith")
    page.get_by_role("button", name="Save the story").click()
    assert "/sign-in/" in page.url
    page.get_by_role("link", name="Sign in as an invented worker").click()
    page.get_by_role("button", name="Asha Rahman").click()
    page.wait_for_url(f"**{form}")
    assert page.locator("main textarea").first.input_value() == WORDS
    context.close()


def test_a_page_is_used_by_keyboard_alone(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Asha Rahman").opens("/people/")
    somebody.page.keyboard.press("Tab")
    assert "Skip to" in somebody.page.evaluate("document.activeElement.innerText")
    somebody.page.keyboard.press("Enter")
    tabs_to(somebody, "document.activeElement.name === 'q'")
    child = somebody.world.children_of("social_worker")[2]
    name = f"from kith.record.people.models import Person; print(json.dumps(Person.objects.get(pk={child}).name))"
    somebody.page.keyboard.type(somebody.world.ask(name))
    somebody.page.keyboard.press("Enter")
    somebody.sees("People who may be the one")
    tabs_to(somebody, "/^.children.[0-9]+.$/.test(document.activeElement.getAttribute('href') ?? '')")
    somebody.page.keyboard.press("Enter")
    somebody.page.wait_for_url(re.compile(r"/children/\d+/"))
    tabs_to(somebody, "document.activeElement.innerText === 'Write the story'")
    somebody.page.keyboard.press("Enter")
    somebody.page.wait_for_url("**/story/")
    tabs_to(somebody, "document.activeElement.tagName === 'TEXTAREA'")
    somebody.page.keyboard.type(WORDS)
    tabs_to(somebody, "document.activeElement.innerText === 'Save the story'")
    somebody.page.keyboard.press("Enter")
    somebody.sees(WORDS, "Who is in my life")


def tabs_to(somebody: Somebody, here: str) -> None:
    """Press Tab until the place is reached, seeing each time where one is; too far is a failure."""
    for _ in range(40):
        somebody.page.keyboard.press("Tab")
        if somebody.page.evaluate(f"Boolean({here})"):
            outline = somebody.page.evaluate(SEEN_FOCUS)
            assert outline, "what has the focus does not show it"
            return
    raise AssertionError(f"Tab does not come to {here} on {somebody.page.url}")


def story_of(somebody: Somebody, number: int) -> str:
    """The page that writes the story of one of Asha's children."""
    return f"/children/{somebody.world.children_of('social_worker')[number]}/story/"


def types_and_waits(somebody: Somebody) -> None:
    """Type as a person does, and stop until the page says that it is kept."""
    somebody.page.locator("main textarea").first.fill(WORDS)
    expect(somebody.page.locator("main")).to_contain_text("Draft saved", timeout=15_000)
