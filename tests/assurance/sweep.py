"""Every address, field and name that a request can carry: found by leafing through the pages, as a person would."""

from __future__ import annotations

import io
import re
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone
from lxml import html

from kith.foundation.access.checks import routes
from kith.foundation.access.policy import policy
from kith.foundation.drafts.models import Clash
from tests import factories as make
from tests.architecture import hidden_world
from tests.assurance.kit import FULL

FIRST = ("team_manager", "social_worker", "data_officer", "divisional_director")  # who opens a page, if they may
KNOWN = ("/now/missing/", "/work/visit/")  # lists to which a page links only when there is something to count
NOBODY = ""  # who is not signed in
FEWEST = 30  # routes that must answer, or the sweep saw nothing
OFTEN = 600  # seconds after which everybody signs in again: a session that is not used ends after 900
OF_A_SHAPE = 3 if FULL else 1  # addresses followed that differ by their numbers alone
LINK = re.compile(r'(?:href|action|hx-get|hx-post|data-url)="([^"]+)"')
LEAVES = ("sign_out", "sign-out", "logout")
DATES = {"day": "1", "month": "6", "year": str(date.today().year - 1)}
FILLED = {"email": "someone@riverside.example", "number": "1", "date": f"{date.today()}", "password": "x" * 14}


@dataclass
class Form:
    """A form that is on a page: where it goes, and what a browser would send of it, filled in."""

    method: str
    action: str
    fields: dict[str, Any]
    texts: tuple[str, ...] = ()  # the names of the boxes one may type anything into
    files: tuple[str, ...] = ()


@dataclass
class Sweep:
    """Who asks for what, and what was found on the pages."""

    clients: dict[str, Client]
    role_of: dict[str, str]  # route -> the role that opens it
    world: hidden_world.World
    accounts: dict[str, Any] = field(default_factory=dict)
    signed_in: float = field(default_factory=time.monotonic)
    pages: dict[str, list[str]] = field(default_factory=dict)  # route -> addresses that answer
    asked: dict[str, list[str]] = field(default_factory=dict)  # a route's first address -> the names it looks up
    policies: dict[str, str] = field(default_factory=dict)  # and what the browser is told it may run
    forms: dict[str, Form] = field(default_factory=dict)  # "post route field field" -> the form

    def client(self, path: str) -> Client:
        """The client of somebody who may open this address."""
        return self.clients[self.role_of.get(route_of(path), FIRST[0])]

    def ask(
        self, method: str, path: str, data: Mapping[str, Any] | None = None, *, undo: bool = True, **more: Any
    ) -> Any:
        """The answer; what the request wrote is undone, so that each begins from the same record."""
        self.stays_signed_in()
        client = self.client(path)
        client.raise_request_exception = False
        kept = deepcopy(client.cookies)
        with transaction.atomic():
            answer = getattr(client, method)(path, dict(data or {}), **more)
            transaction.set_rollback(undo)
        if undo:  # a session that was begun or renamed is undone too
            client.cookies = kept
        return answer

    def is_signed_in(self) -> bool:
        """Whether each of them is still let in: a sweep that was shut out would find nothing."""
        return all(self.clients[role].get("/").status_code == 200 for role in self.accounts)

    def stays_signed_in(self) -> None:
        """What a request writes is undone, that a session was used among it: so everybody signs in again in time."""
        if time.monotonic() - self.signed_in > OFTEN:
            self.signs_in()

    def signs_in(self) -> None:
        """Everybody signs in anew: before what is undone as a whole, or the new sessions would be undone with it."""
        self.signed_in = time.monotonic()
        for role, account in self.accounts.items():
            self.clients[role].force_login(account)


def route_of(path: str) -> str:
    """The pattern that this address matches; nothing where none does."""
    try:
        return str(resolve(urlsplit(path).path).route)
    except Resolver404:
        return ""


def begun() -> Sweep:
    """A small world with a worker of every role who is part of the child's life, signed in."""
    world = hidden_world.build(FIRST[0])
    team = make.a_team()
    clients: dict[str, Client] = {}
    accounts: dict[str, Any] = {}
    for role in (*FIRST, *sorted(set(policy().roles) - set(FIRST))):
        worker = world.viewer if role == FIRST[0] else make.a_worker(f"Worker {role}", role=role, team=team)
        if worker is not world.viewer:
            make.allocate(world.seen, worker, role="Family support")
        clients[role] = Client()
        clients[role].force_login(worker.account)
        accounts[role] = worker.account
    role_of = {}
    for pattern, view in routes():
        able = [role for role in clients if view.opens_to in policy().roles[role].may]
        role_of[pattern] = able[0] if able else FIRST[0]
    clients[NOBODY] = Client()
    role_of["sign-in/"] = NOBODY
    _a_clash(world)
    return Sweep(clients, role_of, world, accounts)


def _a_clash(world: hidden_world.World) -> None:
    """Two texts that met: a page of its own."""
    Clash.objects.create(
        form="story",
        about=str(world.seen.pk),
        author=world.viewer,
        written_against=0,
        found=1,
        body={"who_i_am": ["I like boats"], "worried_about": ["Nights"]},
        at=timezone.now(),
    )


