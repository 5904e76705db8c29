"""Sealing what the database alone must not give away, and signing what nobody may alter; the keys lie outside it."""

from .keyring import KeysAreWrong
from .seals import CannotOpen, keyed_hash, rewrap, seal, sealed_with, sign, unseal, verify

__all__ = [
    "CannotOpen",
    "KeysAreWrong",
    "keyed_hash",
    "rewrap",
    "seal",
    "sealed_with",
    "sign",
    "unseal",
    "verify",
]
