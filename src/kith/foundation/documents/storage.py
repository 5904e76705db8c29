"""Where documents lie: sealed, each under the hash of its content, on the disk before the row that names it counts."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings

from kith.foundation.sealing import CannotOpen, seal, sealed_with, unseal
from kith.foundation.sealing.keyring import keyring
from kith.foundation.sealing.seals import BEGINS, rewrap

HASH = 64  # letters
_named: dict[str, Callable[[], Iterable[str]]] = {}


class Gone(CannotOpen):
    """The row names a document that is not on the disk."""


def put(content: bytes) -> str:
    """Keep these bytes and give their hash. Kept twice they are there once; half of them is never there."""
    name = hashlib.sha256(content).hexdigest()
    path = _path(name)
    if not _whole(path, name):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, seal(content, place=_place(name)))
    return name


def get(name: str) -> bytes:
    """The document of that hash. Raises CannotOpen when it is not there, or is not what was put."""
    try:
        content = unseal(_path(name).read_bytes(), place=_place(name))
    except FileNotFoundError as gone:
        raise Gone("This document is not where it was kept.", mend="Tell whoever looks after Kith.") from gone
    if hashlib.sha256(content).hexdigest() != name:
        raise CannotOpen("This document is not what was kept.", mend="Tell whoever looks after Kith.")
    return content


def named_by(table: str, hashes: Callable[[], Iterable[str]]) -> None:
    """Say that rows of this table name documents, and how to ask which."""
    _named[table] = hashes


def named() -> set[str]:
    """The hash of each document that a row of any table names."""
    return {name for hashes in _named.values() for name in hashes()}


def forget(name: str) -> bool:
    """Take a document away that no row names any more; says whether it went."""
    if name in named():
        return False
    _path(name).unlink(missing_ok=True)
    return True


def every() -> Iterator[str]:
    """The hash of each document on the disk."""
    yield from (path.name for path in sorted(_folder().glob("??/*")) if len(path.name) == HASH)


def left_over() -> list[Path]:
    """Files that a crash left half written: nothing names them."""
    return sorted(_folder().glob("??/.*"))


class Files:
    """The documents as holders of sealed values, so that new keys reach them."""

    name = "documents"

    def heads(self) -> Iterator[bytes]:
        """The beginning of every document."""
        for name in every():
            with _path(name).open("rb") as file:
                yield file.read(BEGINS)

    def renew(self) -> int:
        """Each file is replaced by one whose key is wrapped by the newest; whoever reads meanwhile reads either."""
        renewed = 0
        for name in list(every()):
            sealed = _path(name).read_bytes()
            if sealed_with(sealed) != keyring().current:
                _write(_path(name), rewrap(sealed))
                renewed += 1
        return renewed


def _whole(path: Path, name: str) -> bool:
    """Whether the document is there already, and opens."""
    try:
        unseal(path.read_bytes(), place=_place(name))
    except (OSError, CannotOpen):
        return False
    return True


def _write(path: Path, sealed: bytes) -> None:
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    for folder in (path.parent, path.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _path(name: str) -> Path:
    if len(name) != HASH or not name.isalnum():
        raise CannotOpen("This is not the name of a document.", mend="Tell whoever looks after Kith.")
    return _folder() / name[:2] / name


def _folder() -> Path:
    return Path(settings.DOCUMENTS)


def _place(name: str) -> str:
    return f"documents|{name}|content"