def leafed_through(sweep: Sweep, *, enough: int | None = None) -> Sweep:
    """Follow links from the first page, from every plain route, and from routes filled with the child's own numbers.

    `enough`: until so many routes have answered; without it, to the last page.
    """
    starts = ["/", *KNOWN, *(f"/{pattern}" for pattern, _ in routes() if "<" not in pattern), *guesses(sweep)]
    waiting, seen, shapes = deque(starts), set(starts), Counter[str]()
    while waiting and (enough is None or len(sweep.pages) < enough):
        path = waiting.popleft()
        shape = re.sub(r"\d+", "N", path)
        if any(word in path for word in LEAVES) or shapes[shape] >= OF_A_SHAPE:
            continue
        with noticing() as looked:
            answer = sweep.ask("get", path)
        if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
            continue
        shapes[shape] += 1
        body = answer.content.decode()
        if route_of(path) not in sweep.pages:
            sweep.asked[path] = asked_of(path, body, looked)
            sweep.policies[path] = answer.headers.get("Content-Security-Policy", "")
        sweep.pages.setdefault(route_of(path), []).append(path)
        for form in forms_on(path, body):
            names = sorted({re.sub(r"\d+", "N", each) for each in form.fields})
            sweep.forms.setdefault(f"{form.method} {route_of(form.action)} {' '.join(names)}", form)
        for link in LINK.findall(body):
            address = whole(path, unescape(link))
            if address and address not in seen:
                seen.add(address)
                waiting.append(address)
    assert len(sweep.pages) >= FEWEST, f"only {len(sweep.pages)} routes answered: is anybody signed in?"
    return sweep


def unreached(sweep: Sweep) -> list[str]:
    """The routes that neither a page nor a form of this sweep leads to: they are not tried, and this says which."""
    reached = set(sweep.pages) | {route_of(form.action) for form in sweep.forms.values()}
    return sorted({pattern for pattern, _ in routes()} - reached)


def whole(page: str, link: str) -> str:
    """A link as an address of this service; nothing for one that leads elsewhere."""
    link = link.partition("#")[0]
    if link.startswith("?"):
        return page.partition("?")[0] + link
    return link if link.startswith("/") and not link.startswith(("//", "/static/")) else ""


def guesses(sweep: Sweep) -> Iterator[str]:
    """Each route with numbers, filled with numbers of the child's own rows: for pages to which no link leads."""
    numbers = sorted({pk for ids in sweep.world.shown.values() for pk in (ids[0], ids[-1])})
    for pattern, _ in routes():
        if pattern.count("<") == 1 and "<int:" in pattern:
            yield from ("/" + re.sub(r"<int:\w+>", str(number), pattern) for number in numbers)


def forms_on(page: str, body: str) -> Iterator[Form]:
    """Every form of a page, filled in as far as the page says how."""
    for each in html.fromstring(body).iter("form"):
        action = whole(page, each.get("action") or page)
        if not action or any(word in action for word in LEAVES):
            continue
        fields: dict[str, Any] = {}
        texts, files = [], []
        for box in each.iter("input", "textarea", "select", "button"):
            name, kind = box.get("name"), (box.get("type") or box.tag).lower()
            if not name or name == "csrfmiddlewaretoken":
                continue
            if kind == "file":
                files.append(name)
            elif kind not in ("radio", "checkbox", "submit", "button", "hidden", "select"):
                texts.append(name)
            value = filled(box, name, kind)
            if value is not None:
                fields.setdefault(name, value)
        method = (each.get("method") or "get").lower()
        yield Form(method, action, fields, tuple(dict.fromkeys(texts)), tuple(dict.fromkeys(files)))


def filled(box: Any, name: str, kind: str) -> Any:
    """What a person might put into this box; None where they would leave it."""
    if kind == "select":
        values = [each.get("value", "") for each in box.iter("option")]
        return next((each for each in values if each), "")
    if kind in ("submit", "button"):
        return box.get("value")
    if kind == "file":
        return SimpleUploadedFile("ssd_person.csv", b"pers_person_id\n1\n")
    if kind == "textarea":
        return (box.text or "").strip() or "Some words"
    part = name.rpartition("-")[2]
    if part in DATES:
        return box.get("value") or DATES[part]
    return box.get("value") or FILLED.get(kind, "Words")


@contextmanager
def noticing() -> Iterator[set[str]]:
    """Which names the views look up in an address or a form meanwhile; each given, where one goes through all."""
    looked: set[str] = set()
    kept = {name: getattr(QueryDict, name) for name in ("get", "getlist", "__getitem__", "__contains__", "__iter__")}

    def watched(original: Any) -> Any:
        def look(self: Any, name: Any, *more: Any, **named: Any) -> Any:
            if isinstance(name, str):
                looked.add(name)
            return original(self, name, *more, **named)

        return look

    def is_in(self: Any, name: Any) -> bool:
        looked.update([] if self._mutable else [name])  # while an address is read, it asks itself what it holds
        return bool(kept["__contains__"](self, name))

    def gone_through(self: QueryDict) -> Iterator[str]:
        names = list(dict.__iter__(self))
        looked.update(names)
        return iter(names)

    try:
        for name, original in kept.items():
            watching = {"__iter__": gone_through, "__contains__": is_in}
            setattr(QueryDict, name, watching.get(name) or watched(original))
        yield looked
    finally:
        for name, original in kept.items():
            setattr(QueryDict, name, original)


def asked_of(path: str, body: str, looked: set[str]) -> list[str]:
    """The names this page looks up in its address, those of its own forms and links among them."""
    named = {name for form in forms_on(path, body) if form.method == "get" for name in form.fields}
    for link in LINK.findall(body):
        parts = urlsplit(whole(path, unescape(link)))
        if parts.path == urlsplit(path).path:
            named |= set(parse_qs(parts.query))
    return sorted((looked | named) - {"csrfmiddlewaretoken"})


def named(name: str) -> io.BytesIO:
    """A small file of this name, whatever it is."""
    file = io.BytesIO(b"pers_person_id\n1\n")
    file.name = name.replace("\x00", "") or "x"  # type: ignore[attr-defined]
    return file
