"""What a load makes different in the record: new rows, changed rows, and rows no longer told of."""

from __future__ import annotations

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
    whose: set[str] = set()
    for each in found:
        touched = pl.concat([each.added.select("ref"), each.changed.select("ref"), each.gone.select("ref")]).unique()
        if touched.height:
            for frames in (before, after):
                whose.update(_owners(each.table.name, touched, frames))
    return sorted(whose)


# Rows that name no person are those of the part, step or period they add to.
OF_PART = ("visit_part", "strategy_decision", "told")  # what a kind adds to each child's part
OF_STEP = ("step", "strategy_meeting")


def _owners(name: str, touched: pl.DataFrame, frames: Frames) -> list[str]:
    """Whose these rows of a table are."""
    if name == "person":
        return touched["ref"].to_list()
    if name == "attendance":
        steps = frames[name].join(touched, on="ref", how="semi").select(pl.col("step").alias("ref"))
        return _owners("step", steps, frames)
    if name in OF_STEP:
        found = frames["part"].join(touched, left_on="step", right_on="ref", how="semi")
    else:
        holder = "period" if name == "home" else "part" if name in OF_PART else name
        found = frames[holder].join(touched, on="ref", how="semi")
    return found["person"].drop_nulls().to_list() if "person" in found.columns else []
