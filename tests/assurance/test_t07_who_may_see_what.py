"""T7: every address, method, role, relationship and restriction is answered as the reviewed tables say."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from kith.foundation.access import checks, decision, door
from kith.foundation.access.policy import policy
from kith.record.deadlines.queries import deadlines_for
from kith.record.people import access, standing
from kith.record.people.models import Person
from kith.record.people.one_of import Ids
from kith.record.promises.queries import promises_for
from kith.record.steps.queries import parts_for, steps_for
from tests.assurance.access.oracle import (
    EMERGENCY,
    IN_EMERGENCY,
    KNOW,
    LEVELS,
    MAY,
    NOTHING,
    OPEN,
    ROLES,
    ROUTES,
    TIES,
    Route,
    expected,
    reach,
)
from tests.assurance.access.world import Cell, World, build
from tests.assurance.kit import FULL, Measuring
from tests.factories import viewer as viewer_of

PUBLIC = re.compile(r"^(about/|calendar/feed/|personas/|sign-in/|sign-out/)")
ARGUMENT = re.compile(r"<\w+:(\w+)>")
METHODS = ("GET", "POST")
NUMBERED = [each for each in ROUTES.values() if each.kind not in ("", "other")]
PARTS = 4 if FULL else 1  # the roles in so many parts, each a result of its own
OFTEN = 120  # seconds after which whoever looks signs in again: what an answer wrote of her session is undone
STEP = 223  # a short run takes every cell of this many: each address meets each role, tie and level many times over


@pytest.mark.parametrize("part", range(PARTS))
def test_t07_who_may_see_what(measuring: Measuring, record: None, quiet: None, part: int) -> None:
    roles = {number: role for number, role in enumerate(ROLES) if number % PARTS == part}
    with measuring("T7", seed=7, part=f"roles {part + 1} of {PARTS}" if PARTS > 1 else "") as figure:
        figure.none("addresses not in the table", found=len(_untabled()), of=len(list(checks.routes())))
        figure.none("capabilities that differ from the table", found=len(_other_capabilities()), of=len(ROLES) * 23)
        wrong, tried = Counter[str](), Counter[str]()
        for number, role in roles.items():
            with _undone():
                _try_role(role, number, wrong, tried, None if FULL else _paired(number))
        for what in ("decisions", "queries", "answers", "answers to nobody"):
            figure.none(f"wrong {what}", found=wrong[what], of=tried[what])
        figure.note(f"Roles: {', '.join(roles.values())}.")
        said = sorted(each for each in wrong if each not in tried)
        figure.note(f"{len(said)} wrong: {'; '.join(said[:9])}" if said else "Every cell was as the table says.")
        assert not said, said[:20]
        for name, broken in CHECKS.items():
            figure.control(name, failed=_notices(broken), said="wrong answers were found")


def _paired(number: int) -> list[tuple[str, str]]:
    """Every tie with no restriction and with one other, which turns from role to role."""
    turned = [(tie, LEVELS[1 + (place + number) % (len(LEVELS) - 1)]) for place, tie in enumerate(TIES)]
    return [(tie, "R0") for tie in TIES] + turned


def _untabled() -> set[str]:
    found = {pattern for pattern, _ in checks.routes() if not PUBLIC.match(pattern)}
    return found ^ set(ROUTES)


def _other_capabilities() -> list[str]:
    mine = {(role, each) for role, row in policy().roles.items() for each in (*row.may, "signed in")}
    said = {pattern: getattr(view, "opens_to", "") for pattern, view in checks.routes()}
    other = [each for each in ROUTES.values() if said.get(each.pattern) != each.capability]
    return [*(f"{each}" for each in mine ^ MAY), *(each.pattern for each in other)]


def _try_role(role: str, number: int, wrong: Counter[str], tried: Counter[str], only: Any = None) -> None:
    world = build(role, only)
    _decisions(world, wrong, tried)
    _queries(world, wrong, tried)
    _answers(world, number, wrong, tried)


def _note(wrong: Counter[str], what: str, *, is_wrong: bool, words: str) -> None:
    if is_wrong:
        wrong[what] += 1
        wrong[f"{what}: {words}"] += 1


def _decisions(world: World, wrong: Counter[str], tried: Counter[str]) -> None:
    """The decision itself, and whether an emergency would open the record."""
    for cell in world.cells:
        viewer, pk = viewer_of(world.who(cell)), cell.numbers["person"]
        found, wanted = access.decision_on(viewer, pk), reach(world.role, cell.tie, cell.level)
        breaks = cell.level in IN_EMERGENCY | {"closed"} and world.role in EMERGENCY
        said = standing.standing_of(viewer).may_break_glass(pk)
        tried["decisions"] += 2
        words = f"{world.role}, {cell.tie}, {cell.level}"
        _note(wrong, "decisions", is_wrong=found.reach.value != wanted, words=f"{words}: {found.reach.value}")
        _note(wrong, "decisions", is_wrong=said != breaks, words=f"{words}: emergency {said}")


def _queries(world: World, wrong: Counter[str], tried: Counter[str]) -> None:
    """Every list: exactly the records that open, or are known, and the rows about them."""
    for who in (world.viewer, world.on_shift):
        cells = [each for each in world.cells if world.who(each) is who]
        viewer = viewer_of(who)
        opened = {each.numbers["person"] for each in cells if reach(world.role, each.tie, each.level) == OPEN}
        known = {each.numbers["person"] for each in cells if reach(world.role, each.tie, each.level) != NOTHING}
        mine = {each.numbers["person"] for each in cells}
        lists: dict[str, tuple[set[int], set[int]]] = {
            "visible_to": (_people(access.visible_to(viewer), "pk"), opened),
            "known_to": (_people(access.known_to(viewer), "pk"), known),
            "deadlines": (_people(deadlines_for(viewer), "person_id"), opened),
            "promises": (_people(promises_for(viewer), "person_id"), opened),
            "parts": (_people(parts_for(viewer), "person_id"), opened),
            "steps": (_people(steps_for(viewer, few=False), "parts__person_id"), opened),
            "steps, few": (_people(steps_for(viewer), "parts__person_id"), opened),
        }
        for name, (found, wanted) in lists.items():
            tried["queries"] += len(mine)
            for pk in (found & mine) ^ wanted:
                cell = next(each for each in cells if each.numbers["person"] == pk)
                _note(wrong, "queries", is_wrong=True, words=f"{name}: {world.role}, {cell.tie}, {cell.level}")


def _people(rows: Any, column: str) -> set[int]:
    return set(rows.values_list(column, flat=True))


def _answers(world: World, number: int, wrong: Counter[str], tried: Counter[str]) -> None:
    """The addresses themselves, through the door. In the short form every STEPth cell of the whole matrix."""
    clients = Clients(world.viewer, world.on_shift)
    nobody, place = Client(), number
    for route in NUMBERED:
        for method in METHODS:
            for cell in world.cells:
                place += 1
                if not FULL and place % STEP:
                    continue
                found = _ask(clients.of(world.who(cell)), route, method, cell)
                wanted = expected(route, method, world.role, reach(world.role, cell.tie, cell.level))
                judged = wanted != "let in" or route.judged_when_open
                tried["answers"] += judged
                words = f"{method} {route.pattern}: {world.role}, {cell.tie}, {cell.level}: {found} not {wanted}"
                _note(wrong, "answers", is_wrong=judged and found != wanted, words=words)
            if number and not FULL:  # nobody is nobody, whichever role the world is of
                continue
            tried["answers to nobody"] += 1
            said = _ask(nobody, route, method, world.cells[0])
            _note(wrong, "answers to nobody", is_wrong=said != "sign in", words=f"{route.pattern}: {said}")
    others = [each for each in ROUTES.values() if each.kind in ("", "other")]
    for route in others if FULL else others[number % 5 :: 5]:
        _without_a_child(route, world, clients.of(world.viewer), wrong, tried)


def _without_a_child(route: Route, world: World, client: Client, wrong: Counter[str], tried: Counter[str]) -> None:
    """An address about no child: only what the role may do counts."""
    for method in METHODS:
        found = _ask(client, route, method, world.cells[0])
        wanted = expected(route, method, world.role, OPEN)
        fine = found == wanted or (wanted == "let in" and route.kind == "other" and found == "nothing there")
        tried["answers"] += 1
        words = f"{method} {route.pattern}: {world.role}: {found} not {wanted}"
        _note(wrong, "answers", is_wrong=not fine, words=words)


def _ask(client: Client, route: Route, method: str, cell: Cell) -> str:
    """What is answered, in a word; what it did is undone."""
    path = "/" + route.pattern
    given = {"pk": cell.numbers.get(route.kind, 999_999), "key": "visit", "kind": "missing"}
    if route.kind == "part":
        given |= {"pk": cell.numbers["person"], "part": cell.numbers["part"]}
    path = ARGUMENT.sub(lambda match: str(given.get(match[1], 999_999)), path)
    with _undone():
        answer = client.generic(method, path)
    if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/"):
        return "sign in"
    names = {403: "forbidden", 404: "nothing there", 405: "no such method"}
    return names.get(answer.status_code, "let in" if answer.status_code < 500 else f"broke ({answer.status_code})")


class Clients:
    """The browsers of those who look, signed in again before a session or a proof grows old."""

    def __init__(self, *workers: Any) -> None:
        self.workers, self.at = workers, -float("inf")

    def of(self, who: Any) -> Client:
        """The browser of one of them."""
        if time.monotonic() - self.at > OFTEN:
            self.at, self.signed_in = time.monotonic(), {each.pk: _signed_in(each) for each in self.workers}
        return self.signed_in[who.pk]


def _signed_in(who: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(who.account)
    return client


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# The checks, each of which is taken out in turn: a matrix that does not notice proves nothing.
def _opened_to_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(standing.Standing, "may_open", lambda self, column, only=None: standing.EVERYBODY)


def _known_to_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(standing.Standing, "may_know", lambda self, column: standing.EVERYBODY)
    patch.setattr(standing.Standing, "known", lambda self: (True, Ids(())))


def _every_role_may(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(door.Viewer, "may", lambda self, capability: True)


def _decide_without(**changed: Any) -> Callable[[pytest.MonkeyPatch], None]:
    original = decision.decide

    def broken(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(standing, "decide", lambda **given: original(**given | changed))

    return broken


def _any_tie_opens(patch: pytest.MonkeyPatch) -> None:
    original = decision.decide
    patch.setattr(standing, "decide", lambda **given: original(**given | {"ties": given["ties"] | {"named"}}))


def _nothing_ends(patch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    longer = replace(policy(), lingering=400)
    patch.setattr(standing, "policy", lambda: longer)
    patch.setattr(standing, "_ties_of", standing._ties_of.__wrapped__)  # not the query that was put together before


def _emergency_for_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(standing.Standing, "may_break_glass", lambda self, person: True)


CHECKS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "the query opens every record": _opened_to_all,
    "the query knows of every record": _known_to_all,
    "every role may do everything": _every_role_may,
    "no restriction counts": _decide_without(levels=frozenset()),
    "no barring counts": _decide_without(barred=False),
    "everybody is named": _any_tie_opens,
    "a relationship does not end": _nothing_ends,
    "an emergency opens everything to everybody": _emergency_for_all,
}
TRIED_BROKEN = [(tie, level) for tie in ("allocated", "allocated_long_ago", "none") for level in ("R0", "R1", "barred")]


def _notices(broken: Callable[[pytest.MonkeyPatch], None]) -> bool:
    """Whether the matrix finds something wrong when this check is taken out."""
    wrong, tried = Counter[str](), Counter[str]()
    with pytest.MonkeyPatch.context() as patch:
        broken(patch)
        for role in ("auditor", "social_worker") if FULL else ("social_worker",):
            with _undone():
                world = build(role, TRIED_BROKEN)
                _decisions(world, wrong, tried)
                _queries(world, wrong, tried)
                client = _signed_in(world.viewer)
                _without_a_child(ROUTES["loads/"], world, client, wrong, tried)
    return bool(wrong)


def test_the_world_has_every_tie_and_the_oracle_tells_them_apart() -> None:
    told = {role: Counter(reach(role, tie, level) for tie in TIES for level in LEVELS) for role in ROLES}
    for role, counts in told.items():
        nobody_at_all = role == "system_administrator"  # keeps accounts, and works with no child
        apart = role == "designated_officer"  # knows of nobody but those whom she opens
        found = {NOTHING} if nobody_at_all else {OPEN, NOTHING} if apart else {OPEN, KNOW, NOTHING}
        assert set(counts) == found, role
    assert len({tuple(sorted(each.items())) for each in told.values()}) > 4
    assert Person is not None
