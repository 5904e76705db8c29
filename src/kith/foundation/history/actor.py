"""Who is acting now: set once at the door, read by the database's own triggers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, transaction


@dataclass(frozen=True)
class Actor:
    """The person or job behind a read or a write. `bulk` marks a load, whose rows carry the load's own number.

    `client` is where it came from: "web" and an address, or what else is at work.
    """

    worker: int | None
    role: str
    purpose: str = ""
    request: str = ""
    bulk: bool = False
    client: str = "kith"


NO_ROLE = "none"  # PostgreSQL's word for the role that somebody signed in to it with
Ending = Callable[[list[Any]], None]
_current: ContextVar[Actor | None] = ContextVar("actor", default=None)
_behind: ContextVar[tuple[str, Actor] | None] = ContextVar("behind", default=None)  # a role, and who reads in it
_endings: ContextVar[dict[Ending, list[Any]] | None] = ContextVar("endings", default=None)


class NobodyIsActing(RuntimeError):
    """A write was tried with no actor: a bug, and the write is refused."""


def current() -> Actor | None:
    """The actor of this thread or task, if any."""
    return _current.get()


def as_json() -> str:
    """The actor as the triggers read it; raises when nobody is acting, so that an unsigned write fails."""
    actor = _current.get()
    if actor is None:
        raise NobodyIsActing("Nobody is acting: write inside history.acting(…).")
    return _text(actor)


def is_bulk() -> bool:
    """Whether a load is writing: asked at every row, so it says only that; raises when nobody is acting."""
    actor = _current.get()
    if actor is None:
        raise NobodyIsActing("Nobody is acting: write inside history.acting(…).")
    return actor.bulk


@lru_cache(maxsize=64)
def _text(actor: Actor) -> str:
    """Written once for each actor: a load asks for it at every one of its rows."""
    return json.dumps(asdict(actor))


@contextmanager
def acting(actor: Actor, *, reading_as: str = "") -> Iterator[Actor]:
    """Everything written inside is signed by `actor`, in one transaction.

    `reading_as`: on PostgreSQL, the role of the database in which what is inside reads and writes, behind the second
    wall; what ends it writes outside it.
    Where the block fails, its transaction is taken back, and the role with it.
    """
    before = _current.get()
    token, endings = _current.set(actor), _endings.set({})
    behind = _behind.set((reading_as, actor) if reading_as else _behind.get())
    try:
        with transaction.atomic():
            _tell_database(actor, role=reading_as)
            yield actor
            if reading_as:
                _tell_database(actor, role=NO_ROLE)
            for ending, held in (_endings.get() or {}).items():
                ending(held)
            if before is not None:
                _tell_database(before)
    finally:
        _behind.reset(behind)
        _endings.reset(endings)
        _current.reset(token)


@contextmanager
def beyond_the_wall() -> Iterator[None]:
    """On PostgreSQL, what is inside reads and writes of everybody: what an act owes to those its actor may not know.

    The few places that may, and why, are listed in tests/architecture/test_sql.py. Whoever is hidden is worked out
    anew afterwards. Where the block fails, what it wrote is taken back, and its leave with it.
    """
    actor, behind = _current.get(), _behind.get()
    if actor is None or behind is None or connection.vendor != "postgresql":
        yield
        return
    role, reader = behind
    beyond = _behind.set(None)
    try:
        with transaction.atomic():
            _tell_database(actor, role=NO_ROLE)
            yield
    finally:
        _behind.reset(beyond)
    _tell_database(actor, role=role, reader=reader)


def at_the_end(ending: Ending) -> list[Any]:
    """A list to add to: `ending` is called with it once, before the transaction of who is acting now ends."""
    held = _endings.get()
    if held is None:
        raise NobodyIsActing("Nobody is acting: nothing ends.")
    return held.setdefault(ending, [])


def _tell_database(actor: Actor, *, role: str = "", reader: Actor | None = None) -> None:
    """PostgreSQL's triggers read a setting of the transaction; SQLite's call back into this module.

    In a role that reads, PostgreSQL works out once who is hidden from its reader, and all its walls ask that.
    """
    if connection.vendor == "postgresql":
        words = "SELECT set_config('kith.actor', %s, true)"
        settings: list[Any] = [json.dumps(asdict(actor))]
        if role and role != NO_ROLE:
            words += ", set_config('kith.hidden', kith_hidden(%s)::text, true), set_config('role', %s, true)"
            settings += [(reader or actor).worker, role]
        elif role:
            words += ", set_config('kith.hidden', '', true), set_config('role', %s, true)"
            settings.append(role)
        with connection.cursor() as cursor:
            cursor.execute(words, settings)
