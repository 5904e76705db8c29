"""T20: whoever or whatever touches a child's record, refused or let in, is in the history."""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import Client

from kith.foundation.access.checks import routes
from kith.foundation.access.policy import policy
from kith.foundation.history.models import Change, Opening
from kith.foundation.history.triggers import kept_models
from kith.record.people.actions import rebuild_name_keys
from kith.record.people.models import Person
from tests import factories as make
from tests.architecture.hidden_world import World, build
from tests.assurance.kit import Measuring, Sized

# A page that reads some people to choose among them, and shows fewer: there the page's own words are the measure.
READS_TO_CHOOSE = {"people": "every name that sounds like what was typed is ranked; the first twenty are shown"}
NAMES = ("Quenby", "Thessaly", "Wilhelmsdottir", "Peverell", "Isambard")


@dataclass
class Touched:
    """Whose data came out of the database during a request, found by words that only their record holds."""

    words: dict[str, int]
    people: set[int] = field(default_factory=set)

    def look(self, value: Any) -> None:
        """Look for anybody's words in what was read."""
        text = str(value)
        self.people |= {person for word, person in self.words.items() if word in text}


@contextmanager
def traced(touched: Touched) -> Iterator[None]:
    """Every row fetched through any cursor of Django's is looked at, whatever asked for it."""
    fetches = ("fetchone", "fetchmany", "fetchall")

    def watching(name: str) -> Callable[..., Any]:
        def fetch(self: Any, *args: Any) -> Any:
            found = getattr(self.cursor, name)(*args)
            touched.look(found)
            return found

        return fetch

    def walking(self: Any) -> Iterator[Any]:
        for row in self.cursor:
            touched.look(row)
            yield row

    usual = CursorWrapper.__iter__
    for name in fetches:
        setattr(CursorWrapper, name, watching(name))
    CursorWrapper.__iter__ = walking  # type: ignore[method-assign]
    try:
        yield
    finally:
        CursorWrapper.__iter__ = usual  # type: ignore[method-assign]
        for name in fetches:
            delattr(CursorWrapper, name)


@dataclass
class Crawl:
    """What asking every address once found."""

    requests: int = 0
    let_in: int = 0
    refused: int = 0
    touches: int = 0
    without: list[str] = field(default_factory=list)  # touches that the history does not have
    unfounded: list[str] = field(default_factory=list)  # entries of the history that nothing touched
    silent: list[str] = field(default_factory=list)  # refusals that the history does not have


