"""What is sealed opens where it was sealed and nowhere else, and goes on opening when the keys are changed."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.foundation.sealing import (
    CannotOpen,
    KeysAreWrong,
    keyed_hash,
    rewrap,
    seal,
    sealed_with,
    sign,
    unseal,
    verify,
)
from kith.foundation.sealing.keyring import keyring, made, with_new_keys, without, write

HERE = "drafts_draft|7|body"
WORDS = "Ayla said she sleeps at her aunt’s".encode()


@pytest.fixture(autouse=True)
def ring(settings: Any, tmp_path: Path) -> Path:
    """Keys of this test's own."""
    settings.KEYS = tmp_path / "keys"
    return settings.KEYS


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(plain=st.binary(max_size=2_000), place=st.text(min_size=1, max_size=60))
def test_what_is_sealed_opens_where_it_was_sealed(plain: bytes, place: str) -> None:
    """Any bytes, any place."""
    assert unseal(seal(plain, place=place), place=place) == plain


def test_nothing_of_the_text_shows() -> None:
    """Not the text, and not that two texts are the same."""
    one, other = seal(WORDS, place=HERE), seal(WORDS, place=HERE)
    assert WORDS[:6] not in one
    assert one != other


def test_a_sealed_text_moved_to_another_row_does_not_open() -> None:
    """Somebody who writes in the database swaps two rows' texts."""
    with pytest.raises(CannotOpen):
        unseal(seal(WORDS, place=HERE), place="drafts_draft|8|body")


def test_every_byte_counts() -> None:
    """A sealed text with any one byte altered, or any number of bytes cut off, does not open."""
    sealed = seal(WORDS, place=HERE)
    for at in range(len(sealed)):
        altered = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(CannotOpen):
            unseal(altered, place=HERE)
        with pytest.raises(CannotOpen):
            unseal(sealed[:at], place=HERE)


def test_two_texts_cannot_change_halves() -> None:
    """The wrapped key of one with the text of another."""
    one, other = seal(WORDS, place=HERE), seal(b"something else", place=HERE)
    with pytest.raises(CannotOpen):
        unseal(one[:80] + other[80:], place=HERE)


def test_other_keys_open_nothing(ring: Path) -> None:
    """The database alone, with keys made anew."""
    sealed = seal(WORDS, place=HERE)
    write(ring, made())
    with pytest.raises(CannotOpen, match="not in the ring"):
        unseal(sealed, place=HERE)


def test_new_keys_while_people_work(ring: Path) -> None:
    """What was sealed before still opens; wrapped again it opens without the old key; new texts use the new key."""
    before = seal(WORDS, place=HERE)
    old = keyring().current
    write(ring, with_new_keys(keyring()))
    assert keyring().current != old
    assert unseal(before, place=HERE) == WORDS
    assert sealed_with(seal(WORDS, place=HERE)) == keyring().current
    renewed = rewrap(before)
    assert sealed_with(renewed) == keyring().current
    assert rewrap(renewed) == renewed
    write(ring, without(keyring(), old))
    assert unseal(renewed, place=HERE) == WORDS
    with pytest.raises(CannotOpen):
        unseal(before, place=HERE)
    with pytest.raises(CannotOpen):
        unseal(renewed, place="drafts_draft|8|body")


def test_the_current_key_is_never_taken_away() -> None:
    """Nor one that is not there."""
    for name in (keyring().current, "00000000"):
        with pytest.raises(KeysAreWrong):
            without(keyring(), name)


def test_a_keyed_hash_is_the_same_for_the_same_words_and_purpose_alone(ring: Path) -> None:
    """So that an exact match can be found, by nobody without the keys."""
    same = keyed_hash("AB1 2CD", purpose="postcode")
    assert keyed_hash("AB1 2CD", purpose="postcode") == same
    assert len({same, keyed_hash("AB1 2CD", purpose="phone"), keyed_hash("AB1 2CE", purpose="postcode")}) == 3
    write(ring, with_new_keys(keyring()))
    assert keyed_hash("AB1 2CD", purpose="postcode") == same
    write(ring, made())
    assert keyed_hash("AB1 2CD", purpose="postcode") != same


def test_a_signature_holds_for_its_message_alone(ring: Path) -> None:
    """An earlier key's signature still holds; another ring's does not."""
    signature = sign(b"head 41")
    write(ring, with_new_keys(keyring()))
    assert verify(b"head 41", signature)
    assert verify(b"head 42", sign(b"head 42"))
    assert not verify(b"head 42", signature)
    assert not verify(b"head 41", signature[:-1])
    assert not verify(b"head 41", sign(b"head 41")[:8] + signature[8:])
    assert not verify(b"head 41", b"")
    write(ring, made())
    assert not verify(b"head 41", signature)


def test_the_file_of_keys_is_its_owners_alone(ring: Path) -> None:
    """One that others may read is refused; its representation shows no key."""
    assert stat.S_IMODE((keyring(), ring.stat().st_mode)[1]) == 0o600
    assert keyring().hashing.hex() not in repr(keyring()) and repr(keyring().hashing) not in repr(keyring())
    ring.chmod(0o640)
    with pytest.raises(KeysAreWrong, match="Others may read"):
        seal(WORDS, place=HERE)


@pytest.mark.parametrize("spoil", ["", "{}", "not json", "short"])
def test_a_spoilt_file_of_keys_is_said_plainly(ring: Path, spoil: str) -> None:
    """And no new keys are made in its place: they would open nothing."""
    text = json.loads(json.dumps(keyring() and ring.read_text()))
    if spoil == "short":
        spoil = text.replace(json.loads(text)["hashing"], "AAAA")
    ring.write_text(spoil)
    with pytest.raises(KeysAreWrong, match="cannot be read"):
        keyring()
    assert ring.read_text() == spoil


def test_production_makes_no_keys_of_its_own(settings: Any, ring: Path) -> None:
    """A server that lost its keys must not go on with new ones."""
    settings.PRODUCTION = True
    with pytest.raises(KeysAreWrong, match="not at"):
        seal(WORDS, place=HERE)
    assert not ring.exists()


def test_keys_are_made_once(ring: Path) -> None:
    """A second maker finds the first one's."""
    first = keyring()
    with pytest.raises(FileExistsError):
        write(ring, made(), only_if_new=True)
    assert keyring() == first
    assert [each.name for each in ring.parent.iterdir()] == ["keys"]
