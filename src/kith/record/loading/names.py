"""Keeps the keys by which a name may be found in step with the names themselves."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kith.analysis.linkage.name_keys import keys_of_many
from kith.record.people.models import Alias, NameKey, Person

from . import bulk


def rebuild(*, people: Sequence[int] | None) -> int:
    """Make the keys of these people (None: everybody) again, from every name and alias. Gives how many there are."""
    if people is None:
        return _make(_names(None))
    made = 0
    for at in range(0, len(people), bulk.ASKED):
        some = list(people[at : at + bulk.ASKED])
        NameKey.objects.filter(person__in=some).delete()
        made += _make(_names(some))
    return made


def _names(people: list[int] | None) -> list[tuple[int, str, str]]:
    """(person, forename, surname) for each name, what somebody is known as among them."""
    persons, aliases = Person.objects.order_by("pk"), Alias.objects.order_by("pk")
    if people is not None:
        persons, aliases = persons.filter(pk__in=people), aliases.filter(person__in=people)
    found: list[tuple[int, str, str]] = []
    for key, forename, surname, known_as in persons.values_list("pk", "forename", "surname", "known_as"):
        found.append((key, forename, surname))
        if known_as:
            found.append((key, known_as, surname))
    return found + list(aliases.values_list("person_id", "forename", "surname"))


def _make(names: list[tuple[int, str, str]]) -> int:
    keys = keys_of_many((forename, surname) for _, forename, surname in names)
    wanted = dict.fromkeys((person, *key) for person, forename, surname in names for key in keys[(forename, surname)])
    rows = pl.DataFrame(list(wanted), schema={"person_id": pl.Int64, "kind": pl.String, "key": pl.String}, orient="row")
    bulk.lock(NameKey)
    first = bulk.next_id(NameKey)
    return bulk.insert(
        model=NameKey, rows=rows.with_columns(id=pl.int_range(first, first + rows.height, dtype=pl.Int64))
    )
