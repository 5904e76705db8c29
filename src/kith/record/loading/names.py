"""Keeps the keys by which a name may be found in step with the names, and makes everybody's at once on a first load."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kith.analysis.linkage.name_keys import keys_of_many
from kith.record.people.actions import rebuild_name_keys
from kith.record.people.models import Alias, NameKey, Person

from . import bulk


def rebuild(*, people: Sequence[int] | None) -> int:
    """Make the keys of these people (None: everybody) from every name and alias. Gives how many there are."""
    if people is not None or NameKey.objects.exists():
        return rebuild_name_keys(people)
    names = _everybody()
    keys = keys_of_many((forename, surname) for _, forename, surname in names)
    wanted = dict.fromkeys((person, *key) for person, forename, surname in names for key in keys[(forename, surname)])
    rows = pl.DataFrame(list(wanted), schema={"person_id": pl.Int64, "kind": pl.String, "key": pl.String}, orient="row")
    bulk.lock(NameKey)
    first = bulk.next_id(NameKey)
    numbered = rows.with_columns(id=pl.int_range(first, first + rows.height, dtype=pl.Int64))
    return bulk.insert(model=NameKey, rows=numbered)


def _everybody() -> list[tuple[int, str, str]]:
    """(person, forename, surname) for each name that `rebuild_name_keys` makes keys of."""
    found: list[tuple[int, str, str]] = []
    for key, forename, surname, known_as in Person.objects.values_list("pk", "forename", "surname", "known_as"):
        found.append((key, forename, surname))
        if known_as:
            found.append((key, known_as, surname))
    return found + list(Alias.objects.values_list("person_id", "forename", "surname"))
