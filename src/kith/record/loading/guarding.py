"""A person whom a load brings is born restricted, in the same transaction, where she answers to a restricted one."""

from __future__ import annotations

import polars as pl

from kith.record.people.models import Person, Restriction
from kith.record.people.restricting import guard

from . import bulk
from .differences import Difference
from .recording import Stamp

TELLS = {"person": "ref", "alias": "person", "identifier": "person", "restriction": "person"}


def born_restricted(found: list[Difference], stamp: Stamp) -> int:
    """Restrict whoever this load brought, or gave another name or number, that answers to a restricted person."""
    refs: set[str] = set()
    for each in found:
        if column := TELLS.get(each.table.name):
            refs.update(pl.concat([each.added[column], each.changed[column]]).drop_nulls().to_list())
    ids = bulk.ids_of(model=Person, refs=sorted(refs)).values()
    return guard(ids, on=stamp.on, at=stamp.at, load=stamp.load)


def guarded(found: list[Difference], kept_back: int) -> list[str]:
    """What a load says of restrictions: how many it made, and how many its source tells of no more. No names."""
    gone = next((each.gone["ref"].to_list() for each in found if each.table.name == "restriction"), [])
    still = Restriction.objects.filter(ref__in=gone, ended_on=None).count() if gone else 0
    told = []
    if kept_back:
        told.append(
            f"{kept_back:,} people answer to a restricted record, and have the same restriction from now on: "
            "somebody who may see them should look whether they are the same."
        )
    if still:
        told.append(f"{still:,} restrictions are no longer told of: they stay until somebody ends them here.")
    return told
