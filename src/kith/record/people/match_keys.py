"""The keys by which a restricted person is known again: keyed hashes of numbers, and of name with birth date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from kith.analysis.linkage.name_keys import tokens
from kith.foundation.history.actor import beyond_the_wall
from kith.foundation.sealing import keyed_hash

from .models import APART, Alias, Identifier, MatchKey, Person, Restriction

PURPOSE = "match key"
SLICE = 900  # ids asked for at a time
MANY = 5_000  # people from which on only those who could match are hashed
_SAME = {"Former Case Number": "Case Number"}  # a number that is only an older one of its kind


def keys_of(people: Iterable[int]) -> dict[int, set[str]]:
    """The keys of these people, from every number and every name they have."""
    found: dict[int, set[str]] = defaultdict(set)
    for ids in _slices(people):
        numbers = Identifier.objects.filter(person_id__in=ids, voided_at=None)
        for person, kind, value in numbers.values_list("person_id", "kind", "value"):
            if key := number_key(kind, value):
                found[person].add(key)
        for person, name, born_on in _names(ids):
            if key := name_key(name, born_on):
                found[person].add(key)
    return found


def number_key(kind: str, value: str) -> str:
    """The key of one number, however it is written; nothing for an empty one."""
    plain = re.sub(r"\W", "", value).upper()
    return keyed_hash(f"{_SAME.get(kind, kind)}|{plain}", purpose=PURPOSE) if plain else ""


def name_key(name: str, born_on: date | None) -> str:
    """The key of a name with a birth date, whatever its script or the order of its words; nothing without both."""
    words = sorted(set(tokens(name)))
    if born_on is None or len(words) < 2:
        return ""
    return keyed_hash(f"{' '.join(words)}|{born_on.isoformat()}", purpose=PURPOSE)


def _names(ids: list[int]) -> Iterator[tuple[int, str, date | None]]:
    rows = Person.objects.filter(pk__in=ids).values_list("pk", "forename", "surname", "known_as", "born_on")
    for pk, forename, surname, known_as, born_on in rows:
        yield pk, f"{forename} {surname}", born_on
        if known_as:
            yield pk, f"{known_as} {surname}", born_on
    also = Alias.objects.filter(person_id__in=ids)
    for pk, forename, surname, born_on in also.values_list("person_id", "forename", "surname", "person__born_on"):
        yield pk, f"{forename} {surname}", born_on


@beyond_the_wall()
def remember(people: Iterable[int]) -> None:
    """Keep the keys that these people have now beside those they had; none is ever taken away."""
    rows = [MatchKey(person_id=person, digest=key) for person, keys in keys_of(people).items() for key in keys]
    MatchKey.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


@beyond_the_wall()
def answering(people: Iterable[int]) -> dict[int, set[int]]:
    """Those of these people who answer to the keys of somebody else who is restricted, with whom they answer to."""
    held = defaultdict(set)
    # an allegation hides no other record of the same person: that would give it away
    restricted = Restriction.objects.filter(ended_on=None).exclude(level=APART).values("person_id")
    for digest, person in MatchKey.objects.filter(person_id__in=restricted).values_list("digest", "person_id"):
        held[digest].add(person)
    ids = list(people)
    if not held or not ids:
        return {}
    found = {
        person: set().union(*(held[key] for key in keys if key in held)) - {person}
        for person, keys in keys_of(_likely(ids) if len(ids) > MANY else ids).items()
    }
    return {person: others for person, others in found.items() if others}


@beyond_the_wall()
def twins_of(person: int) -> set[int]:
    """Everybody recorded already who answers to this one's keys."""
    mine = MatchKey.objects.filter(person_id=person).values_list("digest", flat=True)
    near = keys_of(_likely(None, [person]) - {person})
    return {other for other, keys in near.items() if keys & set(mine)}


def _likely(people: list[int] | None, restricted: Iterable[int] | None = None) -> set[int]:
    """Of these people (None: everybody), those born on the day, or having a number, of one who is restricted."""
    whose = Restriction.objects.filter(ended_on=None).values("person_id") if restricted is None else list(restricted)
    days = set(Person.objects.filter(pk__in=whose).exclude(born_on=None).values_list("born_on", flat=True))
    numbers = set(Identifier.objects.filter(person_id__in=whose).values_list("value", flat=True))
    found: set[int] = set()
    for some in _slices(days):
        found.update(Person.objects.filter(born_on__in=some).values_list("pk", flat=True))
    for some in _slices(numbers):
        found.update(Identifier.objects.filter(value__in=some).values_list("person_id", flat=True))
    return found if people is None else found & set(people)


def _slices(items: Iterable[Any]) -> Iterator[list[Any]]:
    every = list(items)
    yield from (every[at : at + SLICE] for at in range(0, len(every), SLICE))
