"""What journeys are told with: a served borough, and somebody at a screen who clicks, types, reads and checks."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect
from tests import codes

ROOT = Path(__file__).resolve().parents[2]
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
KITH = Path(sys.executable).parent / "kith"
COUNTED = """() => [...document.querySelectorAll("main [data-counted], main .kith-counts__link")].map((each) => {
  const link = each.matches("a") ? each : each.querySelector("a");
  const shown = link.querySelector(".kith-counts__number") ?? link;
  return [link.getAttribute("href"), Number(shown.textContent.replaceAll(",", "").match(/\\d+/)[0])];
})"""
UNMARKED = """() => [...document.querySelectorAll("main a")].filter((each) =>
  /^\\s*(See all )?\\d[\\d,]*(\\s|$)/.test(each.textContent)
  && !each.matches("[data-counted] *, [data-counted], .kith-counts__link, .govuk-pagination *")
).map((each) => each.outerHTML)"""
LARGEST = 400_000  # bytes of a picture of a whole page; a longer page is shown as far as the screen goes
MOST_PAGES = 4  # of a list that is leafed through
WAIT = 12_000  # milliseconds: a page that takes longer is a failure, even on a busy machine
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SIZES = {"wide": WIDE, "phone": NARROW}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RULES["resultTypes"] = ["violations"]


CHILDREN_OF = """
from kith.record.people.models import Involvement
mine = Involvement.objects.filter(worker__account__email="{role}@riverside.example", ended_on=None)
mine = mine.filter(role__istartswith="allocated").order_by("started_on", "person_id")
print(json.dumps(list(mine.values_list("person_id", flat=True))))
"""
NUMBERS_OF = """
from kith.record.people.models import Person
print(json.dumps(dict(Person.objects.filter(ref__in={refs}).values_list("ref", "pk"))))
"""
REFS_OF = """
from kith.record.people.models import Person
refs = Person.objects.filter(pk__in={numbers}).values_list("ref", flat=True)
print(json.dumps([each.split(":")[1] for each in refs]))
"""

TELLER = """
import contextlib, io, json, sys, traceback
import django
django.setup()
from django.db import connections
for line in sys.stdin:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), {"json": json})
        answer = {"said": said.getvalue()}
    except BaseException:
        answer = {"wrong": traceback.format_exc()}
    connections.close_all()
    print(json.dumps(answer), flush=True)
