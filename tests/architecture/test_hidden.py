"""Whoever may not know of a child finds nothing of that child, by any route, number, field or link; and reading writes
nothing. Made from the routes, so that a page added later is tried the day it is added."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import islice, product
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from tests.architecture.hidden_world import HIGHEST, LOWEST, MISSING, NAMES, PLAIN, World, build, tried_kinds
from tests.assurance.sweep import noticing

from kith.foundation.access.checks import routes
from kith.foundation.access.door import PUBLIC, SIGNED_IN
from kith.foundation.access.policy import policy
from kith.foundation.history.models import Link, Opening
from kith.oversight.returns.own_duties import KINDS
from kith.record.steps.models import Step

ROLES = sorted(policy().roles)
SOURCE = Path(__file__).resolve().parents[2] / "src" / "kith"
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
# What an address may ask for, read from the source: whichever name the code looks up in a query.
ASKED = re.compile(r"""(?:GET|query|given)(?:\.get|\.getlist)?[(\[]["'](\w+)["']|\((?:query|given), "(\w+)""")
UNLIKE = re.compile(
    r'(?:csrfmiddlewaretoken|draft_signed)" value="[^"]+"|\d{1,2}(:\d\d)?[ap]m|midnight|midday|datetime="[^"]+"'
)
FORMED = ("visit", "strategy_meeting", "case_summary")  # the kinds of work that have pages, or a form, of their own
# A day that cannot be is shown again to whoever typed it, cut into its parts: it says nothing but what was sent.
SHOWN_AGAIN = {("/children/looked/", "from"), ("/children/looked/", "until")}
# The routes whose numbers are not a child's, nor of a row about one: what the number is, and a role that may open it.
# Each is read by that role in the crawl below, like every page, and must tell of no hidden child.
TEAM = ("a team, which everybody may know of; what it lists is tried as every list is", "team_manager")
LOAD = ("a load of another system's files, which shows its counts and its problems, and no row", "data_officer")
CHECK = ("a check of a return’s files, which leaves out whoever is hidden from its reader", "data_officer")
BUILT = ("a return built of the record, which shows no row of whoever is hidden from its reader", "data_officer")
DUTY = ("what the authority itself has to do, which names nobody", "data_officer")
SENT = ("sent, and never read: the page that it is sent from is tried", "")
WORKER = ("a worker, whom the keepers of accounts may all know of", "system_administrator")
NOT_ABOUT_A_CHILD = {
    "team/<int:pk>/": TEAM,
    "loads/<int:load>/": LOAD,
    "loads/<int:load>/how-far/": LOAD,
    "returns/checks/<int:pk>/": CHECK,
    "returns/checks/<int:pk>/children/": CHECK,
    "returns/checks/<int:pk>/download/<slug:key>/": CHECK,
    "returns/checks/<int:pk>/how-far/": CHECK,
    "returns/checks/<int:pk>/issues/": CHECK,
    "returns/checks/<int:pk>/issues/<int:part>/": CHECK,
    "returns/checks/<int:pk>/issues/<int:part>/answer/": SENT,
    "returns/checks/<int:pk>/issues/<int:part>/withdraw/": SENT,
    "returns/checks/<int:pk>/rules/": CHECK,
    "returns/checks/<int:pk>/take-away/": SENT,
    "returns/due/<int:pk>/": DUTY,
    "returns/due/<int:pk>/done/": SENT,
    "returns/due/<int:pk>/mistaken/": SENT,
    "returns/versions/<int:pk>/": BUILT,
    "returns/versions/<int:pk>/files/<int:part>/": ("a file, handed to who may know of everybody in it alone", ""),
    "returns/versions/<int:pk>/how-far/": BUILT,
    "returns/versions/<int:pk>/sign/": SENT,
    "returns/versions/<int:pk>/tables/<int:part>/": BUILT,
    "emergency/to-look-at/<int:pk>/": (
        "an opening that this manager is asked to look at, also where she may not know the child: no name is told",
        "team_manager",
    ),
    "account/passkeys/<int:pk>/take-away/": ("one's own passkey; anybody else's is as none", "social_worker"),
    "accounts/<int:pk>/": WORKER,
    "accounts/<int:pk>/begin-anew/": WORKER,
    "accounts/<int:pk>/close/": WORKER,
    "accounts/<int:pk>/link/": WORKER,
    "accounts/<int:pk>/open/": WORKER,
    "accounts/<int:pk>/posts/": WORKER,
    "accounts/posts/<int:pk>/end/": ("a worker's post", "system_administrator"),
    "accounts/teams/<int:pk>/": ("a team's name, and the team it belongs to", "system_administrator"),
}


@dataclass
class Visitor:
    """A viewer of one role, signed in, in the world; a request is undone, so that each begins from the same."""

    world: World
    client: Client
    nothing: dict[str, list[str]] = field(default_factory=dict)  # what is said of a number that nothing has

    def ask(
        self, method: str, path: str, data: dict[str, Any] | None = None, *, undo: bool = True
    ) -> tuple[int, str, str]:
        """Status, where it leads, and the body."""
        with transaction.atomic():
            answer = getattr(self.client, method)(path, data or {})
            transaction.set_rollback(undo)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, answer.headers.get("Location", ""), body.decode(errors="replace")

    def comes_in(self, view: Any) -> bool:
        """Whether the door lets this role in: whom it does not is answered before any number is read."""
        return view.opens_to in (PUBLIC, SIGNED_IN, *policy().roles[self.world.viewer.posts.get().role].may)

    def differs(self, method: str, path: str, hidden: object, data: dict[str, Any] | None = None) -> bool:
        """Whether asking with a hidden number is answered otherwise than asking with one that nothing has."""
        missing = MISSING if isinstance(hidden, int) else f"nothing:{MISSING}"
        key = f"{method} {path} {data} {missing}"
        if key not in self.nothing:
            self.nothing[key] = self._said(method, path, missing, data)
        return self._said(method, path, hidden, data) != self.nothing[key]

    def _said(self, method: str, path: str, number: object, data: dict[str, Any] | None) -> list[str]:
        sent = {name: [number if each == "#" else each for each in value] for name, value in (data or {}).items()}
        answer = self.ask(method, path.replace("#", str(number)), sent)
        return [UNLIKE.sub("", str(each).replace(str(number), "#").replace(_in_url(number), "#")) for each in answer]


def _in_url(number: object) -> str:
    return str(number).replace(":", "%3A")


@pytest.fixture
def visit(record: None, quiet: None) -> Callable[[str], Visitor]:
    """Makes the world and a visitor of a role in it."""

    def made(role: str) -> Visitor:
        world, client = build(role), Client()
        client.force_login(world.viewer.account)
        return Visitor(world, client)

    return made


@pytest.fixture
def nothing_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: everybody may know of everybody, in every module that asks."""
    from kith.foundation.access.decision import Decision, Reach, Reason
    from kith.record.people.standing import EVERYBODY, Standing

    for name in ("may_open", "may_know", "may_list"):
        monkeypatch.setattr(Standing, name, lambda self, column, only=None: EVERYBODY)
    monkeypatch.setattr(Standing, "decision", lambda self, person: Decision(Reach.OPEN, Reason.RELATIONSHIP))


def filled(pattern: str, world: World, words: list[str], ids: dict[str, list[int]]) -> Iterator[str]:
    """The paths a pattern makes when its word takes each of `words`, and each number each of its own `ids`."""
    values = [words if kind == "slug" else ids.get(name, [0]) for kind, name in ARGUMENT.findall(pattern)]
    for chosen in product(*values):
        path = "/" + pattern
        for value in chosen:
            path = ARGUMENT.sub(str(value), path, count=1)
        yield path


def slugs(pattern: str) -> list[str]:
    """What a word in a path may be: each kind of work, of period, a control, a measure, a timescale of the council."""
    from kith.oversight.controls.book import book

    if pattern.startswith("work/"):
        return tried_kinds()
    if pattern.startswith("record-work/"):
        return list(PLAIN)
    if pattern.startswith("measures/"):
        return ["cp_visit_ontime_pct", "assessment_45wd_pct"]
    if pattern.startswith("deadlines/timescales/"):
        return ["cp_visit"]
    if pattern.startswith("returns/due/"):
        return sorted(KINDS)
    if pattern.startswith("returns/"):
        return ["csv"] if "/download/" in pattern else ["cin"]
    return ["missing"] if pattern.startswith("now/") else list(book())[:1]


def hidden_paths(pattern: str, world: World, few: bool) -> Iterator[tuple[str, int]]:
    """(path with # for the number, number) for each hidden number that may stand in the pattern."""
    if pattern.count("<int") == 2 and "<int:part>" not in pattern:  # a hidden one and one who is seen, either way round
        for one, other in (("#", world.seen.pk), (world.seen.pk, "#")):
            path = ARGUMENT.sub(str(other), ARGUMENT.sub(str(one), pattern, count=1), count=1)
            yield from (("/" + path, each) for each in world.hidden["person"])
        return
    numbers = {kind: [ids[-1]] if few else list({ids[0], ids[-1]}) for kind, ids in world.hidden.items()}
    if "<int:part>" in pattern:
        whose = pattern.replace("<int:pk>", str(world.hidden["person"][0])).replace("<int:part>", "#")
        yield from (("/" + whose, each) for each in numbers["part"])
        pattern = pattern.replace("<int:part>", str(world.shown["part"][0]))
    if pattern.startswith("work/"):
        steps = Step.objects.filter(pk__in=world.hidden["step"][-2:] if few else world.hidden["step"])
        yield from (
            ("/" + pattern.replace("<slug:key>", kind).replace("<int:pk>", "#"), pk)
            for pk, kind in steps.values_list("pk", "kind")
            if "<int" in pattern
        )
    elif "<int" in pattern:
        steps = list(Step.objects.filter(pk__in=world.hidden["step"], kind__in=FORMED).values_list("pk", flat=True))
        formed = world.hidden["period"] if pattern.startswith("periods/") else steps  # some kinds of either have a form
        yield from (("/" + ARGUMENT.sub("#", pattern), each) for each in [*sum(numbers.values(), start=formed)])


def given_away(visitor: Visitor, few: bool = False) -> set[str]:
    """The routes that answer otherwise of a hidden number than of one that nothing has."""
    found = set()
    for pattern, view in routes():
        sent = visitor.world.sent.get(pattern, {})
        paths = hidden_paths(pattern, visitor.world, few)
        for path, number in paths if visitor.comes_in(view) else islice(paths, 1):
            data = sent.get(number)
            if pattern not in found and any(visitor.differs(method, path, number, data) for method in ("get", "post")):
                found.add(pattern)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_a_hidden_number_in_a_path_is_as_one_that_nothing_has(visit: Callable[[str], Visitor], role: str) -> None:
    assert given_away(visit(role), few=role != "team_manager") == set()


def test_every_route_about_a_child_is_caught_when_nothing_is_hidden(
    visit: Callable[[str], Visitor], nothing_hidden: None
) -> None:
    """The control: each route is tried with a number that it would give away."""
    caught = given_away(visit("team_manager"))
    numbered = {pattern for pattern, _ in routes() if "<int" in pattern}
    assert NOT_ABOUT_A_CHILD.keys() <= numbered
    assert sorted(numbered - NOT_ABOUT_A_CHILD.keys() - caught) == []


def asked_names() -> list[str]:
    """Every name that the code looks up in an address."""
    sources = [path for path in SOURCE.rglob("*.py") if path.name in ("views.py", "filters.py", "asked.py")]
    found = {name for path in sources for pair in ASKED.findall(path.read_text()) for name in pair if name}
    return sorted(found)


def names_of(visitor: Visitor, path: str) -> Iterator[str]:
    """The names that a page looks up: of an address with none, with each left empty, and of each tried meanwhile."""
    tried = set[str]()
    with noticing() as names:
        for given in ({}, dict.fromkeys(asked_names(), "")):
            visitor.ask("get", path, given)
        while names - tried:
            name = min(names - tried)
            tried.add(name)
            yield name


def open_pages(world: World, numbers: slice) -> Iterator[str]:
    """Every page about no hidden child: each route with the numbers of the seen child that `numbers` picks."""
    for pattern, view in routes():
        if view.opens_to != "public":
            words = slugs(pattern) if "<slug" in pattern else []
            about = {
                "children": "person",
                "people": "person",
                "team": "team",
                "promises": "promise",
                "grown-ups": "grown_up",
            }
            kinds = (about.get(pattern.partition("/")[0], "deadline" if pattern.startswith("deadl") else "step"),)
            ids = {"pk": [pk for kind in kinds for pk in world.shown[kind][numbers]], "part": world.shown["part"][:1]}
            yield from filled(pattern, world, words, ids)


def asked_away(visitor: Visitor) -> set[tuple[str, str]]:
    """(path, field) where a hidden child's number, or a hidden step's ref, is not answered as nothing's is."""
    world = visitor.world
    asked_of = (world.hidden["person"][0], Step.objects.get(pk=world.hidden["step"][0]).ref)
    # pages about oneself ask for nobody, and hold a new secret each time
    about_others = [each for each in open_pages(world, slice(0, 1)) if not each.startswith("/account/")]
    lists = [each for each in about_others if not re.search(r"\d{2}", each)]
    forms = ["/visits/new/", "/promises/new/", "/record-work/", *(f"/record-work/{kind}/new/" for kind in PLAIN)]
    pages = [*forms, *(each for each in lists if visitor.ask("get", each)[0] == 200)]
    once = {re.sub(r"(?<=^/work/)\w+|(?<=^/now/)\w+", "kind", each): each for each in pages}
    return {
        (path, name)
        for path in once.values()
        for name in names_of(visitor, path)
        for number in asked_of
        if visitor.differs("get", path, number, {name: ["#"]})
    }


def test_the_names_that_a_page_looks_up_are_known(visit: Callable[[str], Visitor]) -> None:
    visitor = visit("team_manager")
    assert {"child", "made_in", "owner", "team"} <= set(names_of(visitor, "/promises/"))
    assert "about_team" not in set(names_of(visitor, "/promises/"))
    assert set(asked_names()) <= set(names_of(visitor, "/children/looked/"))  # which goes through them all


def test_a_hidden_number_in_a_field_is_as_one_that_nothing_has(visit: Callable[[str], Visitor]) -> None:
    assert {"child", "made_in", "involved", "owner", "about_team"} <= set(asked_names())
    assert asked_away(visit("team_manager")) - SHOWN_AGAIN == set()


def test_a_field_that_gives_a_child_away_is_caught(visit: Callable[[str], Visitor], nothing_hidden: None) -> None:
    found = asked_away(visit("team_manager"))
    assert {("/work/", "child"), ("/deadlines/", "child"), ("/promises/", "child"), ("/visits/new/", "child")} <= found
    assert {("/record-work/", "child"), ("/record-work/case_summary/new/", "child")} <= found
    assert ("/promises/", "made_in") in found


def shape_of(pattern: str) -> str:
    """A pattern as a regular expression for its paths, whatever they ask for."""
    plain = re.escape(pattern).replace(r"\<", "<").replace(r"\>", ">")
    return "/" + ARGUMENT.sub(lambda each: r"[\w-]+" if each[1] == "slug" else r"\d+", plain) + r"(\?.*)?"


LINK = re.compile(r'(?:href|action|hx-get)="([^"]+)"')


def crawled(visitor: Visitor, most: int = 3000) -> dict[str, str]:
    """Every page that can be reached by links from the first page and from the lists, by its address."""
    waiting, found = deque(["/", *open_pages(visitor.world, slice(-4, None))]), dict[str, str]()
    tried, shapes = set(waiting), Counter[str]()
    while waiting and len(found) < most:
        path = waiting.popleft()
        status, goes, body = visitor.ask("get", path, undo=False)
        found[f"{status} {path}"] = body
        for link in [goes, *LINK.findall(body)]:
            address = unescape(link).partition("#")[0]
            address = path.partition("?")[0] + address if address.startswith("?") else address
            shape = re.sub(r"\d+", "N", address)
            if address.startswith("/") and not address.startswith(("//", "/static/")) and address not in tried:
                tried.add(address)
                shapes[shape] += 1
                if shapes[shape] <= 5:
                    waiting.append(address)
    return found


def told(page: str) -> list[str]:
    """What of the hidden children a page gives away: a name or a number of theirs."""
    numbers = [each for each in re.findall(r"\d{7}", page) if LOWEST <= int(each) <= HIGHEST]
    return sorted({*(name for name in NAMES if name in page), *numbers})


def leaks(visitor: Visitor) -> dict[str, list[str]]:
    """The pages that tell of a hidden child."""
    return {address: told(body) for address, body in crawled(visitor).items() if told(body)}


def rows_of_every_table() -> dict[str, int]:
    """How many rows each table of Kith holds, but for the openings: reading a child's record is noted there."""
    ours = [each for each in apps.get_models() if each.__module__.startswith("kith.") and each not in (Opening, Link)]
    return {each._meta.db_table: each._default_manager.count() for each in ours}


@pytest.mark.parametrize("role", ROLES)
def test_no_page_that_can_be_reached_tells_of_a_hidden_child_and_reading_writes_nothing(
    visit: Callable[[str], Visitor], role: str
) -> None:
    visitor = visit(role)
    before = rows_of_every_table()
    pages = crawled(visitor)
    assert len(pages) > 60
    assert not [address for address in pages if address.startswith("500")]
    left_out = [pattern for pattern, (_, opens) in NOT_ABOUT_A_CHILD.items() if opens == role]
    unread = [each for each in left_out if not any(re.fullmatch(f"200 {shape_of(each)}", page) for page in pages)]
    assert unread == []
    assert {address: told(body) for address, body in pages.items() if told(body)} == {}
    assert rows_of_every_table() == before  # a change to a row adds one to the table of changes
    let_in = Opening.objects.exclude(kind=Opening.REFUSED)
    assert not let_in.filter(worker=visitor.world.viewer.pk, person__gte=LOWEST).exists()
    listed = {pk for row in let_in.filter(worker=visitor.world.viewer.pk) for pk in row.shown or ()}
    assert not {pk for pk in listed if LOWEST <= pk <= HIGHEST}
    works_with_children = "see_child" in policy().roles[role].may  # the others are shown nobody at all
    assert bool(listed) is works_with_children
    opened = Opening.objects.filter(worker=visitor.world.viewer.pk, person=visitor.world.seen.pk)
    assert opened.exists() is works_with_children


def test_writing_is_noticed(visit: Callable[[str], Visitor]) -> None:
    """The control: a form that is sent does change what is counted."""
    visitor, before = visit("social_worker"), rows_of_every_table()
    visitor.client.post(f"/children/{visitor.world.seen.pk}/story/", {"who_i_am": "I like boats", "after": ""})
    assert rows_of_every_table() != before


def test_the_pages_that_would_tell_of_one_are_caught(visit: Callable[[str], Visitor], nothing_hidden: None) -> None:
    found = " ".join(leaks(visit("team_manager")))
    for page in ("200 / ", "200 /children/", "200 /work/", "200 /deadlines/", "200 /promises/", "200 /drafts/"):
        assert page in f"{found} ", page
