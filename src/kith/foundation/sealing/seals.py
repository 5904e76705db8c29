"""Sealing, opening, hashing and signing bytes. Every sealed value has a key of its own, wrapped by the ring's.

A sealed value is: the mark, the name of the key that wraps, the wrapped key, and the text; both are AES-256-GCM. The
text is bound to its `place` ("table|row|field"), so one that was moved to another row does not open there. The wrapped
key is not, so that a new ring key wraps it again without opening the text.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kith.vocabulary.errors import KithError

from .keyring import KEY, NAME, keyring

MARK = b"KS1"
NONCE, TAG, SIGNATURE = 12, 16, 64
WRAPPED = NONCE + KEY + TAG
BEGINS = len(MARK) + NAME  # where the wrapped key begins
BODY = BEGINS + WRAPPED  # where the text begins


class CannotOpen(KithError):
    """What was sealed does not open: it was altered or moved, or its key is not in the ring."""


def seal(plain: bytes, *, place: str) -> bytes:
    """Seal `plain` so that it opens at `place` alone."""
    ring = keyring()
    key = secrets.token_bytes(KEY)
    return _wrap(key, ring.current, ring.wrapping[ring.current]) + _encrypt(key, plain, MARK + place.encode())


def unseal(sealed: bytes, *, place: str) -> bytes:
    """What was sealed at `place`. Raises CannotOpen when it is not whole, not from there, or its key is gone."""
    sealed = bytes(sealed)
    return _decrypt(_unwrap(sealed), sealed[BODY:], MARK + place.encode())


def rewrap(sealed: bytes) -> bytes:
    """The same value, its key wrapped by the ring's newest; the text is not opened. As it was when it is so already."""
    sealed, ring = bytes(sealed), keyring()
    if sealed_with(sealed) == ring.current:
        return sealed
    return _wrap(_unwrap(sealed), ring.current, ring.wrapping[ring.current]) + sealed[BODY:]


def sealed_with(sealed: bytes) -> str:
    """The name of the ring's key that wraps this value's. Only its beginning is looked at."""
    if len(sealed) < BEGINS or bytes(sealed[: len(MARK)]) != MARK:
        raise CannotOpen("This was not sealed by Kith.", mend="Put it back from a copy.")
    return bytes(sealed[len(MARK) : BEGINS]).decode("ascii", "replace")


def keyed_hash(words: str, *, purpose: str) -> str:
    """A hash that only the holder of the keys can make, the same for the same words; one purpose's tells nothing of
    another's."""
    key = hmac.digest(keyring().hashing, purpose.encode(), hashlib.sha256)
    return hmac.digest(key, words.encode(), hashlib.sha256).hex()


def sign(message: bytes) -> bytes:
    """A signature over `message`, with the name of the key that made it."""
    ring = keyring()
    return ring.signer.encode() + Ed25519PrivateKey.from_private_bytes(ring.signing).sign(message)


def verify(message: bytes, signature: bytes) -> bool:
    """Whether one of this ring's keys, today's or an earlier one, signed exactly this."""
    signature = bytes(signature)
    public = keyring().signed.get(signature[:NAME].decode("ascii", "replace"))
    if public is None or len(signature) != NAME + SIGNATURE:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature[NAME:], message)
    except InvalidSignature:
        return False
    return True


def _wrap(key: bytes, name: str, by: bytes) -> bytes:
    head = MARK + name.encode()
    return head + _encrypt(by, key, head)


def _unwrap(sealed: bytes) -> bytes:
    name = sealed_with(sealed)
    by = keyring().wrapping.get(name)
    if by is None:
        raise CannotOpen(f"The key {name} is not in the ring.", mend="Put back the keys it was sealed with.")
    return _decrypt(by, sealed[BEGINS:BODY], sealed[:BEGINS])


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
    except (InvalidTag, ValueError) as trouble:
        raise CannotOpen(
            "This does not open: it was altered, or moved from where it was sealed.", mend="Put it back from a copy."
        ) from trouble
