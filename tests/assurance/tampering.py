"""Builds small histories and tampers with them, as somebody who may write to every table of the database could."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from kith.foundation.history import anchors
from kith.foundation.history.actions import listed, opened
from kith.foundation.history.actor import Actor, acting
from tests.factories import a_child

ZERO = bytes(32)
TABLES = {1: "history_change", 2: "history_opening", 3: "history_disposal"}


@dataclass(frozen=True)
class Edit:
    """What was done, and where the first row that is wrong must be said to be: a link's number, or an unlinked row."""

    kind: str
    chain: int
    number: int = 0
    row: int = 0
    until: int = 0  # the last link of the stretch, where only a stretch between two signed heads can be told


@contextmanager
def history(chance: random.Random) -> Iterator[None]:
    """A history that is there for a while."""
    with transaction.atomic():
        build(chance)
        yield
        transaction.set_rollback(True)


def build(chance: random.Random, *, transactions: int = 24) -> None:
    """A history: children opened, changed and listed, its heads signed now and then and at the end."""
    children = [a_child() for _ in range(3)]
    at = timezone.now()
    for each in range(transactions):
        elsewhere()
        with acting(Actor(worker=7, role="social_worker", request=f"r{each}")):
            child = chance.choice(children)
            opened(person=child.pk, relationship="allocated", page="child")
            if chance.random() < 0.6:
                child.surname = f"Name {chance.random()}"
                child.save()
            if chance.random() < 0.3:
                listed(people=[one.pk for one in children], page="today")
        if chance.random() < 0.3:
            anchors.anchor(at=at + timedelta(seconds=each))
    anchors.anchor(at=at + timedelta(minutes=5))


def elsewhere() -> None:
    """Let what follows write to another chain, as a transaction of its own would."""
    if connection.vendor == "postgresql":
        _run("SELECT set_config('kith.link', '', true)")


@contextmanager
def tampered(edit: Callable[[], Edit]) -> Iterator[Edit]:
    """The database after `edit`, made while no trigger was looking; taken back afterwards."""
    with transaction.atomic():
        _blind()
        yield edit()
        transaction.set_rollback(True)


def _blind() -> None:
    """Put the triggers by, as the owner of a database can."""
    if connection.vendor == "postgresql":
        _run("SET LOCAL session_replication_role = replica")
        return
    for (name,) in _run("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'history_%%'"):
        _run(f'DROP TRIGGER "{name}"')


def links() -> list[tuple[int, int, int, int]]:
    """Every link, in order: chain, number, kind, row."""
    return _run('SELECT chain, number, kind, "row" FROM history_link ORDER BY chain, number')


def change(chance: random.Random) -> Edit:
    """Say that it was somebody else, or another moment."""
    chain, number, kind, row = chance.choice(links())
    column, value = chance.choice((("worker", 8), ("role", "auditor"), ("at", timezone.now() + timedelta(days=1))))
    _run(f'UPDATE {TABLES[kind]} SET "{column}" = %s WHERE id = %s', [_value(value), row])
    return Edit("change", chain, number, row)


def delete(chance: random.Random) -> Edit:
    """Take a row away, with its link or without."""
    chain, number, kind, row = chance.choice(links())
    _run(f"DELETE FROM {TABLES[kind]} WHERE id = %s", [row])
    if chance.random() < 0.5:
        _run("DELETE FROM history_link WHERE chain = %s AND number = %s", [chain, number])
        return Edit("delete", chain, number)
    return Edit("delete", chain, number, row)


def reorder(chance: random.Random) -> Edit:
    """Let two rows of one chain change places."""
    chain = chance.choice([each[0] for each in links()])
    rows = [each for each in links() if each[0] == chain]
    if len(rows) < 2:
        return change(chance)
    first, second = sorted(chance.sample(rows, 2))
    for (_, number, _, _), (_, _, kind, row) in ((first, second), (second, first)):
        _run(
            'UPDATE history_link SET kind = %s, "row" = %s WHERE chain = %s AND number = %s', [kind, row, chain, number]
        )
    return Edit("reorder", chain, first[1])


def insert(chance: random.Random) -> Edit:
    """Add an opening that never was, without a link."""
    row = chance.choice([each[3] for each in links() if each[2] == 2])
    columns = "at, kind, person, worker, role, relationship, decision, purpose, page, shown, request, client"
    _run(f"INSERT INTO history_opening ({columns}) SELECT {columns} FROM history_opening WHERE id = %s", [row])
    [(new,)] = _run("SELECT max(id) FROM history_opening")
    return Edit("insert", 0, 0, new)


