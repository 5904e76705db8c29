"""What a load makes different in the record: new rows, changed rows, and rows no longer told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from .shaping.tables import TABLES, Table
from .shaping.words import Frames

WAS = "_was"


@dataclass(frozen=True)
class Difference:
    """One table. `changed` has each row's new values, and what the sources said before under `<column>_was`."""

    table: Table
    added: pl.DataFrame
    changed: pl.DataFrame
    gone: pl.DataFrame

    @property
    def columns(self) -> list[str]:
        """The columns that a later load may change."""
        return _columns(self.table, self.added)


def _columns(table: Table, frame: pl.DataFrame) -> list[str]:
    return [each for each in frame.columns if each not in ("ref", *table.once)]


def differences(before: Frames, after: Frames) -> list[Difference]:
    """The differences in each table, in the order they are written; `before` is empty on a first load."""
    return [_difference(table, before.get(table.name), after[table.name]) for table in TABLES]


def _difference(table: Table, before: pl.DataFrame | None, after: pl.DataFrame) -> Difference:
    new = placed(table, after)
    if before is None:
        return Difference(table, new, new.clear(), new.clear())
    old = placed(table, before)
    both = new.join(old, on="ref", suffix=WAS, maintain_order="left")
    differs = [pl.col(each).ne_missing(pl.col(f"{each}{WAS}")) for each in _columns(table, new)]
    return Difference(
        table=table,
        added=new.join(old, on="ref", how="anti", maintain_order="left"),
        changed=both.filter(pl.any_horizontal(differs)) if differs else both.clear(),
        gone=old.join(new, on="ref", how="anti", maintain_order="left"),
    )


def placed(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that have all that a row of this table must have."""
    return frame.drop_nulls(["ref", *table.must])


def unplaced(after: Frames) -> tuple[str, ...]:
    """A sentence for each table in which rows are kept only as they came: something a row must have is missing."""
    return tuple(
        f"{lost:,} rows of {table.name.replace('_', ' ')} lack a {' or '.join(_said(each) for each in table.must)}: "
        "they are kept as they came, and do not show on any page."
        for table in TABLES
        if (lost := after[table.name].height - placed(table, after[table.name]).height)
    )


def _said(column: str) -> str:
    return {"started_on": "start date", "made_on": "date made", "step": "meeting that is known"}.get(column, column)


def people_of(found: list[Difference], before: Frames, after: Frames) -> list[str]:
    """The refs of everybody for whom anything is different."""
    owners = _owners(before, after)
    touched = [
        pl.concat([each.added.select("ref"), each.changed.select("ref"), each.gone.select("ref")]).with_columns(
            table=pl.lit(each.table.name)
        )
        for each in found
    ]
    return pl.concat(touched).join(owners, on=["table", "ref"])["person"].unique().sort().to_list()


def _owners(*records: Frames) -> pl.DataFrame:
    """`table`, `ref`, `person`: whose each row is."""
    rows: list[pl.DataFrame] = []
    for frames in (each for each in records if each):
        rows += [_of(table.name, frames[table.name]) for table in TABLES if "person" in frames[table.name].columns]
        rows.append(frames["person"].select(pl.lit("person").alias("table"), "ref", person=pl.col("ref")))
        rows += _of_details(frames)
    return pl.concat(rows).drop_nulls().unique()


def _of(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.lit(name).alias("table"), "ref", "person")


def _of_details(frames: Mapping[str, pl.DataFrame]) -> list[pl.DataFrame]:
    """Rows that name no person are those of the step, part or period they add to."""
    parts, periods = frames["part"].select("ref", "person"), frames["period"].select("ref", "person")
    steps = frames["part"].select(pl.col("step").alias("ref"), "person")
    meetings = frames["attendance"].select("ref", "step").join(steps, left_on="step", right_on="ref").drop("step")
    return [
        _of("attendance", meetings),
        *(_of(name, parts) for name in ("visit_part", "strategy_decision")),
        *(_of(name, steps) for name in ("step", "strategy_meeting")),
        _of("home", periods),
    ]
