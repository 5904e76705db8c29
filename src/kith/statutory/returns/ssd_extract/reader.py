"""Reads a folder of Standard Safeguarding Dataset CSV files, each recognised by its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from kith.statutory.returns.checking import PLACE
from kith.statutory.returns.csv_tables import SUFFIXES, Gathered, gather
from kith.statutory.returns.results import Progress, Reading, RefusedFile, no_progress
from kith.statutory.returns.ssd.dataset import Dataset, specs
from kith.statutory.returns.ssd.pointing import loose_ends
from kith.statutory.returns.ssd_extract.times import notes_on_times, with_times
from kith.statutory.returns.table_specs import TableSpec

KIND = "ssd"


def table_of(heading: Iterable[str]) -> TableSpec | None:
    """The table whose fields these headings are; None when fewer than two are fields of any table, or most are not."""
    names = {name.strip().lower() for name in heading}
    best = max(specs().values(), key=lambda table: len(names.intersection(table.columns)))
    known = names.intersection(best.columns)
    return best if len(known) >= 2 and 2 * len(known) >= len(names) else None


def read_folder(folder: Path, *, progress: Progress = no_progress) -> tuple[Dataset, Reading]:
    """The dataset in a folder of CSV files, and the whole report of reading it. Raises RefusedFile."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not files:
        raise RefusedFile("this folder holds no CSV file.", mend="Choose the folder of the extract.", file=folder.name)
    reading = read_files(files, progress=progress)
    return reading.dataset, reading


def read_files(files: Sequence[Path], *, progress: Progress = no_progress) -> Reading:
    """Every file read into one dataset; a row in is a line of a CSV file that is not blank.

    Times of day are kept for missing episodes, in kith_missing_detail; a note counts others. Raises RefusedFile.
    """
    gathered = Gathered()
    gather(files, table_of=table_of, into=gathered, progress=progress)
    raw = {name: pl.concat(frames) for name, frames in gathered.frames.items()}
    good, counts = gathered.checked(specs(), progress)
    dataset = with_times(Dataset({name: frame.drop(PLACE) for name, frame in good.items()}), raw)
    progress("Read", 1.0)
    notes = (*gathered.notes, *notes_on_times(raw), *loose_ends(dataset))
    return Reading(kind=KIND, dataset=dataset, problems=tuple(gathered.problems), notes=notes, tables=counts)
