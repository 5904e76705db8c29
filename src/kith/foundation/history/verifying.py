"""Whether the history is as it was written: every link, every row, the order, the tail, against the signed heads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import connection

from . import anchors
from .chain import BEGINNING, COLUMNS, TABLES, text_of
from .models import Disposal

AT_ONCE = 5_000  # links read at a time
MOST = 50  # faults that are told of


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was written. `number` is 0 where it is a row that no link names."""

    chain: int
    number: int
    table: str
    row: int
    what: str

    def __str__(self) -> str:
        where = f"chain {self.chain}, link {self.number:,}" if self.number else "no link"
        return (
            f"{self.table or 'history'} row {self.row}: {self.what} ({where})" if self.row else f"{self.what} ({where})"
        )


@dataclass
class Found:
    """What a verification found. The history is sound where there is no fault."""

    links: int = 0
    faults: list[Fault] = field(default_factory=list)
    signed_at: str = ""
    since: int = 0  # links younger than the newest signed head
    disposed: int = 0
    restored: list[tuple[str, str]] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Note a fault; beyond the first few they are not told of one by one."""
        if len(self.faults) < MOST:
            self.faults.append(fault)


def verify(*, against_anchors: bool = True) -> Found:
    """Read the whole history once, in order, and check it. Memory does not grow with it."""
    found, signed = Found(), anchors.Anchored()
    if against_anchors:
        try:
            signed = anchors.read()
        except anchors.BadAnchors as altered:
            found.add(Fault(0, 0, "", 0, altered.sentence))
    found.signed_at, found.restored = signed.at, signed.restored
    walk = _Walk(found, _disposals(), _points(signed))
    for rows in _links():
        walk.over(rows)
    walk.end(signed.heads)
    if against_anchors and not signed.at and found.links:
        found.add(Fault(0, 0, "", 0, "No head was ever signed, so a cut tail could not be seen"))
    _unlinked(found)
    return found


class _Walk:
    """Goes along the chains, one link after the other."""

    def __init__(self, found: Found, disposed: dict[int, list[tuple[int, int]]], points: dict[Any, str]) -> None:
        self.found, self.disposed, self.points = found, disposed, points
        self.chain, self.number, self.previous = -1, 0, BEGINNING
        self.good: dict[int, int] = {}  # the newest signed head of each chain that was met and was right
        self.ends: dict[int, int] = {}

    def over(self, rows: list[tuple[Any, ...]]) -> None:
        """Check these links, which follow those before."""
        for chain, number, kind, row, previous, content, hash_, text in rows:
            if chain != self.chain:
                self.chain, self.number, self.previous = chain, 0, BEGINNING
            previous, content, hash_ = bytes(previous), bytes(content), bytes(hash_)
            wrong = ""
            if number != self.number + 1:
                self._fault(self.number + 1, 0, 0, "this link and perhaps others after it are missing")
            elif previous != self.previous:
                wrong = "it does not follow from the one before it"
            said = f"{chain}:{number}:{kind}:{row}:{previous.hex()}:{content.hex()}"
            if sha256(said.encode()).digest() != hash_:
                wrong = "its link was altered"
            elif text is None:
                wrong = wrong or self._gone(kind, row)
            elif sha256(text.encode()).digest() != content:
                wrong = "what it says was altered"
            if wrong:
                self._fault(number, kind, row, wrong)
            if (point := self.points.get((chain, number))) is not None:
                self._compare(number, kind, row, point, hash_)
            self.number, self.previous = number, hash_
            self.ends[chain] = number
        self.found.links += len(rows)

    def _compare(self, number: int, kind: int, row: int, point: str, hash_: bytes) -> None:
        if hash_.hex() == point:
            self.good[self.chain] = number
            return
        after = self.good.get(self.chain, 0)
        self._fault(
            after + 1,
            kind,
            row if after + 1 == number else 0,
            f"links {after + 1:,} to {number:,} are not those that were signed",
        )
        self.good[self.chain] = number

    def _gone(self, kind: int, row: int) -> str:
        ranges = self.disposed.get(kind, [])
        at = bisect_right(ranges, (row, 2**63)) - 1
        if at >= 0 and ranges[at][0] <= row <= ranges[at][1]:
            self.found.disposed += 1
            return ""
        return "it is gone, and nothing says that it was disposed of"

    def end(self, heads: anchors.Heads) -> None:
        """Each chain must reach its signed head."""
        for chain, (number, _) in sorted(heads.items()):
            last = self.ends.get(chain, 0)
            if last < number:
                what = (
                    f"the chain ends at {last:,}, and {number:,} was signed: its tail was cut, or the database is older"
                )
                self.found.add(Fault(chain, last + 1, "", 0, what))
        self.found.since = sum(max(0, last - heads.get(chain, (0, ""))[0]) for chain, last in self.ends.items())

    def _fault(self, number: int, kind: int, row: int, what: str) -> None:
        table = TABLES[kind]._meta.db_table if kind in TABLES else ""
        self.found.add(Fault(self.chain, number, table, row, what))


def _points(signed: anchors.Anchored) -> dict[Any, str]:
    return {(chain, number): hash_ for _, moved in signed.signed for chain, (number, hash_) in moved.items()}


def _links() -> Iterator[list[tuple[Any, ...]]]:
    """Every link with what its row says now, chain by chain, a few thousand at a time."""
    texts = " ".join(
        f'WHEN {kind} THEN (SELECT {text_of(kind, "r")} FROM "{TABLES[kind]._meta.db_table}" r WHERE r.id = l."row")'  # noqa: S608
        for kind in COLUMNS
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f'SELECT l.chain, l.number, l.kind, l."row", l.previous, l.content, l.hash, CASE l.kind {texts} END '  # noqa: S608
            "FROM history_link l ORDER BY l.chain, l.number"
        )
        while rows := cursor.fetchmany(AT_ONCE):
            yield rows


def _disposals() -> dict[int, list[tuple[int, int]]]:
    kinds = {model._meta.db_table: kind for kind, model in TABLES.items()}
    found: dict[int, list[tuple[int, int]]] = {}
    for table, first, last in Disposal.objects.order_by("first").values_list("table", "first", "last"):
        found.setdefault(kinds.get(table, 0), []).append((first, last))
    return found


def _unlinked(found: Found) -> None:
    """Rows that no link names: written while the triggers were away."""
    with connection.cursor() as cursor:
        for kind, model in TABLES.items():
            table = model._meta.db_table
            cursor.execute(
                f'SELECT id FROM "{table}" EXCEPT SELECT "row" FROM history_link WHERE kind = {kind} '  # noqa: S608
                f"ORDER BY 1 LIMIT {MOST}"
            )
            for (row,) in cursor.fetchall():
                found.add(Fault(0, 0, table, row, "it was not written by Kith"))
