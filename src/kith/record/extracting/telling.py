"""Puts what the record says other than its sources into their tables: new rows, changed fields, rows taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import polars as pl

from kith.statutory.returns.ssd.dataset import conform, empty_table

from .facts import WAS, Said
from .places import Place, places

Tables = dict[str, pl.DataFrame]


def told(tables: Mapping[str, pl.DataFrame], said: Mapping[str, Said], only: Collection[str] | None = None) -> Tables:
    """The tables as the record tells them today, all or these. What it says nothing else of stays as it came."""
    whole = dict(tables)
    for place in places():
        if said[place.of].nothing or (only is not None and place.table not in only):
            continue
        held = whole.get(place.table, empty_table(place.table))
        whole[place.table] = _put(place, _without_taken_back(place, held, said[place.of]), said[place.of])
    return whole


def _without_taken_back(place: Place, table: pl.DataFrame, said: Said) -> pl.DataFrame:
    """The table less what was cancelled or voided, and what is now told in another table."""
    back = said.taken_back.filter(place.holds(said.taken_back.columns)).select(place.id)
    columns = said.changed.columns
    moved = said.changed.filter(place.holds(columns, ending=WAS) & ~place.holds(columns)).select(place.id)
    gone = pl.concat([back, moved])
    return table.join(gone, on=place.key, how="anti", maintain_order="left") if gone.height else table


def _put(place: Place, table: pl.DataFrame, said: Said) -> pl.DataFrame:
    rows = pl.concat([_of_added(place, said.added), _of_changed(place, said.changed)])
    if rows.is_empty():
        return table
    there = rows.join(table.select(place.key), on=place.key, how="semi")
    new = rows.join(table.select(place.key), on=place.key, how="anti", maintain_order="left")
    if place.more:
        said = [name for name in place.values if place.uses[name]]
        new = new.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in said))
    fresh = conform(place.table, new.select(place.key, *place.values))
    return pl.concat([_updated(place, table, there), fresh])


def _of_added(place: Place, added: pl.DataFrame) -> pl.DataFrame:
    rows = added.filter(place.holds(added.columns))
    return rows.select(place.id, *place.values.values(), *(pl.lit(True).alias(_flag(name)) for name in place.values))


def _of_changed(place: Place, changed: pl.DataFrame) -> pl.DataFrame:
    """Each row's values, and which of them are to be written: those made of a column that says other than it did."""
    rows = changed.filter(place.holds(changed.columns))
    return rows.select(
        place.id,
        *place.values.values(),
        *(_differs(place.uses[name], rows.columns).alias(_flag(name)) for name in place.values),
    )


def _differs(uses: tuple[str, ...], columns: list[str]) -> pl.Expr:
    asked = [pl.col(each).ne_missing(pl.col(f"{each}{WAS}")) for each in uses if f"{each}{WAS}" in columns]
    return pl.any_horizontal(asked) if asked else pl.lit(False)


def _flag(name: str) -> str:
    return f"_{name}"


def _updated(place: Place, table: pl.DataFrame, rows: pl.DataFrame, names: Iterable[str] = ()) -> pl.DataFrame:
    if rows.is_empty():
        return table
    values = {name: f"{name}{WAS}" for name in names or place.values}
    wide = table.join(rows.rename(values), on=place.key, how="left", maintain_order="left")
    written = [
        pl.when(pl.col(_flag(name)).fill_null(False)).then(pl.col(new)).otherwise(pl.col(name)).alias(name)
        for name, new in values.items()
    ]
    return wide.with_columns(written).select(table.columns)


def relinked(tables: Mapping[str, pl.DataFrame], facts: Mapping[str, pl.DataFrame]) -> Tables:
    """The tables with every link to another step or period as these facts have it, where they have one."""
    whole = dict(tables)
    for place in places():
        if not place.links or place.table not in whole:
            continue
        rows = facts[place.of]
        rows = rows.filter(place.holds(rows.columns)).select(place.id, *(place.values[name] for name in place.links))
        flags = [pl.col(name).is_not_null().alias(_flag(name)) for name in place.links]
        whole[place.table] = _updated(place, whole[place.table], rows.with_columns(flags), names=place.links)
    return whole
