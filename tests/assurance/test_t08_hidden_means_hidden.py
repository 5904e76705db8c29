"""T8: a record that is hidden and one that does not exist are answered alike, by number, name, count and time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter, process_time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client

from kith.foundation.access.checks import routes
from kith.foundation.access.policy import policy
from kith.record.people import standing
from kith.record.people.models import NameKey, Person
from kith.record.people.one_of import Ids
from tests.architecture.hidden_world import MISSING, NAMES, World, build
from tests.architecture.test_hidden import Visitor, hidden_paths, told
from tests.assurance.kit import FULL, Measuring
from tests.assurance.walls import second_wall_down

ROLES = sorted(policy().roles) if FULL else ["team_manager"]
TIMED = 300  # pairs of requests for each address whose time is measured
LISTS = ("/", "/people/", "/deadlines/", "/work/", "/work/visit/", "/promises/", "/now/missing/", "/team/")
GATE = 5.0  # milliseconds


@pytest.mark.both
def test_t08_hidden_means_hidden(measuring: Measuring, record: None, quiet: None) -> None:
    with measuring("T8", seed=8) as figure:
        different, told_of, tried, asked = 0, 0, 0, 0
        for role in ROLES:
            with _world(role) as visitor:
                differ, asked_of = _by_number(visitor, slice(None) if FULL else slice(0, None, 6))
                different, tried = different + differ, tried + asked_of
                found, count = _by_name(visitor)
                told_of, asked = told_of + found, asked + count
        figure.none("addresses that answer otherwise of a hidden number", found=different, of=tried)
        figure.none("searches that tell of a hidden child", found=told_of, of=asked)
        with _world("team_manager") as visitor:
            changed, lists = _counts(visitor)
            figure.none("lists and counts that change when a hidden child is there", found=changed, of=lists)
            if FULL:  # time is measured where nothing else runs
                waited, worked = _gaps(visitor)
                figure.at_most("milliseconds between the medians", waited, gate=GATE)
                figure.at_most("milliseconds of the processor's between the medians", worked, gate=GATE)
            else:
                figure.note("Time is measured in the full form alone.")
        figure.control("a hidden record answers 403 and not 404", failed=_notices_403(), said="an address differed")
        figure.control("the hidden are known to all", failed=_notices_known(), said="a search told")


@contextmanager
def _world(role: str) -> Iterator[Visitor]:
    with transaction.atomic():
        world, client = build(role), Client()
        client.force_login(world.viewer.account)
        yield Visitor(world, client)
        transaction.set_rollback(True)


def _by_number(visitor: Visitor, some: slice) -> tuple[int, int]:
    """Each address with a hidden number and with one that nothing has: how many are answered otherwise, of how many."""
    found = tried = 0
    for pattern in sorted(pattern for pattern, _ in routes() if "<int" in pattern)[some]:
        for path, number in hidden_paths(pattern, visitor.world, few=not FULL):
            for method in ("get", "post"):
                tried += 1
                found += visitor.differs(method, path, number)
    return found, tried


def _by_name(visitor: Visitor) -> tuple[int, int]:
    """Searches for every name of the hidden, whole, in part, and with a date of birth: how many told, of how many."""
    words = [*NAMES, *(name[:5] for name in NAMES), *(f"{name} 3/4/2015" for name in NAMES)]
    pages = [visitor.ask("get", "/people/", {"q": each})[2] for each in words]
    found = sum(bool(told(_without_the_box(page, asked))) for page, asked in zip(pages, words, strict=True))
    return found, len(words)


def _without_the_box(page: str, asked: str) -> str:
    return page.replace(f'value="{asked}"', "")


def _counts(visitor: Visitor) -> tuple[int, int]:
    """Every list with the hidden children there, and with all that is known of them taken away: they must be alike."""
    before = [_shown(visitor, path) for path in LISTS]
    hidden = visitor.world.hidden["person"]
    with transaction.atomic():
        NameKey.objects.filter(person__in=hidden).delete()
        Person.objects.filter(pk__in=hidden).update(forename="", surname="", known_as="", is_child=False, born_on=None)
        _take_away(visitor.world)
        after = [_shown(visitor, path) for path in LISTS]
        transaction.set_rollback(True)
    return sum(one != other for one, other in zip(before, after, strict=True)), len(LISTS)


def _take_away(world: World) -> None:
    """Close whatever of theirs a list could count."""
    from kith.record.deadlines.models import Deadline
    from kith.record.periods.models import Period
    from kith.record.promises.models import Promise

    hidden = world.hidden["person"]
    Deadline.objects.filter(person__in=hidden).delete()
    Period.objects.filter(person__in=hidden).update(voided_at="2020-01-01T00:00Z")
    Promise.objects.filter(person__in=hidden).update(dropped_on="2020-01-01")


def _shown(visitor: Visitor, path: str) -> tuple[Any, ...]:
    import re

    body = visitor.ask("get", path)[2]
    return tuple(re.findall(r'data-count(?:ed)?="(\d+)"|\((\d+)\)|href="(/children/\d+/)"', body))


def _gaps(visitor: Visitor) -> tuple[float, float]:
    """The largest difference between the medians, in milliseconds, of a hidden number and one that nothing has.

    As whoever asks waits for it, and as the processor works, which does not hang on what else the machine does.
    """
    found = []
    for pattern in ("/children/{}/", "/people/{}/restrictions/", "/emergency/{}/"):
        times: dict[int, list[tuple[float, float]]] = {visitor.world.hidden["person"][1]: [], MISSING: []}
        for turn in range(TIMED):
            for number, kept in list(times.items())[:: 1 if turn % 2 else -1]:
                began, busy = perf_counter(), process_time()
                visitor.ask("get", pattern.format(number))
                kept.append(((perf_counter() - began) * 1000, (process_time() - busy) * 1000))
        one, other = ([median(clock) for clock in zip(*each, strict=True)] for each in times.values())
        found.append([abs(mine - its) for mine, its in zip(one, other, strict=True)])
    waited, worked = (max(each) for each in zip(*found, strict=True))
    return waited, worked


def _notices_403() -> bool:
    from kith.record.people import queries, restrictions

    with pytest.MonkeyPatch.context() as patch, _world("team_manager") as visitor:
        second_wall_down()
        original = queries.person_for
        patch.setattr(restrictions.queries, "person_for", lambda viewer, pk: _refusing(original, viewer, pk))
        return visitor.differs("get", "/people/#/restrictions/", visitor.world.hidden["person"][1])


def _refusing(original: Any, viewer: Any, pk: int) -> Any:
    if Person.objects.filter(pk=pk).exists() and not standing.standing_of(viewer).decision(pk).allowed:
        raise PermissionDenied("hidden")
    return original(viewer, pk)


def _notices_known() -> bool:
    with pytest.MonkeyPatch.context() as patch, _world("team_manager") as visitor:
        second_wall_down()
        patch.setattr(standing.Standing, "may_know", lambda self, column: standing.EVERYBODY)
        patch.setattr(standing.Standing, "known", lambda self: (True, Ids(())))
        return bool(_by_name(visitor)[0])