def cut(chance: random.Random) -> Edit:
    """Cut a chain's tail, rows and links, so that what is left is whole in itself."""
    ends: dict[int, int] = {}
    for chain, number, _, _ in links():
        ends[chain] = number
    chain = chance.choice(sorted(ends))
    first = chance.randint(1, ends[chain])
    _cut(chain, first)
    return Edit("truncate", chain, first)


def older(chance: random.Random) -> Edit:
    """Put back an older database: every chain is as it was at an earlier moment."""
    every = [(at, chain, number) for chain, number, at in _times()]
    moment = chance.choice(sorted(every)[:-1])[0] if len(every) > 1 else every[0][0]
    gone = sorted((chain, number) for at, chain, number in every if at > moment) or [max((c, n) for _, c, n in every)]
    firsts: dict[int, int] = {}
    for chain, number in gone:
        firsts.setdefault(chain, number)
    for chain, number in firsts.items():
        _cut(chain, number)
    chain, number = min(firsts.items())
    return Edit("older copy", chain, number)


def rewrite(chance: random.Random) -> Edit:
    """Change a row, and work every hash out again from there to the end, as somebody who knows how could."""
    chain, number, kind, row = chance.choice(links())
    _run(f"UPDATE {TABLES[kind]} SET role = 'auditor' WHERE id = %s", [row])
    relink(chain, number)
    before = max((n for n in _signed(chain) if n < number), default=0)
    return Edit("rewrite", chain, before + 1, until=min(n for n in _signed(chain) if n >= number))


KINDS = (change, delete, reorder, insert, cut, older, rewrite)


def named(edit: Edit, faults: list[Any]) -> bool:
    """Whether the first thing said to be wrong is what was done: in its chain, at its link, or that very row."""
    if not faults:
        return False
    first = faults[0]
    if edit.kind == "insert":
        return first.row == edit.row and first.table == "history_opening"
    if edit.until:
        return first.chain == edit.chain and edit.number <= first.number <= edit.until
    return (first.chain, first.number) == (edit.chain, edit.number) and (not edit.row or first.row == edit.row)


def relink(chain: int, start: int) -> None:
    """Work out again the links of a chain from `start` on: written here anew, sharing nothing with what is checked."""
    previous = ZERO
    for (before,) in _run("SELECT hash FROM history_link WHERE chain = %s AND number = %s", [chain, start - 1]):
        previous = bytes(before)
    rows = _run(
        'SELECT number, kind, "row" FROM history_link WHERE chain = %s AND number >= %s ORDER BY number', [chain, start]
    )
    for number, kind, row in rows:
        content = sha256(_said(kind, row).encode()).digest()
        words = ":".join(map(str, (chain, number, kind, row, previous.hex(), content.hex())))
        hash_ = sha256(words.encode()).digest()
        _run(
            "UPDATE history_link SET previous = %s, content = %s, hash = %s WHERE chain = %s AND number = %s",
            [previous, content, hash_, chain, number],
        )
        previous = hash_


COLUMNS = {
    1: 'id "at" "table" "row" act person worker role purpose request client before after',
    2: 'id "at" kind person worker role relationship decision purpose page shown request client',
    3: 'id "at" "table" first last worker role reason',
}


def _said(kind: int, row: int) -> str:
    columns = ", ".join(COLUMNS[kind].split())
    if connection.vendor == "sqlite":
        how = f"json_array({columns})"
    else:
        how = f"json_build_array({columns})::text".replace('"at"', 'extract(epoch FROM "at")')
    return str(_run(f"SELECT {how} FROM {TABLES[kind]} WHERE id = %s", [row])[0][0])


def _cut(chain: int, first: int) -> None:
    for _, number, kind, row in [each for each in links() if each[0] == chain and each[1] >= first]:
        _run(f"DELETE FROM {TABLES[kind]} WHERE id = %s", [row])
        _run("DELETE FROM history_link WHERE chain = %s AND number = %s", [chain, number])


def _times() -> list[tuple[int, int, Any]]:
    found = []
    for chain, number, kind, row in links():
        [(at,)] = _run(f"SELECT at FROM {TABLES[kind]} WHERE id = %s", [row])
        found.append((chain, number, (at, number)))
    return found


def _signed(chain: int) -> list[int]:
    return [moved[chain][0] for _, moved in anchors.read().signed if chain in moved]


def _value(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if hasattr(value, "tzinfo") else value


def _run(statement: str, values: list[Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or [])
        return cursor.fetchall() if cursor.description else []
