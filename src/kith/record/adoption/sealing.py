"""Sealing and opening who was who. Only this module reads a link."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import date

from kith.foundation.sealing import keyed_hash, seal, unseal
from kith.record.people.match_keys import name_key

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is mistaken for another
PLACE = "adoption_adoptionlink|{reference}|sealed"


@dataclass(frozen=True)
class Who:
    """What a link holds: the two records, and the order that parted them."""

    birth: int
    adopted: int
    ordered_on: date
    court: str = ""


def new_reference() -> str:
    """A reference drawn by lot: it says neither who, nor when, nor how many."""
    return "AD-" + "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(2))


def sealed(who: Who, *, reference: str) -> bytes:
    """Who was who, sealed so that it opens under this reference alone."""
    plain = json.dumps(asdict(who) | {"ordered_on": who.ordered_on.isoformat()})
    return seal(plain.encode(), place=PLACE.format(reference=reference))


def opened(value: bytes, *, reference: str) -> Who:
    """Who was who. Raises CannotOpen where it was altered or moved."""
    told = json.loads(unseal(value, place=PLACE.format(reference=reference)))
    return Who(**told | {"ordered_on": date.fromisoformat(told["ordered_on"])})


def key_of(name: str, born_on: date | None) -> str:
    """What finds a reference: a hash of a name with a birth date, for this purpose alone."""
    plain = name_key(name, born_on)
    return keyed_hash(plain, purpose="adoption") if plain else ""
