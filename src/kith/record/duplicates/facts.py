"""The record’s people as the linkage takes them: one row each, with every name, number, home and parent."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl

from kith.analysis.linkage.features import ONE_PERSONS, PEOPLE
from kith.record.people.models import Address, Alias, FamilyMember, Identifier, Person, Relationship
from kith.record.people.queries import PARENTS
from kith.record.people.ties import followers

from .access import kept_apart

KINDS = {
    "nhs number": "nhs",
    "unique pupil number": "upn",
    "former unique pupil number": "upn",
}  # an authority gives its own number to each record, so that one is no evidence


def people() -> pl.DataFrame:
    """Everybody who may be compared, once: of records read together, the one that leads."""
    apart = kept_apart()
    rows = Person.objects.exclude(pk__in=apart).exclude(pk__in=followers())
    columns = ("pk", "forename", "surname", "known_as", "born_on", "sex")
    names, numbers, homes, kin = _names(), _numbers(), _homes(), _kin()
    found = [
        {
            "person": pk,
            "forename": forename,
            "surname": surname,
            "names": names[pk] + ([[known_as, surname]] if known_as and known_as != forename else []),
            "born_on": born_on,
            "sex": sex,
            "numbers": numbers[pk],
            "homes": homes[pk],
            "kin": kin[pk],
        }
        for pk, forename, surname, known_as, born_on, sex in rows.order_by("pk").values_list(*columns).iterator()
    ]
    return pl.DataFrame(found, schema=PEOPLE)


def _names() -> defaultdict[int, list[Any]]:
    return _gathered(
        (pk, [one, other]) for pk, one, other in Alias.objects.values_list("person", "forename", "surname")
    )


def _numbers() -> defaultdict[int, list[Any]]:
    rows = Identifier.objects.filter(voided_at=None).values_list("person", "kind", "value")
    told = ((pk, KINDS.get(kind.lower().strip(), ""), value) for pk, kind, value in rows)
    return _gathered(
        (pk, f"{kind}:{value.replace(' ', '').upper()}") for pk, kind, value in told if kind in ONE_PERSONS
    )


def _homes() -> defaultdict[int, list[Any]]:
    rows = Address.objects.exclude(postcode="").values_list("person", "lines", "postcode")
    return _gathered((pk, f"{lines}|{postcode}") for pk, lines, postcode in rows)


def _kin() -> defaultdict[int, list[Any]]:
    """A parent by name: two records of one child seldom name the same row. A family by its own key."""
    parents = Relationship.objects.filter(kind__in=PARENTS).exclude(other=None)
    rows = parents.values_list("person", "other__forename", "other__surname")
    found = _gathered((pk, f"{one} {other}".strip()) for pk, one, other in rows)
    for pk, family in FamilyMember.objects.values_list("person", "family"):
        found[pk].append(f"family:{family}")
    return found


def _gathered(pairs: Any) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for pk, value in pairs:
        found[pk].append(value)
    return found
