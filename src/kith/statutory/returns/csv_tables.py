"""Gathers the CSV files of an extract into text tables, each file recognised by its columns and not by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kith.statutory.returns.checking import RawTable, check
from kith.statutory.returns.results import Problem, Progress, RefusedFile, TableCount, no_progress
from kith.statutory.returns.table_specs import TableSpec
from kith.statutory.returns.text_files import heading_of, read_text_table

NOT_RECOGNISED = "(not recognised)"
SUFFIXES = frozenset({".csv", ".txt", ".tsv"})
_PLACES = ("_line", "_row")


def spelt(heading: str) -> str:
    """A heading as it is compared: capitals and digits only, so that "Home post" is HOME_POST."""
    return re.sub(r"[^A-Z0-9]", "", heading.upper())


@dataclass
class Gathered:
    """What the files of an extract held, by table, before it is checked."""

    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    set_aside: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, frame: pl.DataFrame) -> None:
        """More rows of a table."""
        self.frames.setdefault(name, []).append(frame)

    def checked(
        self, specs: Mapping[str, TableSpec], progress: Progress
    ) -> tuple[dict[str, pl.DataFrame], dict[str, TableCount]]:
        """The rows that can be read, typed and with their place, and the counts; problems are added to these."""
        good: dict[str, pl.DataFrame] = {}
        counts: dict[str, TableCount] = {}
        for at, (name, frames) in enumerate(self.frames.items()):
            progress(f"Checking {name}", 0.7 + 0.3 * at / len(self.frames))
            frame = pl.concat(frames)
            if words := frame.select(pl.sum_horizontal(pl.col(specs[name].columns).eq("NULL").sum())).item():
                self.notes.append(f"{name}: places where the word NULL stands, read as blank: {words:,}.")
            checked = check(RawTable(specs[name], frame, self.set_aside.get(name, 0)))
            good[name], counts[name] = checked.frame, checked.count
            self.problems.extend(checked.problems)
        return good, counts


def gather(
    files: Sequence[Path],
    *,
    table_of: Callable[[Iterable[str]], TableSpec | None],
    into: Gathered,
    progress: Progress = no_progress,
) -> None:
    """Adds the rows of each file to `into`; a file that is no table of this extract is named as not recognised."""
    total = sum(path.stat().st_size for path in files) or 1
    done = 0
    for path in files:
        progress(f"Reading {path.name}", 0.7 * done / total)
        spec = table_of(heading_of(path))
        if spec is None:
            into.problems.append(not_recognised(path))
        else:
            _take(path, spec, into)
        done += path.stat().st_size
    progress("Checking what was read", 0.7)


def not_recognised(path: Path) -> Problem:
    """Says that a whole file was not read, because nothing in it shows what it is."""
    message = "what this file holds was not recognised from its columns: it was not read. Check that it belongs here."
    return Problem(file=path.name, line=1, field=None, message=message, table=NOT_RECOGNISED)


def _take(path: Path, spec: TableSpec, into: Gathered) -> None:
    text = read_text_table(path, table=spec.name)
    into.add(spec.name, _named_columns(spec, text.frame, path.name, into.notes))
    into.set_aside[spec.name] = into.set_aside.get(spec.name, 0) + len(text.problems)
    into.problems.extend(text.problems)
    into.notes.extend(text.notes)


def headings_of(spec: TableSpec) -> dict[str, str]:
    """Each way of writing a heading of this table, as it is compared, and the field it stands for."""
    ways = {spelt(also): each.name for each in spec.fields for also in each.also}
    return ways | {spelt(each.name): each.name for each in spec.fields}


def _named_columns(spec: TableSpec, frame: pl.DataFrame, file: str, notes: list[str]) -> pl.DataFrame:
    """The frame with the table's columns by their own names, blank where the file lacks them."""
    known = headings_of(spec)
    found: dict[str, str] = {}
    extra: list[str] = []
    for column in frame.columns:
        name = known.get(spelt(column))
        if name and name not in found:
            found[name] = column
        elif column not in _PLACES:
            extra.append(column)
    for must in dict.fromkeys((*spec.key[:1], *spec.required)):
        if must not in found:
            mend = f"Add {must} to the file: a row of {spec.name} is nothing without it."
            raise RefusedFile("this column is missing.", mend=mend, file=file, line=1, field=must)
    if missing := [each for each in spec.columns if each not in found and each not in spec.derived]:
        notes.append(f"{file}: has no column {', '.join(missing)}; read as blank.")
    if extra:
        notes.append(f"{file}: has columns that are not known here, not read: {', '.join(extra)}.")
    text = [
        (pl.col(found[each]) if each in found else pl.lit(None, dtype=pl.String)).alias(each) for each in spec.columns
    ]
    return frame.select(*text, pl.lit(file).alias("_file"), *_PLACES)
