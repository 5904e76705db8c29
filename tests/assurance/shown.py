"""Pages of this process shown in a real browser, and what of them ran, was reported or became markup."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.staticfiles.finders import find
from playwright.sync_api import Browser, Page, Route

from tests.assurance.payloads import TOKEN
from tests.assurance.sweep import Sweep

HOST = "http://kith.example"
WATCH = f"""
window.ran = []; window.reports = [];
window.{TOKEN} = () => window.ran.push("{TOKEN}");
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.ran.push(name);
document.addEventListener("securitypolicyviolation", (e) =>
  window.reports.push(e.violatedDirective + " " + e.blockedURI));
"""
FOUND = f"""() => {{
  const bad = /^\\s*(javascript|vbscript|data:text)/i;
  const places = ["href", "src", "action", "formaction", "srcdoc", "xlink:href"];
  const strange = (each) => (name) => name.includes("{TOKEN}") || name.startsWith("on") || name.includes("hx-on")
    || (places.includes(name) && bad.test(each.getAttribute(name)));
  const markup = [...document.querySelectorAll("*")].filter((each) =>
    each.localName.includes("{TOKEN}") || each.getAttributeNames().some(strange(each)));
  const words = document.documentElement.textContent;
  return {{
    ran: window.ran, reports: window.reports,
    markup: markup.map((each) => each.outerHTML.slice(0, 200)),
    shown: document.documentElement.outerHTML.split("{TOKEN}").length - 1,
    fields: [...new Set([...words.matchAll(/\\[(\\w+\\.\\w+)\\]/g)].map((each) => each[1]))],
  }};
}}"""


@dataclass
class Seen:
    """What the browser saw on all the pages it was shown."""

    pages: int = 0
    shown: int = 0  # times a payload stood on a page, as text
    ran: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)  # pages that did not answer as they did before


@dataclass
class Shower:
    """A browser whose every request is answered by this process, from the test's own record."""

    sweep: Sweep
    browser: Browser
    believing: bool  # whether the browser is told of the content policy
    seen: Seen = field(default_factory=Seen)
    answer: Any = None  # what the next page will be

    def __enter__(self) -> Shower:
        self.context = self.browser.new_context()
        self.context.add_init_script(WATCH)
        self.context.route("**/*", self._answer)
        self.page: Page = self.context.new_page()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.context.close()

    def opens(self, path: str) -> None:
        """Show one page, which must be there."""
        answer = self.sweep.ask("get", path)
        if answer.status_code != 200:
            self.seen.wrong.append(f"{path[:120]}: {answer.status_code} {answer.headers.get('Location', '')}")
            return
        self.is_shown(answer, path)

    def is_shown(self, answer: Any, path: str) -> None:
        """Show an answer, as if it had come from this address, and note what came of it."""
        self.answer = answer
        self.page.goto(HOST + path.partition("?")[0], wait_until="load")
        found = self.page.evaluate(FOUND)
        self.seen.pages += 1
        self.seen.shown += found["shown"]
        self.seen.fields |= set(found["fields"])
        for name in ("ran", "reports", "markup"):
            getattr(self.seen, name).extend(f"{path[:80]}: {each}" for each in found[name])

    def _answer(self, route: Route) -> None:
        """The page itself is the answer got before; what its scripts then ask for is not here."""
        path = route.request.url.removeprefix(HOST)
        if path.startswith("/static/"):
            self._static(route, path)
        elif route.request.is_navigation_request() and self.answer is not None:
            given, self.answer = self.answer, None
            kept = {"Content-Length"} if self.believing else {"Content-Length", "Content-Security-Policy"}
            headers = {name: str(value) for name, value in given.headers.items() if name not in kept}
            route.fulfill(status=given.status_code, headers=headers, body=given.content)
        else:
            route.fulfill(status=404, body="")

    def _static(self, route: Route, path: str) -> None:
        """The scripts as they are; styles, letters and pictures are not what is tried here."""
        file = find(path.partition("?")[0].removeprefix("/static/")) if path.endswith(".js") else None
        if isinstance(file, str):
            route.fulfill(path=file, content_type="text/javascript")
        else:
            route.fulfill(status=200, body="")