def crawl(client: Client, world: World, words: dict[str, int], most: int, chance: random.Random) -> Crawl:
    """Ask every route with numbers that are there, hidden and missing; then every link that the pages hold."""
    found, seen = Crawl(), set[str]()
    every = sorted(addresses(world))
    refused = [path for path in chance.sample(every, min(most // 3, len(every)))]
    queue = deque(["/", *searches(world), *refused])
    while queue and found.requests < most:
        path = queue.popleft()
        if path not in seen:
            seen.add(path)
            queue += [link for link in _ask(client, path, words, found) if link not in seen]
    return found


def addresses(world: World) -> Iterator[str]:
    """Every route, its numbers filled with those of rows that are there, of hidden ones, and of none."""
    kinds = ("person", "step", "part", "deadline", "promise", "clash", "period")
    ids = [ids[-1] for each in (world.shown, world.hidden) for kind in kinds if (ids := each.get(kind))] + [7_700_000]
    for pattern, view in routes():
        if view.opens_to == "public" or "sign-in" in pattern:
            continue
        plain = re.sub(r"<slug:\w+>", "visit" if pattern.startswith("work/") else "missing", pattern)
        plain = re.sub(r"<(?:str|path):\w+>", "nothing", plain)
        for number in ids if "<int" in plain else [0]:
            yield "/" + re.sub(r"<int:\w+>", str(number), plain)
    yield from (f"/{page}/?child={pk}" for page in ("promises", "deadlines", "visits/new") for pk in ids)


def searches(world: World) -> list[str]:
    """Looking for people by names that are theirs, misspelt, or of many.

    In small letters: the page says what was typed again, and that alone is no word of anybody's record.
    """
    return [
        f"/people/?q={word}"
        for word in (*map(str.lower, NAMES), world.seen.forename.lower(), "Begum", "Begam", "Quenbie")
    ]


def _ask(client: Client, path: str, words: dict[str, int], found: Crawl) -> list[str]:
    before, touched = Opening.objects.count(), Touched(words)
    with traced(touched):
        answer = client.get(path)
    rows = list(Opening.objects.order_by("pk")[before:])
    name = answer.resolver_match.view_name if getattr(answer, "resolver_match", None) else ""
    found.requests += 1
    if answer.status_code in (403, 404):
        found.refused += 1
        if not [row for row in rows if row.kind == Opening.REFUSED]:
            found.silent.append(path)
        return []
    if answer.status_code != 200 or answer.streaming:
        return []
    found.let_in += 1
    body = answer.content.decode(errors="replace")
    said = {person for word, person in words.items() if word in body}
    kept = {pk for row in rows if row.kind != Opening.REFUSED for pk in (row.person, *(row.shown or ())) if pk}
    must = said if name in READS_TO_CHOOSE else said | touched.people
    found.touches += len(must)
    found.without += [f"{path}: {sorted(must - kept)}"] if must - kept else []
    unfounded = {each for each in kept if each in words.values()} - said - touched.people
    found.unfounded += [f"{path}: {sorted(unfounded)}"] if unfounded else []
    links = re.findall(r'href="(/[^"#]*)"', body)
    return [unescape(each) for each in links if not each.startswith(("/static/", "/sign-", "/personas/"))]


def _words(world: World) -> dict[str, int]:
    """Children of the viewer's own, each with a name that nobody else has; and the child whom everybody may see."""
    for name in NAMES:
        child = make.a_child(name, "Begum")
        make.allocate(child, world.viewer)
        make.a_period(child)
    make.one_family(*Person.objects.filter(forename__in=NAMES[:3]))
    found = {name: Person.objects.get(forename=name).pk for name in ("Imran", *NAMES)}
    rebuild_name_keys(list(found.values()))
    return found


def writes_seen(chance: random.Random, count: int) -> tuple[int, int]:
    """Rows written by the ORM, in bulk and by SQL: how many, and how many of them the history has before and after."""
    children = [make.a_child(f"Child {number}") for number in range(5)]
    seen = 0
    for number in range(count):
        child, word = chance.choice(children), f"w{number}"
        before = Change.objects.count()
        if number % 3 == 0:
            Person.objects.filter(pk=child.pk).update(surname=word)
        elif number % 3 == 1:
            Person.objects.bulk_update([_named(child, word)], ["surname"])
        else:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE people_person SET surname = %s WHERE id = %s", [word, child.pk])
        new = list(Change.objects.order_by("pk")[before:])
        seen += len(new) == 1 and new[0].person == child.pk and new[0].after["surname"] == word
    return count, seen


def _named(child: Person, word: str) -> Person:
    child.surname = word
    return child


@pytest.mark.both
def test_t20_history_is_whole(
    measuring: Measuring, sized: Sized, record: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with measuring("T20", seed=20) as figure:
        chance = random.Random(figure.seed)
        roles = sorted(policy().roles)
        total = Crawl()
        for role in roles if sized(short=0, full=1) else ["social_worker"]:
            _of_role(role, total, sized(short=220, full=600), chance)
        count, seen = writes_seen(chance, sized(short=60, full=3_000))
        print(*total.without, *total.unfounded, *total.silent, sep="\n")  # which, where the figure misses its gate
        figure.none("touches of a person without an entry", found=len(total.without), of=total.touches)
        figure.none("entries without a touch", found=len(total.unfounded), of=total.let_in)
        figure.none("refusals without an entry", found=len(total.silent), of=total.refused)
        figure.all("writes kept, with whose row it was", found=seen, of=count)
        figure.note(f"{total.requests:,} requests, {total.let_in:,} let in and {total.refused:,} refused.")
        figure.note(
            f"{len(kept_models())} tables have triggers; a write with nobody acting is refused by the database."
        )
        figure.note("; ".join(f"{page}: {why}" for page, why in READS_TO_CHOOSE.items()))
        figure.note(
            "Pages are asked for and links followed; forms are not sent. A person is known by a name of hers alone."
        )
        _without_the_door(monkeypatch)
        broken = Crawl()
        _of_role("social_worker", broken, 60, chance)
        said = f"{len(broken.without)} touches without an entry"
        figure.control("pages do not say whom they named", failed=bool(broken.without), said=said)


def _of_role(role: str, total: Crawl, most: int, chance: random.Random) -> None:
    from django.db import transaction

    with transaction.atomic():
        world, client = build(role), Client()
        words = _words(world)
        client.force_login(world.viewer.account)
        found = crawl(client, world, words, most, chance)
        transaction.set_rollback(True)
    for name, value in vars(found).items():
        setattr(total, name, getattr(total, name) + value)


def _without_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the door does not look at what a page named."""
    from kith.foundation.access import door

    monkeypatch.setattr(door, "note_shown", lambda response, page: None)
