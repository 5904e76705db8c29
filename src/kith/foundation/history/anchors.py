"""Signed heads of the chains, kept in files outside the database: by them a cut tail or an older database is seen.

One file a month, only ever added to, under settings.ANCHORS. Each line holds the heads that moved since the line
before, the digest of that line, and a signature; so the last signature of a file vouches for all of it.
"""

from __future__ import annotations

import fcntl
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from kith.foundation.sealing import sign, verify
from kith.vocabulary.errors import KithError

from .chain import CHAINS
from .models import Link

Heads = dict[int, tuple[int, str]]
"""The newest link of each chain that has any: its number, and its hash in hexadecimal."""
OFTEN = 30.0  # seconds between two signings while Kith is served: half of the minute that may go unsigned
NOTHING = "0" * 64
PUT_BACK = "Put the file back from a copy."


class DatabaseIsBehind(KithError):
    """A chain is shorter than its signed head: rows were taken from its end, or an older database was put back."""


class BadAnchors(KithError):
    """A file of signed heads was altered."""


@dataclass
class Anchored:
    """What the files say: every signed head in order, and where the last line left each chain."""

    signed: list[tuple[str, Heads]] = field(default_factory=list)  # (when, the heads that had moved)
    heads: Heads = field(default_factory=dict)
    last: str = NOTHING  # the digest of the newest line
    restored: list[tuple[str, str]] = field(default_factory=list)  # (when, why) an older database was accepted

    @property
    def at(self) -> str:
        """When the newest was signed; empty when none was."""
        return self.signed[-1][0] if self.signed else ""


def heads() -> Heads:
    """The newest link of each chain, as the database has it now."""
    newest = (Link.objects.filter(chain=each).order_by("-number").first() for each in range(CHAINS))
    return {each.chain: (each.number, bytes(each.hash).hex()) for each in newest if each is not None}


def anchor(*, at: datetime) -> bool:
    """Sign the heads and add them to this month's file, on the disk before this returns. False: none had moved.

    Raises DatabaseIsBehind where a chain is shorter than was signed before.
    """
    with _held():
        before, now = read(newest=True), heads()
        _check_not_behind(before.heads, now)
        moved = {chain: head for chain, head in now.items() if before.heads.get(chain) != head}
        if moved:
            _add(before, moved, at=at)
    return bool(moved)


def accept(*, at: datetime, why: str) -> Heads:
    """Sign the heads as they are, shorter or not, and say why: after a copy was put back. Gives what was signed before.

    The loss is told by every verification from then on; what was signed before it is no longer asked for.
    """
    with _held():
        before = read(newest=True)
        _add(before, heads(), at=at, restored=why)
    return before.heads


def read(*, newest: bool = False) -> Anchored:
    """Everything signed so far. Raises BadAnchors where a line does not follow from the one before it.

    `newest` reads the newest file alone, whose first line holds the head of every chain.
    """
    found, paths = Anchored(), files()
    if newest and paths:
        paths = paths[-1:]
        found.last = _first_previous(paths[0])
    for path in paths:
        lines = _whole_lines(path)
        for number, line in enumerate(lines, 1):
            _read_line(found, line, f"{path.name}, line {number}", signed=number == len(lines))
    return found


def _whole_lines(path: Path) -> list[str]:
    """The lines of a file; what a power cut left of one that was never finished is none."""
    return path.read_text(encoding="ascii", errors="replace").rpartition("\n")[0].splitlines()


def _first_previous(path: Path) -> str:
    lines = _whole_lines(path)
    try:
        return str(json.loads(lines[0])["previous"]) if lines else NOTHING
    except (ValueError, KeyError, TypeError) as wrong:
        raise BadAnchors(f"The signed heads cannot be read: {path.name}, line 1.", mend=PUT_BACK) from wrong


def files() -> list[Path]:
    """The files of signed heads, the oldest first."""
    return sorted(Path(settings.ANCHORS).glob("heads-*.jsonl"))


def _read_line(found: Anchored, line: str, where: str, *, signed: bool) -> None:
    try:
        said = json.loads(line)
        signature = b64decode(said.pop("signature"))
        moved = {int(chain): (int(number), str(hash_)) for chain, (number, hash_) in said["heads"].items()}
    except (ValueError, KeyError, TypeError) as wrong:
        raise BadAnchors(f"The signed heads cannot be read: {where}.", mend=PUT_BACK) from wrong
    restored = said.get("restored", "")
    true = said["previous"] == found.last and (not (signed or restored) or verify(_message(said), signature))
    if not true:
        raise BadAnchors(f"The signed heads were altered: {where}.", mend=PUT_BACK)
    if restored:
        ends = {chain: number for chain, (number, _) in moved.items()}
        kept = [(at, {c: head for c, head in each.items() if head[0] <= ends.get(c, 0)}) for at, each in found.signed]
        found.signed, found.heads = kept, {}
        found.restored.append((said["at"], restored))
    found.signed.append((said["at"], moved))
    found.heads |= moved
    found.last = sha256(line.encode()).hexdigest()


def _add(before: Anchored, moved: Heads, *, at: datetime, restored: str = "") -> None:
    path = Path(settings.ANCHORS) / f"heads-{at.astimezone(UTC):%Y-%m}.jsonl"
    new = not path.exists()
    moved = before.heads | moved if new and not restored else moved
    said = {"at": at.astimezone(UTC).isoformat(), "heads": {str(chain): head for chain, head in moved.items()}}
    said |= {"previous": before.last} | ({"restored": restored} if restored else {})
    said["signature"] = b64encode(sign(_message(said))).decode()
    if not new and (whole := sum(len(line) + 1 for line in _whole_lines(path))) < path.stat().st_size:
        os.truncate(path, whole)
    with path.open("a", encoding="ascii") as file:
        file.write(json.dumps(said) + "\n")
        file.flush()
        os.fsync(file.fileno())
    if new:
        _sync(path.parent)


def _message(said: dict[str, object]) -> bytes:
    return json.dumps(said, sort_keys=True).encode()


def _sync(folder: Path) -> None:
    """A new file is there after a power cut only once its folder is on the disk too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _check_not_behind(signed: Heads, now: Heads) -> None:
    for chain, (number, _) in sorted(signed.items()):
        if now.get(chain, (0, ""))[0] < number:
            raise DatabaseIsBehind(
                f"The history is older than its signed heads: chain {chain} ends at {now.get(chain, (0,))[0]:,}, "
                f"and {number:,} was signed.",
                mend="Find out what took the rows away. After a copy was put back: kith history restored.",
            )


@contextmanager
def _held() -> Iterator[None]:
    """One process adds at a time."""
    folder = Path(settings.ANCHORS)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
