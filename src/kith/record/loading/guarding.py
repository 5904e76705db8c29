"""A person whom a load brings is born restricted, in the same transaction, where she answers to a restricted one."""

from __future__ import annotations

from dataclasses import replace

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


def without_sealed(found: list[Difference]) -> list[Difference]:
    """The differences less those about records that an adoption sealed: the rows stay in the ledger as they came.

    A source that goes on under the old number with the new name would otherwise write the one onto the other.
    """
    sealed = Person.objects.filter(restrictions__level="R3", restrictions__ended_on=None)
    refs = list(sealed.values_list("ref", flat=True))
    if not refs:
        return found
    return [
        replace(each, **{part: _about_others(each, getattr(each, part), refs) for part in ("added", "changed", "gone")})
        for each in found
    ]


def _about_others(difference: Difference, rows: pl.DataFrame, refs: list[str]) -> pl.DataFrame:
    columns = {"person", "other"} & set(rows.columns) | ({"ref"} if difference.table.name == "person" else set())
    for column in sorted(columns):
        rows = rows.filter(~pl.col(column).is_in(refs).fill_null(False))
    return rows


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
