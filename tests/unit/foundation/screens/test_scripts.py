"""What pages gain when scripts run, what they keep when none do, and whether both are sound, in a real browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.kit import NARROW, Somebody, World

ROOT = Path(__file__).resolve().parents[4]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SEED = """
import django; django.setup()
from kith.foundation.history.actor import acting
from tests.factories import SYSTEM, a_worker
with acting(SYSTEM):
    for name, role in (("Grace Adeyemi", "social_worker"), ("Tom Whitlock", "team_manager")):
        account = a_worker(name, role=role).account
        account.email = f"{role}@riverside.example"
        account.save()
"""
pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The gallery, served by a process of its own."""
    home = tmp_path_factory.mktemp("gallery")
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"KITH_HOME": str(home), "PYTHONPATH": str(ROOT)}
    env |= {"DJANGO_SETTINGS_MODULE": "tests.unit.foundation.screens.gallery_settings"}
    django = [sys.executable, "-W", "ignore", "-m", "django"]
    subprocess.run([*django, "migrate", "--verbosity", "0"], check=True, env=env, cwd=ROOT)
    subprocess.run([sys.executable, "-c", SEED], check=True, env=env, cwd=ROOT)
    address = f"127.0.0.1:{free_port()}"
    with (home / "serve.log").open("w") as log:
        server = subprocess.Popen(
            [*django, "runserver", "--noreload", address], env=env, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            answers(f"http://{address}/sign-in/")
            yield World(address=f"http://{address}", home=home, env=env)
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture
def grace(gallery: World, browser: Browser) -> Iterator[Somebody]:
    """Grace, signed in, with no draft left from an earlier test."""
    somebody = Somebody(world=gallery, browser=browser)
    somebody.opens("/personas/?next=/drafts/").presses("Sign in as Grace Adeyemi")
    while somebody.page.get_by_role("button", name="Throw away").count():
        somebody.presses("Throw away")
    yield somebody
    somebody.leaves()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"{address} did not answer")


def status(page: Page, words: str) -> None:
    expect(page.locator("[data-draft-status]")).to_contain_text(words, timeout=10_000)


def another_tab(somebody: Somebody, path: str) -> Page:
    page = somebody.context.new_page()
    page.goto(path)
    return page


def fills(page: Page, said: str) -> None:
    for box, typed in (("on-day", "1"), ("on-month", "5"), ("on-year", "2026"), ("said", said)):
        page.locator(f"#id_{box}").fill(typed)
    page.get_by_label("Yes").check()
    page.get_by_label("School").check()
    page.get_by_label("Where").select_option("school")


@pytest.mark.parametrize(
    ("path", "errors"),
    [
        ("/gallery/parts/", 0),
        ("/gallery/visit/", 0),
        ("/drafts/", 0),
        ("/about/accessibility/", 0),
        ("/about/what-kith-records/", 0),
        ("/sign-in/", 0),
        ("/personas/", 0),
        ("/nothing/", 1),
        ("/gallery/closed/", 1),
        ("/gallery/breaks/", 1),
    ],
)
def test_every_page_is_sound_at_both_widths(grace: Somebody, path: str, errors: int) -> None:
    grace.opens(path).finds_the_page_sound(expected_errors=errors)


def test_a_form_in_error_is_sound_and_says_so_first(grace: Somebody) -> None:
    grace.opens("/gallery/visit/").presses("Save visit").finds_the_page_sound()
    summary = grace.page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("Say whether the child was seen")
    summary.get_by_role("link", name="Enter date of visit").click()
    expect(grace.page.locator("#id_on-day")).to_be_focused()


def test_what_is_typed_survives_a_closed_tab(grace: Somebody) -> None:
    page = another_tab(grace, "/gallery/visit/")
    page.locator("#id_said").fill("She has a friend called Sam")
    status(page, "Draft saved at")
    page.locator("#id_said").fill("She has a friend called Sam, and a dog")
    page.close()
    for _ in range(50):  # the last words are sent as the tab closes: nobody is there to say when they arrive
        grace.opens("/gallery/visit/")
        if grace.page.locator("#id_said").input_value().endswith("and a dog"):
            break
    grace.sees("You have unsent text from")
    expect(grace.page.locator("#id_said")).to_have_value("She has a friend called Sam, and a dog")


