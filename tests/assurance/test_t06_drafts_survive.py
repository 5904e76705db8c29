"""T6: what was typed comes back after the tab, the browser, the session or the server has gone."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.assurance.kit import Measuring, Sized
from tests.assurance.service import Service, serving
from tests.conftest import CHROMIUM, finder

pytestmark = pytest.mark.journey
PAUSE, LETTERS = 5.0, 50  # the most that may be lost: what was typed in the last seconds, or so many letters
SETTLES = 8.0  # seconds in which a page that was cut off has tried again
NOTHING, SCRIPT, NOWHERE = "export function keepDrafts() {}", "text/javascript", subprocess.DEVNULL
WORDS = "She told me about her week and what she would like to happen next at home and at school"
STORED = """async () => JSON.stringify([localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, (await caches.keys()).length])"""

FORMS: dict[str, tuple[str, str]] = {
    "story": ("/children/{child}/story/", "[name=who_i_am]"),
    "visit": ("/visits/new/?child={child}&chosen=yes", "[name='child-{child}-letter']"),
    "promise": ("/promises/{promise}/change/", "[name=what]"),
    "document": ("/children/{child}/documents/add/", "[name=about]"),
    "meeting": ("/strategy-meetings/new/?child={child}", "[name=reason]"),
}


@dataclass
class Screen:
    """A real Chromium of this test's own, which can be killed as a power cut kills it."""

    profile: Path
    chromium: Browser
    service: Service
    process: subprocess.Popen[bytes] | None = None
    page: Page | None = None
    silent: bool = False  # the control: nothing is kept as it is typed

    def opens(self) -> Page:
        """Start Chromium with this profile, signed in as the first worker."""
        path = os.environ.get("KITH_BROWSER") or finder.find()
        (self.profile / "DevToolsActivePort").unlink(missing_ok=True)
        words = [str(path), *CHROMIUM, "--headless=new", "--remote-debugging-port=0", "--no-first-run"]
        words += [f"--user-data-dir={self.profile}", "about:blank"]
        self.process = subprocess.Popen(words, start_new_session=True, stdout=NOWHERE, stderr=NOWHERE)
        said = self.profile / "DevToolsActivePort"
        until = time.monotonic() + 60
        while not (said.exists() and said.read_text().count("\n")):
            assert time.monotonic() < until, "Chromium did not start"
            time.sleep(0.05)
        self.browser = self.chromium.browser_type.connect_over_cdp(f"http://127.0.0.1:{said.read_text().split()[0]}")
        self.context = self.browser.contexts[0]
        self.context.set_default_timeout(30_000)
        if self.silent:
            self.context.route("**/drafts*.js", lambda route: route.fulfill(body=NOTHING, content_type=SCRIPT))
        self.signs_in()
        self.page = self.context.new_page()
        return self.page

    def signs_in(self) -> None:
        """The worker's session, as signing in gives it."""
        name, value = self.service.who["cookie"], self.service.who["sessions"][0]
        self.context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/", "httpOnly": True}])

    def goes(self, path: str) -> Page:
        """To a page of the service."""
        assert self.page
        self.page.goto(f"http://127.0.0.1:{self.service.port}{path}")
        return self.page

    def dies(self) -> None:
        """kill -9, all of it."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def tab_dies(self) -> None:
        """kill -9 of what shows the page, and of nothing else: Chromium lives on, and a new tab is opened."""
        assert self.process and self.page
        mine = [each for each in processes("--type=renderer") if os.getpgid(each) == self.process.pid]
        with self.page.expect_event("crash"):
            for each in mine:
                os.kill(each, signal.SIGKILL)

    def new_tab(self) -> None:
        """Another tab; the one that Chromium holds ready may have died too, and then it makes one more."""
        dead = self.page
        try:
            self.page = self.context.new_page()
        except Error:
            self.page = self.context.new_page()
        if dead:
            with suppress(Error):
                dead.close()


def processes(word: str) -> Iterator[int]:
    """The processes with this word on their command line."""
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word.encode() in each.read_bytes():
                yield int(each.parent.name)
        except OSError:
            continue


@contextmanager
def screen(service: Service, profile: Path, chromium: Browser, *, silent: bool = False) -> Iterator[Screen]:
    """A screen for as long as the block lasts."""
    profile.mkdir(parents=True, exist_ok=True)
    made = Screen(profile, chromium, service, silent=silent)
    made.opens()
    try:
        yield made
    finally:
        made.dies()


def types(page: Page, box: str, chance: random.Random, *, seconds: float) -> list[tuple[float, str]]:
    """Type as people do, for so long and more than may be lost; what the box held at each moment."""
    page.locator(box).first.fill("")
    page.locator(box).first.focus()
    held, text, began = [], "", time.monotonic()
    while time.monotonic() - began < seconds or len(text) <= 2 * LETTERS:
        piece = f"{chance.choice(WORDS.split())}{chance.randint(10, 99)} "
        page.keyboard.type(piece, delay=chance.randint(5, 40))
        text += piece
        held.append((time.monotonic(), text))
    return held


def lost(held: list[tuple[float, str]], restored: str, *, at: float) -> bool:
    """Whether more is gone than what was typed in the last seconds, and more than so many letters."""
    whole = held[-1][1].strip()
    restored = restored.strip()
    if not whole.startswith(restored):
        return True
    before = [text for moment, text in held if moment <= at - PAUSE]
    assert before, "nothing was typed long enough ago to have to come back: this trial would show nothing"
    return len(restored) < len(before[-1].strip()) and len(whole) - len(restored) > LETTERS


def tab_killed(it: Screen, chance: random.Random) -> float:
    it.tab_dies()
    moment = time.monotonic()
    it.new_tab()
    return moment


def browser_killed(it: Screen, chance: random.Random) -> float:
    it.dies()
    moment = time.monotonic()
    it.opens()
    return moment


def server_killed(it: Screen, chance: random.Random) -> float:
    it.service.kill()
    it.service.start()
    assert it.page
    time.sleep(SETTLES)
    return tab_killed(it, chance)


def session_ended(it: Screen, chance: random.Random) -> float:
    it.context.clear_cookies()
    moment = time.monotonic()
    it.tab_dies()
    it.signs_in()
    it.new_tab()
    return moment


def offline(it: Screen, chance: random.Random) -> float:
    assert it.page
    line = it.context.new_cdp_session(it.page)
    off = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", off | {"offline": True})
    it.page.keyboard.type("while away ")
    line.send("Network.emulateNetworkConditions", off | {"offline": False})
    time.sleep(SETTLES)
    return tab_killed(it, chance)


def went_back(it: Screen, chance: random.Random) -> float:
    moment = time.monotonic()
    it.goes("/drafts/")
    assert it.page
    it.page.go_back()
    return moment


Way = Callable[[Screen, random.Random], float]
WAYS: list[Way] = [
    tab_killed, browser_killed, server_killed, session_ended, offline, went_back,
]  # fmt: skip


def trial(it: Screen, way: Way, form: str, child: int, chance: random.Random) -> tuple[str, str, bool, str]:
    """Type into a form, let it happen, open it again: what was typed, what came back, what is gone."""
    promise = it.service.who["promises"][it.service.who["children"].index(child)]
    path, box = (each.format(child=child, promise=promise) for each in FORMS[form])
    page = it.goes(path)
    held = types(page, box, chance, seconds=PAUSE + chance.uniform(1, 5))
    if way is offline:
        held.append((time.monotonic(), held[-1][1] + "while away "))
    at = way(it, chance)
    page = it.goes(path)
    restored = page.locator(box).first.input_value()
    stored = page.evaluate(STORED)
    return held[-1][1], restored, lost(held, restored, at=at), stored


def found_on_disk(profile: Path, texts: list[str]) -> int:
    """How many of these texts are anywhere in what the browser keeps, by a word of each that is nowhere else."""
    marks = [text[20:50].encode() for text in texts] + [text[20:50].encode("utf-16-le") for text in texts]
    found = set()
    for path in profile.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            found |= {number % len(texts) for number, mark in enumerate(marks) if mark in content}
    return len(found)


def test_t06_what_was_typed_comes_back(
    measuring: Measuring, sized: Sized, tmp_path: Path, db: None, browser: Browser
) -> None:
    rounds = sized(short=2, full=30)  # each form in each way
    with measuring("T6", seed=6) as figure, serving(tmp_path / "home", workers=2, children=rounds + 4) as service:
        chance, gone, typed, stored, seen = random.Random(figure.seed), [], [], 0, 0
        profile = tmp_path / "profile"
        with screen(service, profile, browser) as it:
            for number in range(rounds):
                way, form = WAYS[number % len(WAYS)], list(FORMS)[number % len(FORMS)]
                child = service.who["children"][number]
                text, restored, too_much, kept = trial(it, way, form, child, chance)
                typed.append(text)
                gone += [f"{form}, {way.__name__}: {len(restored)} of {len(text)}"] if too_much else []
                stored += kept != "[0,0,0,0]"
                promise = service.who["promises"][number]
                path = FORMS[form][0].format(child=child, promise=promise)
                others = service.ask(1, "GET", path)[2] + service.ask(1, "GET", "/drafts/")[2]
                seen += text[:30] in others or (len(restored) > 30 and restored[:30] in others)
        figure.all("texts that came back", found=rounds - len(gone), of=rounds)
        figure.none("texts that somebody else could open", found=seen, of=rounds)
        figure.none("pages that stored anything in the browser", found=stored, of=rounds)
        figure.none("texts in the browser's files", found=found_on_disk(profile, typed), of=rounds)
        figure.note(
            "; ".join(gone) or "Each way (tab, browser and server killed, session ended, offline, back) in turn."
        )
        figure.note(f"{rounds} trials over {len(FORMS)} forms: 200 of each form would take hours.")
        with screen(service, tmp_path / "silent", browser, silent=True) as it:
            child = service.who["children"][-1]
            text, restored, too_much, _ = trial(it, tab_killed, "story", child, chance)
        figure.control("keeping as you type turned off", failed=too_much, said=f"{len(restored)} of {len(text)} back")
