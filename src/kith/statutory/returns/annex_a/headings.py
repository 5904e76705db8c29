"""Finds which Annex A list a sheet is, and which of its columns is which, from its headings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType

from rapidfuzz import fuzz

from kith.statutory.returns.annex_a.workbook import Rows, as_text
from kith.statutory.returns.csv_tables import headings_of, spelt
from kith.statutory.returns.table_specs import TableSpec, specs_in

_FILE = Path(__file__).parent / "lists.toml"
SPECS: Mapping[str, TableSpec] = MappingProxyType(specs_in([_FILE]))
CHOICES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {name: said["choices"] for name, said in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()}
)
_SHARED = frozenset({"child", "gender", "ethnicity", "birth_date", "age", "disability", "team", "worker", "family"})
_LOOK = 30  # rows from the top in which the headings are looked for
_ALIKE = 88.0  # of 100: how like a known heading another must be to be taken for it
_CLEAR = 3.0  # and how much more like it than like the next


@dataclass(frozen=True)
class Headings:
    """The list a sheet holds: where its rows begin, which column is each field, and what is to be said of it."""

    spec: TableSpec
    first_row: int
    columns: Mapping[str, int]
    guessed: Mapping[str, str]
    unknown: Mapping[int, str]


def find_headings(rows: Rows) -> Headings | None:
    """The headings of a sheet, wherever they are in its first rows, in one row or two; None when it is no list."""
    best: tuple[float, int, list[str], TableSpec] | None = None
    for at in range(min(_LOOK, len(rows))):
        for depth, heading in enumerate(_ways(rows, at)):
            for spec in SPECS.values():
                score = _score(spec, heading)
                if score and (best is None or score > best[0]):
                    best = (score, at + depth + 1, heading, spec)
    if best is None:
        return None
    _, first_row, heading, spec = best
    return _matched(spec, heading, first_row)


def _ways(rows: Rows, at: int) -> list[list[str]]:
    """The row as headings; and with the row under it, whose words come first where both speak (merged cells)."""
    upper = [as_text(cell) for cell in rows[at]]
    if at + 1 >= len(rows):
        return [upper]
    under = [as_text(cell) for cell in rows[at + 1]]
    return [upper, [low or high for low, high in zip_longest(under, upper, fillvalue="")]]


def _score(spec: TableSpec, heading: Sequence[str]) -> float:
    """How many of the list's own fields are there, and a little for those all lists share; 0 when under half are."""
    known = headings_of(spec)
    found = {known[spelt(text)] for text in heading if spelt(text) in known}
    own = [each for each in spec.columns if each not in _SHARED]
    mine = sum(1 for each in own if each in found)
    return mine + len(found) / 100 if 2 * mine >= len(own) and spec.required[0] in found else 0.0


def _matched(spec: TableSpec, heading: Sequence[str], first_row: int) -> Headings:
    known = headings_of(spec)
    columns: dict[str, int] = {}
    left: dict[int, str] = {}
    for at, text in enumerate(heading):
        field = known.get(spelt(text))
        if field and field not in columns:
            columns[field] = at
        elif text:
            left[at] = text
    guessed: dict[str, str] = {}
    for at, text in list(left.items()):
        field = _alike(text, {way: each for way, each in known.items() if each not in columns})
        if field:
            columns[field], guessed[left.pop(at)] = at, field
    return Headings(spec, first_row, columns, guessed, left)


def _alike(text: str, known: Mapping[str, str]) -> str | None:
    """The field whose heading this clearly is, misspelt; None when no heading is near, or two are."""
    heading = spelt(text)
    digits = [each for each in heading if each.isdigit()]
    scores: dict[str, float] = {}
    for way, field in known.items():
        if [each for each in way if each.isdigit()] == digits:
            scores[field] = max(scores.get(field, 0.0), fuzz.ratio(heading, way))
    ranked = sorted(scores.items(), key=lambda each: -each[1])
    if not ranked or ranked[0][1] < _ALIKE:
        return None
    return None if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEAR else ranked[0][0]
