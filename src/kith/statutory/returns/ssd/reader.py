"""Reads a folder of Standard Safeguarding Dataset CSV files, each recognised by its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kith.statutory.returns.checking import PLACE, RawTable, check
from kith.statutory.returns.pointing import loose_ends
from kith.statutory.returns.results import Problem, Progress, Reading, RefusedFile, TableCount, no_progress
from kith.statutory.returns.ssd.dataset import Dataset, spec, specs
from kith.statutory.returns.text_files import heading_of, read_text_table

KIND = "ssd"


def table_of(heading: Iterable[str]) -> str | None:
    """The table whose fields these headings are; None when fewer than two are fields of any table, or most are not."""
    names = {name.strip().lower() for name in heading}
    best = max(specs().values(), key=lambda table: len(names.intersection(table.columns)))
    known = names.intersection(best.columns)
    return best.name if len(known) >= 2 and 2 * len(known) >= len(names) else None


def read_folder(folder: Path, *, progress: Progress = no_progress) -> tuple[Dataset, Reading]:
    """The dataset in a folder of CSV files, and the whole report of reading it. Raises RefusedFile."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".csv", ".txt", ".tsv"})
    if not files:
        raise RefusedFile("this folder holds no CSV file.", mend="Choose the folder of the extract.", file=folder.name)
    reading = read_files(files, progress=progress)
    return reading.dataset, reading


@dataclass
class _Gathered:
    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    set_aside: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_files(files: Sequence[Path], *, progress: Progress = no_progress) -> Reading:
    """Every file read into one dataset; a file that is not a table of the dataset is named as not recognised."""
    gathered = _Gathered()
    total = sum(path.stat().st_size for path in files) or 1
    done = 0
    for path in files:
        progress(f"Reading {path.name}", 0.7 * done / total)
        _gather(path, gathered)
        done += path.stat().st_size
    progress("Checking what was read", 0.7)
    return _checked(gathered, progress)


def _gather(path: Path, gathered: _Gathered) -> None:
    name = table_of(heading_of(path))
    if name is None:
        message = "the columns of this file are not those of any table of the dataset: it was not read."
        gathered.problems.append(Problem(file=path.name, line=1, field=None, message=message, table="(not recognised)"))
        return
    text = read_text_table(path, table=name)
    gathered.frames.setdefault(name, []).append(_named_columns(name, text.frame, path.name, gathered.notes))
    gathered.set_aside[name] = gathered.set_aside.get(name, 0) + len(text.problems)
    gathered.problems.extend(text.problems)
    gathered.notes.extend(text.notes)


def _named_columns(name: str, frame: pl.DataFrame, file: str, notes: list[str]) -> pl.DataFrame:
    """The frame with the table's columns by their own names, blank where the file lacks them."""
    wanted = spec(name)
    found = {column.lower(): column for column in frame.columns if column not in ("_line", "_row")}
    if wanted.key[0] not in found:
        mend = f"Add {wanted.key[0]} to the extract: it is what tells the rows of {name} apart."
        raise RefusedFile("this column is missing.", mend=mend, file=file, line=1, field=wanted.key[0])
    _note_columns(wanted.columns, found, file, notes)
    columns = [
        (pl.col(found[each]) if each in found else pl.lit(None, dtype=pl.String)).alias(each) for each in wanted.columns
    ]
    return frame.select(*columns, pl.lit(file).alias("_file"), "_line", "_row")


def _note_columns(wanted: Sequence[str], found: Mapping[str, str], file: str, notes: list[str]) -> None:
    if missing := [each for each in wanted if each not in found]:
        notes.append(f"{file}: has no column {', '.join(missing)}; read as blank.")
    if extra := [found[each] for each in found if each not in wanted]:
        notes.append(f"{file}: has columns the dataset does not know, not read: {', '.join(extra)}.")


def _checked(gathered: _Gathered, progress: Progress) -> Reading:
    tables: dict[str, pl.DataFrame] = {}
    counts: dict[str, TableCount] = {}
    for at, (name, frames) in enumerate(gathered.frames.items()):
        progress(f"Checking {name}", 0.7 + 0.3 * at / len(gathered.frames))
        checked = check(RawTable(spec(name), pl.concat(frames), gathered.set_aside[name]))
        tables[name], counts[name] = checked.frame.drop(PLACE), checked.count
        gathered.problems.extend(checked.problems)
    dataset = Dataset(tables)
    progress("Read", 1.0)
    notes = (*gathered.notes, *loose_ends(dataset))
    return Reading(kind=KIND, dataset=dataset, problems=tuple(gathered.problems), notes=notes, tables=counts)
