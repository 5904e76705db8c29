"""What journeys are told with: a served borough, and somebody at a screen who clicks, types, reads and checks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).resolve().parents[2]
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
KITH = Path(sys.executable).parent / "kith"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass
class World:
    """A served borough."""

    address: str
    home: Path
    env: dict[str, str]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve for as long as the block lasts."""
        self.start()
        try:
            yield
        finally:
            self.stop()

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
        for _ in range(150):
            try:
                with urllib.request.urlopen(f"{self.address}/sign-in/", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                if self.server.poll() is not None:
                    break
                time.sleep(0.2)
        raise RuntimeError(f"The server did not start:\n{(self.home / 'serve.log').read_text()[-2000:]}")

    def ask(self, code: str) -> Any:
        """Run a few lines against the record beside the server; what they `print(json)` comes back."""
        set_up = "import django, json; django.setup()\n"
        said = subprocess.run(
            [sys.executable, "-c", set_up + code], env=self.env, cwd=ROOT, check=True, capture_output=True, text=True
        )
        return json.loads(said.stdout)

    def planted(self) -> list[dict[str, Any]]:
        """The planted failures of this borough."""
        kept = json.loads((self.home / "planted.json").read_text())
        return kept if isinstance(kept, list) else kept["planted"]


class Somebody:
    """Somebody at a screen."""

    def __init__(self, *, world: World, browser: Browser) -> None:
        """A clean browser window, 1280 wide, with its console watched."""
        self.world = world
        self.context = browser.new_context(viewport=WIDE, base_url=world.address)  # type: ignore[arg-type]
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
        self.page.get_by_role("link", name=words, exact=False).first.click()
        return self

    def presses(self, words: str) -> Somebody:
        """Press the button of these words."""
        self.page.get_by_role("button", name=words, exact=False).first.click()
        return self

    def sees(self, *words: str) -> Somebody:
        """Each of these is on the page."""
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)
        return self

    def does_not_see(self, *words: str) -> Somebody:
        """None of these is anywhere on the page, hidden or shown."""
        for each in words:
            assert each not in self.page.content(), f"{each!r} is on {self.page.url}"
        return self

    @property
    def heading(self) -> str:
        """The page's one main heading."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def finds_the_page_sound(self, *, expected_errors: int = 0) -> Somebody:
        """Accessible at both widths, nothing wider than a phone, and nothing wrong in the console."""
        for size in (WIDE, NARROW):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self._axe()
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW["width"], f"{self.page.url} is {wide} px wide on a phone"
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        assert len(self.troubles) <= expected_errors, self.troubles
        return self

    def _axe(self) -> None:
        """The page's own policy forbids strange scripts, so axe goes in through the debugger."""
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
                self.page.screenshot(path=Path(folder) / f"{name}-{suffix}.png", full_page=True)
        return self
