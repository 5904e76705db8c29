"""The tables of SSDA903, and how each is known by its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from kith.statutory.returns.csv_tables import headings_of, spelt
from kith.statutory.returns.table_specs import TableSpec, specs_in

SPECS: Mapping[str, TableSpec] = MappingProxyType(specs_in([Path(__file__).parent / "tables.toml"]))
_SHARED = frozenset({"CHILD", "DOB", "SEX"})  # in so many tables that they tell none of them apart


def table_of(heading: Iterable[str]) -> TableSpec | None:
    """The table with most of these headings; None without a child, or without a column that belongs to one table.

    Of two tables with as many, the one that the headings fill more fully is taken.
    """
    names = {spelt(name) for name in heading}
    best: tuple[int, float, TableSpec] | None = None
    for spec in SPECS.values():
        fields = {field for way, field in headings_of(spec).items() if way in names}
        own = len(fields - _SHARED)
        score = (own, own / len(spec.fields), spec)
        if "CHILD" in fields and own and (best is None or score[:2] > best[:2]):
            best = score
    if best is None or 2 * best[0] < len(names - {spelt(each) for each in _SHARED} - {"CHILDID"}):
        return None
    return best[2]