"""


@dataclass
class World:
    """A served borough."""

    address: str
    home: Path
    env: dict[str, str]
    teller: subprocess.Popen[str] | None = None
    apps: dict[str, str] = field(default_factory=dict)  # the key that each address has in its app
    codes_used: dict[str, int] = field(default_factory=dict)  # the half-minute of the last code each has given

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve for as long as the block lasts."""
        self.start()
        try:
            yield
        finally:
            self.stop()
            if self.teller and self.teller.stdin:
                self.teller.stdin.close()
                self.teller.wait(timeout=10)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        port = self.address.rsplit(":", 1)[1]
        self.log = (self.home / "serve.log").open("a")
        self.server = subprocess.Popen(
            [KITH, "serve", "--port", port],
            env=self.env,
            cwd=ROOT,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self._wait()

    def stop(self) -> None:
        """Stop the server and all it started."""
        os.killpg(self.server.pid, signal.SIGTERM)
        try:
            self.server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.server.pid, signal.SIGKILL)

    def _wait(self) -> None:
        for _ in range(600):  # a busy machine is given two minutes
            try:
                with urllib.request.urlopen(f"{self.address}/sign-in/", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                if self.server.poll() is not None:
                    break
                time.sleep(0.2)
        raise RuntimeError(f"The server did not start:\n{(self.home / 'serve.log').read_text()[-2000:]}")

    def ask(self, code: str) -> Any:
        """Run a few lines against the record beside the server; what they `print(json)` comes back.

        One process answers all questions of a session. Raises AssertionError with what went wrong there.
        """
        if self.teller is None:
            self.teller = subprocess.Popen(
                [sys.executable, "-c", TELLER],
                env=self.env,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.teller.stdin and self.teller.stdout
        self.teller.stdin.write(json.dumps(code) + "\n")
        self.teller.stdin.flush()
        answer = json.loads(self.teller.stdout.readline())
        assert "wrong" not in answer, answer["wrong"]
        return json.loads(answer["said"])

    @property
    def password(self) -> str:
        """The demonstration's password, as `kith demo` prints it."""
        from kith.config.demo import PASSWORD

        return PASSWORD

    def children_of(self, role: str) -> list[int]:
        """The children allocated to the persona of that role, longest allocated first."""
        found: list[int] = self.ask(CHILDREN_OF.format(role=role))
        return found

    def people_linked(self, page: str) -> set[str]:
        """The dataset's ids of the children whose pages this page links to."""
        numbers = sorted(set(re.findall(r"/children/(\d+)/", page)))
        return set(self.ask(REFS_OF.format(numbers=[int(each) for each in numbers])))

    @property
    def planted(self) -> dict[str, Any]:
        """What was put into this borough on purpose: `planted` failures, `brothers`, the `barred` family."""
        kept: dict[str, Any] = json.loads((self.home / "planted.json").read_text())
        return kept

    def numbers_of(self, ids: list[str]) -> list[int]:
        """The record's numbers of the people with these ids in the dataset, in the same order."""
        found: dict[str, int] = self.ask(NUMBERS_OF.format(refs=[f"person:{each}" for each in ids]))
        return [found[f"person:{each}"] for each in ids]


class Somebody:
    """Somebody at a screen."""

    def __init__(self, *, world: World, browser: Browser) -> None:
        """A clean browser window, 1280 wide, with its console watched."""
        self.world = world
        self.context = browser.new_context(viewport=WIDE, base_url=world.address)  # type: ignore[arg-type]
        self.context.set_default_timeout(WAIT)
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def leaves(self) -> None:
        """Close the window."""
        self.context.close()

    def is_signed_in_as(self, persona: str) -> Somebody:
        """Sign in with one click as the persona of that title, as the page shows it."""
        self.page.goto("/personas/")
        self.page.get_by_role("button", name=persona, exact=False).first.click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()
        return self

    def opens(self, path: str) -> Somebody:
        """Go to a page of this service."""
        self.page.goto(path)
        return self

    def follows(self, words: str) -> Somebody:
        """Follow the first link of these words."""
        return self.clicks(self.page.get_by_role("link", name=words, exact=False).first)

    def presses(self, words: str) -> Somebody:
        """Press the button of these words."""
        return self.clicks(self.page.get_by_role("button", name=words, exact=False).first)

    def clicks(self, what: Locator) -> Somebody:
        """Click it, and wait for all of the page it leads to: a click itself waits for the new address alone."""
        what.click()
        self.page.wait_for_load_state("domcontentloaded")
        return self

    def tries_password(self, email: str, password: str) -> Somebody:
        """Sign in by hand, on the sign-in page that is open."""
        self.page.fill("[name=email]", email)
        self.page.fill("[name=password]", password)
        return self.presses("Sign in")

    def signs_in_by_hand(self, email: str) -> Somebody:
        """Password and code, on the sign-in page that is open; the first time with an app that is enrolled there."""
        self.tries_password(email, self.world.password)
        if email not in self.world.apps:
            self.follows("Use an app")
            self.world.apps[email] = self.page.locator("main code").inner_text()
            self.gives_code(email).sees("Write these codes down").follows("I have written them down")
            return self
        return self.gives_code(email)

    def gives_code(self, email: str) -> Somebody:
        """Type a code that the app of this address shows: each is used once, so perhaps the next one."""
        wanted = max(int(time.time()) // 30, self.world.codes_used.get(email, 0) + 1)
        while wanted > int(time.time()) // 30 + 1:
            self.page.wait_for_timeout(500)
        self.world.codes_used[email] = wanted
        self.page.fill("[name=code]", codes.code_at(self.world.apps[email], wanted))
        return self.clicks(self.page.locator("main form:visible button").last)

    def dates(self, field: str, *, days_ago: int) -> Somebody:
        """Fill the three parts of a date field."""
        day = date.today() - timedelta(days=days_ago)
        for part, value in {"day": day.day, "month": day.month, "year": day.year}.items():
            self.page.fill(f"[name='{field}-{part}']", str(value))
        return self

    def searches(self, words: str) -> Somebody:
        """Look for a person."""
        self.page.locator("main input[name=q]").fill(words)
        self.page.locator("main input[name=q]").press("Enter")
        self.page.wait_for_load_state()
        return self

    def number_beside(self, heading: str) -> int:
        """The number a heading of Today carries, "Overdue (5)"; nought when the heading is not there."""
        found = re.search(heading + r" \((\d+)\)", self.page.locator("main").inner_text())
        return int(found.group(1)) if found else 0

    def late_duties(self) -> str:
        """The words of the rows marked late."""
        rows = self.page.locator("main tr").all_inner_texts()
        return "\n".join(row for row in rows if "late" in row)

    def counts(self) -> list[tuple[str, int]]:
        """Every count on the page: where it leads, and the number it shows. No number may link without being one."""
        assert not (strays := self.page.evaluate(UNMARKED)), strays
        return [(href, number) for href, number in self.page.evaluate(COUNTED)]

    def finds_listed(self, href: str) -> tuple[int, int]:
        """How many the list at `href` says it has, and how many rows its pages show when they are leafed through."""
        shown, number = 0, 1
        while True:
            text = self.page.request.get(f"{href}{'&' if '?' in href else '?'}page={number}").text()
            says = re.search(r'data-count="(\d+)"', text)
            assert says, f"{href} does not say how many it lists"
            rows = text.partition("<tbody")[2].partition("</tbody>")[0].count("<tr")
            shown += rows or text.count('<li class="kith-timeline__item"')
            if 'rel="next"' not in text or number == MOST_PAGES:
                return int(says.group(1)), shown
            number += 1

    def sees(self, *words: str) -> Somebody:
        """Each of these is on the page."""
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)
        return self

    def does_not_see(self, *words: str) -> Somebody:
        """None of these is anywhere on the page, hidden or shown."""
        content = self.page.content()
        for each in words:
            assert each not in content, f"{each!r} is on {self.page.url}"
        return self

    @property
    def main(self) -> str:
        """What the page says, in words."""
        return self.page.locator("main").inner_text()

    @property
    def today(self) -> str:
        """Today, as an address says it."""
        return date.today().isoformat()

    @property
    def heading(self) -> str:
        """The page's one main heading, without the caption above it."""
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_have_count(1)
        return heading.inner_text().splitlines()[-1].strip()

    def finds_the_page_sound(
        self, *, expected_errors: int = 0, widths: tuple[str, ...] = ("wide", "phone")
    ) -> Somebody:
        """Accessible at both widths, nothing wider than a phone, and nothing wrong in the console."""
        for width in widths:
            self.page.set_viewport_size(SIZES[width])  # type: ignore[arg-type]
            self._axe()
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW["width"], f"{self.page.url} is {wide} px wide on a phone"
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        assert len(self.troubles) <= expected_errors, self.troubles
        return self

    def _axe(self) -> None:
        """The page's own policy forbids strange scripts, so axe goes in through the debugger."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(f"() => {{ {AXE} }}")
        found = self.page.evaluate(f"() => axe.run(document, {json.dumps(RULES)})")
        said = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found["violations"]]
        assert not said, f"{self.page.url} at {self.page.viewport_size}: {said}"
        assert found["passes"], "axe looked at nothing"

    def is_photographed(self, name: str) -> Somebody:
        """Keep a picture for the README and for our own eyes, when KITH_PICTURES names a folder."""
        if folder := os.environ.get("KITH_PICTURES"):
            for size, suffix in ((NARROW, "phone"), (WIDE, "wide")):
                self.page.set_viewport_size(size)  # type: ignore[arg-type]
                picture = Path(folder) / f"{name}-{suffix}.png"
                self.page.screenshot(path=picture, full_page=True)
                if picture.stat().st_size > LARGEST:
                    self.page.screenshot(path=picture)
        return self
