"""The dataset that is Kith's hub: typed tables under their Standard Safeguarding Dataset names, and Kith's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

import polars as pl

from kith.statutory.returns.table_specs import TableSpec, specs_of

TABLES_FOLDER = Path(__file__).parent / "tables"


def specs() -> Mapping[str, TableSpec]:
    """The layout of every table a dataset can hold, by name."""
    return specs_of(TABLES_FOLDER)


def spec(name: str) -> TableSpec:
    """The layout of one table; KeyError when there is no such table."""
    try:
        return specs()[name]
    except KeyError:
        raise KeyError(f"The dataset has no table called {name}.") from None


def table_names() -> tuple[str, ...]:
    """The name of every table a dataset can hold."""
    return tuple(specs())


def schema(name: str) -> dict[str, pl.DataType]:
    """The columns of a table in order, and their types in Polars."""
    return spec(name).schema


def keys(name: str) -> tuple[str, ...]:
    """The fields that tell the rows of a table apart."""
    return spec(name).key


def references(name: str) -> Mapping[str, str]:
    """Each field of a table that points at another, and what it points at, as "table.field"."""
    return spec(name).references


@cache
def empty_table(name: str) -> pl.DataFrame:
    """A table with its columns and no row."""
    return pl.DataFrame(schema=schema(name))


def conform(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column of the table in order and of its type; columns it lacks are blank.

    Raises ValueError naming a column the table does not have, so that nothing is dropped unsaid.
    """
    wanted = schema(name)
    if strangers := set(frame.columns) - set(wanted):
        raise ValueError(f"{name} has no column called {', '.join(sorted(strangers))}.")
    filled = [
        (pl.col(column) if column in frame.columns else pl.lit(None)).cast(kind).alias(column)
        for column, kind in wanted.items()
    ]
    return frame.select(filled) if frame.width else empty_table(name)


@dataclass(frozen=True, eq=False)
class Dataset:
    """An authority's data: each table present has all its columns, in order and typed; others are simply missing."""

    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, frame in self.tables.items():
            if dict(frame.schema) != schema(name):
                raise ValueError(f"{name} does not have the columns and types of the dataset: use conform().")
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    @classmethod
    def of(cls, frames: Mapping[str, pl.DataFrame]) -> Dataset:
        """A dataset from frames that may lack columns; a frame with no row is still a table present."""
        return cls({name: conform(name, frame) for name, frame in frames.items()})

    def table(self, name: str) -> pl.DataFrame:
        """The table, or an empty one of its shape when the dataset does not hold it."""
        return self.tables[name] if name in self.tables else empty_table(name)

    def equals(self, other: Dataset) -> bool:
        """True when both hold the same tables with the same rows in the same order."""
        if self.tables.keys() != other.tables.keys():
            return False
        return all(frame.equals(other.tables[name]) for name, frame in self.tables.items())

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def row_count(self) -> int:
        """How many rows there are in all the tables."""
        return sum(frame.height for frame in self.tables.values())
