"""Riverside, the invented borough: one call makes its data, the people to sign in as, and the list of planted failures."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset, schema
from kith.synthetic.front_door import tell
from kith.synthetic.households import write_households
from kith.synthetic.workforce import Staff
from kith.synthetic.world import Rows, World, new_world


def frames(rows: Rows) -> dict[str, pl.DataFrame]:
    """Turn the rows made into the dataset's typed tables; a column the dataset lacks raises ValueError."""
    made = {}
    for name, table in rows.tables.items():
        wanted = schema(name)
        strangers = {key for row in table for key in row} - wanted.keys()
        if strangers:
            raise ValueError(f"{name} has no column called {', '.join(sorted(strangers))}.")
        columns = {column: [row.get(column) for row in table] for column in wanted}
        made[name] = pl.DataFrame(columns, schema=wanted)
    return made


@dataclass(frozen=True)
class Planted:
    """One failure put in on purpose: where it is, whose it is, what should catch it and why it was put there."""

    id: str
    what: str
    person_id: str | None
    expect: str
    why: str


@dataclass(frozen=True)
class Borough:
    """An invented borough: its data, its planted failures and the people a demonstration signs in as."""

    dataset: Dataset
    planted: tuple[Planted, ...] = ()
    personas: dict[str, str] = field(default_factory=dict)
    barred: tuple[str, tuple[str, ...]] = ("", ())


def build(*, seed: int = 20260401, on: date = date(2026, 3, 31), boroughs: int = 1) -> Borough:
    """Build the borough as it stands at the end of `on`; the same seed and day give the same data, row for row."""
    world = new_world(seed=seed, on=on, borough=0)
    staff = Staff(world)
    town = tell(world, staff)
    write_households(world, town.families, set())
    return Borough(Dataset(frames(world.rows)))
