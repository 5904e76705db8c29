"""The keys: one file outside the database, that its owner alone may read, made on first use except in production.

`wrapping` keys wrap the key of each sealed value; the newest is `current` and the older ones still open. `hashing`
makes keyed hashes. `signing` signs; of a signing key that was replaced only its public half is kept, in `signed`.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kith.vocabulary.errors import KithError

from . import secret_files

KEY = 32  # bytes of every key
NAME = 8  # letters of a key's name
OTHERS_MAY = 0o077


class KeysAreWrong(KithError):
    """The file of keys is not there, may be read by others, or is not what it should be."""


@dataclass(frozen=True)
class Keyring:
    """All the keys there are, by name. `repr` shows none of them."""

    current: str
    wrapping: dict[str, bytes] = field(repr=False)
    hashing: bytes = field(repr=False)
    signer: str
    signing: bytes = field(repr=False)
    signed: dict[str, bytes] = field(repr=False)  # the public halves, today's too


def made() -> Keyring:
    """A new ring with new keys."""
    name, signer = _name(), _name()
    signing = secrets.token_bytes(KEY)
    return Keyring(
        current=name,
        wrapping={name: secrets.token_bytes(KEY)},
        hashing=secrets.token_bytes(KEY),
        signer=signer,
        signing=signing,
        signed={signer: _public(signing)},
    )


def with_new_keys(ring: Keyring) -> Keyring:
    """The ring with a new key to wrap with and a new key to sign with; what the old ones made can still be read."""
    name, signer, signing = _name(), _name(), secrets.token_bytes(KEY)
    return replace(
        ring,
        current=name,
        wrapping=ring.wrapping | {name: secrets.token_bytes(KEY)},
        signer=signer,
        signing=signing,
        signed=ring.signed | {signer: _public(signing)},
    )


def without(ring: Keyring, name: str) -> Keyring:
    """The ring without a wrapping key that nothing is sealed with any more. The current one cannot be taken away."""
    if name == ring.current or name not in ring.wrapping:
        raise KeysAreWrong(f"{name} is not an old key of this ring.", mend="kith keys check names them.")
    return replace(ring, wrapping={key: value for key, value in ring.wrapping.items() if key != name})


def keyring() -> Keyring:
    """The ring that the settings name, read again whenever the file has changed: a rotation needs no restart."""
    from django.conf import settings

    path = Path(settings.KEYS)
    if not path.exists() and not settings.PRODUCTION:
        secret_files.put_once(path, _as_text(made()))
    try:
        seen = path.stat()
    except OSError as trouble:
        raise KeysAreWrong(
            f"The keys are not at {path}.", mend="Make them once with: kith keys make, and keep a copy in a safe."
        ) from trouble
    if seen.st_mode & OTHERS_MAY:
        raise KeysAreWrong(f"Others may read the keys at {path}.", mend=f"Run: chmod 600 {path}")
    return _read(path, seen.st_mtime_ns, seen.st_ino)


def write(path: Path, ring: Keyring, *, only_if_new: bool = False) -> None:
    """Put the ring where the keys lie: all of it or none of it, for its owner alone, and on the disk before it counts.

    Raises FileExistsError when `only_if_new` and there are keys already.
    """
    secret_files.put(path, _as_text(ring), only_if_new=only_if_new)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, number: int) -> Keyring:
    try:
        raw: dict[str, Any] = json.loads(path.read_text())
        ring = Keyring(
            current=raw["current"],
            wrapping=_bytes(raw["wrapping"]),
            hashing=base64.b64decode(raw["hashing"]),
            signer=raw["signer"],
            signing=base64.b64decode(raw["signing"]),
            signed=_bytes(raw["signed"]),
        )
        ring.wrapping[ring.current], ring.signed[ring.signer]
        keys = [*ring.wrapping.values(), ring.hashing, ring.signing]
        if any(len(key) != KEY for key in keys):
            raise ValueError("a key of another length")
    except (ValueError, KeyError, TypeError) as trouble:
        raise KeysAreWrong(
            f"The keys at {path} cannot be read.", mend="Put back the copy that is kept in a safe."
        ) from trouble
    return ring


def _as_text(ring: Keyring) -> str:
    told = {
        "current": ring.current,
        "wrapping": {name: base64.b64encode(key).decode() for name, key in ring.wrapping.items()},
        "hashing": base64.b64encode(ring.hashing).decode(),
        "signer": ring.signer,
        "signing": base64.b64encode(ring.signing).decode(),
        "signed": {name: base64.b64encode(key).decode() for name, key in ring.signed.items()},
    }
    return json.dumps(told, indent=1)


def _bytes(raw: dict[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(key) for name, key in raw.items()}


def _public(signing: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(signing).public_key().public_bytes_raw()


def _name() -> str:
    return secrets.token_hex(NAME // 2)
