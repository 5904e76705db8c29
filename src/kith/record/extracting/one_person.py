"""Two records that were agreed to be one person are one child in the dataset, under the id of the record that leads.

Nothing of either record is rewritten: parted again, they are two in the next extract.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from kith.record.people.models import Tie
from kith.statutory.returns.ssd.dataset import references
from kith.statutory.returns.ssd.owners import OWN, PERSON

from .telling import Tables

# Fields that name a person, and that the dataset's layout does not say point at one: an adult may stand there too.
ALSO = {"kith_relationship": ("rela_other_person_id",)}
# Of these a person has one row, or one for each code: what the record that leads leaves blank, the other fills.
ONE_ROW = {
    "ssd_person": ("pers_person_id",),
    "kith_adult": ("adul_person_id",),
    "kith_person_detail": ("pdet_person_id",),
    "ssd_disability": ("disa_person_id", "disa_disability_code"),
}


def leading(*, among: Sequence[int] | None = None) -> Mapping[str, str]:
    """For each record that another leads (of these, by their numbers), by its id in the dataset, that other's."""
    rows = Tie.objects.filter(joined=True, leads=True)
    if among is not None:
        rows = rows.filter(person_id__in=list(among), other_id__in=list(among))
    told = rows.values_list("person__ref", "other__ref")
    return {ref.partition(":")[2]: leader.partition(":")[2] for ref, leader in told}


def as_one(tables: Tables, leads: Mapping[str, str]) -> Tables:
    """The tables with every row of a record that is led told of the one that leads."""
    return {name: _under_leaders(name, frame, leads) for name, frame in tables.items()} if leads else tables


def _under_leaders(name: str, frame: pl.DataFrame, leads: Mapping[str, str]) -> pl.DataFrame:
    fields = [field for field, to in references(name).items() if to == PERSON]
    fields += [*ALSO.get(name, ()), *([OWN[name]] if name in OWN else [])]
    if not fields or not frame.height:
        return frame
    led = pl.any_horizontal(pl.col(each).is_in(list(leads)).fill_null(False) for each in fields)
    if not (mine := frame.filter(led)).height:
        return frame
    told = pl.concat([frame.filter(~led), mine.with_columns(pl.col(each).replace(leads) for each in fields)])
    return _once(told, ONE_ROW[name]) if name in ONE_ROW else told


def _once(rows: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    again = pl.struct(key).is_duplicated()
    merged = rows.filter(again).group_by(key, maintain_order=True).agg(pl.all().drop_nulls().first())
    return pl.concat([rows.filter(~again), merged.select(rows.columns)])
