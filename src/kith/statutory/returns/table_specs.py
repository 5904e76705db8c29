"""How a table of a return is laid out, read from TOML: fields in order, types, key, what it points at."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

TYPES: Mapping[str, pl.DataType] = MappingProxyType(
    {"text": pl.String(), "code": pl.String(), "date": pl.Date(), "int": pl.Int64(), "float": pl.Float64()}
)


@dataclass(frozen=True)
class Field:
    """One field: its name, its type (a word of TYPES), and the other headings under which real files carry it."""

    name: str
    kind: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSpec:
    """One table: `key` names the fields that tell its rows apart (none: rows are told apart by all they say).

    `required` fields may not be blank; `derived` ones are often left out of files, and not missed. `since` is the first
    collection year that has the table; none where every year has it.
    """

    name: str
    about: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    since: int | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the fields, in the order of the specification."""
        return tuple(each.name for each in self.fields)

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Each field and the type its column has in Polars."""
        return {each.name: TYPES[each.kind] for each in self.fields}


def _field(name: str, said: str | Mapping[str, Any]) -> Field:
    if isinstance(said, str):
        return Field(name=name, kind=said)
    return Field(name=name, kind=said["type"], also=tuple(said.get("also", ())))


def _table(name: str, said: Mapping[str, Any]) -> TableSpec:
    return TableSpec(
        name=name,
        about=said["about"],
        fields=tuple(_field(each, kind) for each, kind in said["fields"].items()),
        key=tuple(said.get("key", ())),
        required=tuple(said.get("required", ())),
        derived=tuple(said.get("derived", ())),
        references=MappingProxyType(dict(said.get("references", {}))),
        since=said.get("since"),
    )


def specs_in(files: Iterable[Path]) -> dict[str, TableSpec]:
    """Every table laid out in these TOML files, in their order."""
    found: dict[str, TableSpec] = {}
    for file in files:
        for name, said in tomllib.loads(file.read_text(encoding="utf-8")).items():
            found[name] = _table(name, said)
    return found


@cache
def specs_of(folder: Path) -> Mapping[str, TableSpec]:
    """Every table laid out in the TOML files of a folder, read once."""
    return MappingProxyType(specs_in(sorted(folder.glob("*.toml"))))
