"""Pages of this process shown in a real browser, and what of them ran, was reported or became markup."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from django.contrib.staticfiles.finders import find
from playwright.sync_api import Browser, Page

from tests.assurance.payloads import TOKEN

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


class Giver(BaseHTTPRequestHandler):
    """Gives a browser the page it is to show; the scripts as they are, which it may keep; of the rest, nothing."""

    protocol_version = "HTTP/1.1"
    shower: Shower

    def do_GET(self) -> None:
        """One request of the browser."""
        given = self.shower.answer if self.headers.get("Sec-Fetch-Dest") == "document" else None
        if given is not None:
            self.shower.answer = None
            kept = {"content-length", "connection"} | ({"content-security-policy"} - self.shower.believed)
            headers = {name: str(value) for name, value in given.headers.items() if name.lower() not in kept}
            self._gives(given.status_code, headers, given.content)
        elif self.path.startswith("/static/"):
            self._gives(200, *static(self.path.partition("?")[0].removeprefix("/static/")))
        else:
            self._gives(404, {}, b"")

    def _gives(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": f"{len(body)}"}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Nothing is written out."""


@cache
def static(name: str) -> tuple[dict[str, str], bytes]:
    """A script as it is; styles, letters and pictures are not what is tried here. The browser keeps what it has."""
    file, keep = find(name) if name.endswith(".js") else None, "max-age=3600, immutable"
    if not isinstance(file, str):
        return {"Cache-Control": keep, "Content-Type": "text/css"}, b""
    return {"Cache-Control": keep, "Content-Type": "text/javascript"}, Path(file).read_bytes()


@dataclass
class Shower:
    """A browser that is given the answers of this process, made from the test's own record."""

    browser: Browser
    believing: bool  # whether the browser is told of the content policy
    seen: Seen = field(default_factory=Seen)
    answer: Any = None  # what the next page will be

    def __enter__(self) -> Shower:
        self.believed = {"content-security-policy"} if self.believing else set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Mine", (Giver,), {"shower": self}))
        self.host = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.context = self.browser.new_context()
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.context.close()
        self.server.shutdown()
        self.server.server_close()

    def takes(self, answer: Any, path: str) -> None:
        """Show the answer of a page, which must be there."""
        if answer.status_code != 200:
            self.seen.wrong.append(f"{path[:120]}: {answer.status_code} {answer.headers.get('Location', '')}")
            return
        self.is_shown(answer, path)

    def is_shown(self, answer: Any, path: str) -> None:
        """Show an answer, as if it had come from this address, and note what came of it."""
        if answer.headers.get("Content-Disposition", "").startswith("attachment"):
            return  # it is handed over to be kept; a browser shows nothing of it
        self.answer = answer
        self.page.goto(self.host + path.partition("?")[0], wait_until="load")
        assert self.answer is None, f"the browser did not ask for {path[:120]}"
        found = self.page.evaluate(FOUND)
        self.seen.pages += 1
        self.seen.shown += found["shown"]
        self.seen.fields |= set(found["fields"])
        for name in ("ran", "reports", "markup"):
            getattr(self.seen, name).extend(f"{path[:80]}: {each}" for each in found[name])
