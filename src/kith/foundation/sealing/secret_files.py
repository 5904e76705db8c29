"""A file that only its owner may read, and that whoever reads it finds whole: two processes may start at once."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def put(path: Path, text: str, *, only_if_new: bool = False) -> None:
    """Put the text there: all of it or none of it, for its owner alone, and on the disk before it counts.

    Raises FileExistsError when `only_if_new` and there is a file already.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if only_if_new:
            os.link(aside, path)
        else:
            os.replace(aside, path)
        _sync_folder(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def put_once(path: Path, text: str) -> None:
    """Put the text there unless there is a file already: of processes that start at once, the first one's stays."""
    try:
        put(path, text, only_if_new=True)
    except FileExistsError:
        return


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