def test_a_form_left_open_over_a_sign_out_goes_on_being_kept_after_signing_in_again(grace: Somebody) -> None:
    form = another_tab(grace, "/gallery/visit/")
    grace.opens("/drafts/").presses("Sign out")
    form.locator("#id_said").fill("typed after the session ended")
    status(form, "Draft not saved: you have been signed out")
    grace.opens("/personas/?next=/drafts/").presses("Sign in as Grace Adeyemi")
    form.locator("#id_said").fill("typed after signing in again")
    status(form, "Draft saved at")
    fills(form, "typed after signing in again")
    form.get_by_role("button", name="Save visit").click()
    expect(form.locator("#id_said")).to_have_value("typed after signing in again")


def test_a_draft_still_on_its_way_does_not_come_back_after_the_form_is_sent(grace: Somebody) -> None:
    page = grace.opens("/gallery/visit/").page
    page.route("**/drafts/", lambda route: (time.sleep(1), route.continue_()))
    fills(page, "sent while a draft was on its way")
    with page.expect_request("**/drafts/", timeout=15_000):
        pass
    with page.expect_response(lambda answer: answer.request.method == "POST" and "visit" in answer.url):
        grace.presses("Save visit")
    posts = [line for line in (grace.world.home / "serve.log").read_text().splitlines() if '"POST ' in line]
    assert "/drafts/" in posts[-2] and "/gallery/visit/" in posts[-1]
    grace.opens("/drafts/").sees("You have no unsent text")


def test_text_left_open_is_not_given_to_somebody_else_who_signs_in(grace: Somebody) -> None:
    form = another_tab(grace, "/gallery/visit/")
    grace.opens("/drafts/").presses("Sign out")
    grace.opens("/personas/?next=/drafts/").presses("Sign in as Tom Whitlock")
    form.locator("#id_said").fill("for Grace alone")
    status(form, "Draft not saved")
    grace.opens("/drafts/").sees("You have no unsent text").does_not_see("for Grace alone")


def test_the_second_of_two_editors_keeps_both_texts(grace: Somebody) -> None:
    second = another_tab(grace, "/gallery/visit/")
    grace.opens("/gallery/visit/")
    fills(grace.page, "The first text.")
    grace.presses("Save visit")
    fills(second, "The second text.")
    second.get_by_role("button", name="Save visit").click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("Two people wrote this at the same time")
    grace.opens(second.url).finds_the_page_sound().presses("Keep both, as put together")
    expect(grace.page.locator("#id_said")).to_have_value("The first text.\n\nThe second text.")


def test_a_choice_shows_its_question_and_a_row_is_added_without_asking_the_server(grace: Somebody) -> None:
    page = grace.opens("/gallery/visit/").page
    why = page.get_by_label("Why not?")
    expect(why).to_be_hidden()
    page.get_by_label("No", exact=True).check()
    expect(why).to_be_visible()
    page.get_by_label("Yes").check()
    expect(why).to_be_hidden()
    grace.presses("Add another promise")
    expect(page.locator("#id_promises-1-what")).to_be_focused()
    assert page.locator("[name=promises-TOTAL_FORMS]").input_value() == "2"
    grace.finds_the_page_sound()


def test_the_keyboard_alone_reaches_the_main_part_and_the_places(grace: Somebody) -> None:
    page = grace.opens("/drafts/").page
    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    menu = page.get_by_role("button", name="Menu")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="My drafts")).to_be_visible()


def test_everything_works_with_scripts_off(gallery: World, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=gallery.address, viewport=NARROW)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/personas/?next=/gallery/visit/")
    page.get_by_role("button", name="Sign in as Tom Whitlock").click()
    expect(page.get_by_label("Why not?")).to_be_visible()
    expect(page.get_by_role("link", name="My drafts")).to_be_visible()
    page.locator("#id_said").fill("kept with no script")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("main")).to_contain_text("Draft saved at")
    expect(page.locator("#id_said")).to_have_value("kept with no script")
    page.get_by_role("button", name="Throw the unsent text away").click()
    expect(page.locator("#id_said")).not_to_have_value("kept with no script")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("main")).to_contain_text("You have signed out")
    context.close()
