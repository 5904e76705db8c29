"""What is kept lies sealed under its own hash, whole or not at all, and opens with the keys alone."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from kith.foundation.documents import storage
from kith.foundation.sealing import CannotOpen
from kith.foundation.sealing.keyring import keyring, with_new_keys, without, write

WORDS = b"A letter from the school about Ayla"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Documents and keys of this test's own."""
    settings.DOCUMENTS, settings.KEYS = tmp_path / "documents", tmp_path / "keys"
    return settings.DOCUMENTS


def on_disk(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def test_it_lies_under_its_hash_and_says_nothing(folder: Path) -> None:
    name = storage.put(WORDS)
    assert name == hashlib.sha256(WORDS).hexdigest() and storage.get(name) == WORDS
    [path] = on_disk(folder)
    assert path.name == name and path.stat().st_mode & 0o077 == 0
    assert WORDS[:10] not in path.read_bytes()


def test_kept_twice_it_is_there_once(folder: Path) -> None:
    name = storage.put(WORDS)
    before = on_disk(folder)[0].read_bytes()
    assert storage.put(WORDS) == name
    assert [each.read_bytes() for each in on_disk(folder)] == [before]


def test_one_that_was_spoilt_is_found_and_is_mended_by_keeping_it_again(folder: Path) -> None:
    name = storage.put(WORDS)
    [path] = on_disk(folder)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(CannotOpen):
        storage.get(name)
    storage.put(WORDS)
    assert storage.get(name) == WORDS


def test_one_under_anothers_name_does_not_open(folder: Path) -> None:
    one, other = storage.put(WORDS), storage.put(b"another")
    paths = {path.name: path for path in on_disk(folder)}
    paths[one].write_bytes(paths[other].read_bytes())
    with pytest.raises(CannotOpen):
        storage.get(one)
    with pytest.raises(storage.Gone):
        storage.get("0" * 64)


@pytest.mark.parametrize("name", ["../../keys", "", "0" * 63 + "/", "x"])
def test_a_name_that_is_no_hash_reaches_nothing(name: str) -> None:
    with pytest.raises(CannotOpen):
        storage.get(name)


def test_a_crash_half_way_leaves_nothing_that_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise OSError("the machine stops here")

    monkeypatch.setattr(os, "replace", dies)
    with pytest.raises(OSError, match="stops"):
        storage.put(WORDS)
    assert list(storage.every()) == []


def test_new_keys_reach_every_document(settings: Any) -> None:
    name, old = storage.put(WORDS), keyring().current
    write(settings.KEYS, with_new_keys(keyring()))
    held = storage.Files()
    assert held.renew() == 1 and held.renew() == 0
    write(settings.KEYS, without(keyring(), old))
    assert storage.get(name) == WORDS and [len(each) for each in held.heads()] == [11]
