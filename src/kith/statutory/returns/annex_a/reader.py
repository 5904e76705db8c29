"""Reads Annex A workbooks into the dataset, each sheet known by its headings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from kith.statutory.returns.annex_a import mapping, mapping_care
from kith.statutory.returns.annex_a.headings import CHOICES, SPECS, Headings, find_headings
from kith.statutory.returns.annex_a.wording import read_choices
from kith.statutory.returns.annex_a.workbook import Cell, Rows, as_day, as_text, sheets_of
from kith.statutory.returns.csv_tables import Gathered
from kith.statutory.returns.ids import said_once
from kith.statutory.returns.results import Progress, Reading, RefusedFile, no_progress
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.pointing import loose_ends

KIND = "annex_a"
Frames = dict[str, pl.DataFrame]

_NOT_KEPT = (
    "What the lists work out from other rows is not kept: ages, counts of earlier referrals, enquiries, conferences, "
    "plans, homes and missing episodes, a second period of care, where the home lies, and emergency protection.",
    "The lists do not date the last missing episode, so whether a return interview was offered and accepted is not "
    "kept; nor is the day a child for adoption came into care, which list 8 holds while they are in care.",
)


def holds_a_list(path: Path) -> bool:
    """True when a sheet of the workbook has the headings of a list. Raises RefusedFile when it cannot be opened."""
    return any(find_headings(rows) for _, _, rows in sheets_of(path))


def read_files(files: Sequence[Path], *, progress: Progress = no_progress) -> Reading:
    """Every list in these workbooks read into one dataset. Raises RefusedFile when a workbook cannot be opened.

    A row in is a row of a list that is not blank. Ids are made of the child's id and the day, so they stay the same
    from one workbook to the next; teams and workers have only their names.
    """
    gathered = Gathered()
    for at, path in enumerate(files):
        progress(f"Reading {path.name}", 0.7 * at / len(files))
        gather_workbook(path, gathered)
    good, counts = gathered.checked(SPECS, progress)
    read = {
        name: read_choices(good[name], choices=CHOICES[name], notes=gathered.notes, where=name)
        for name in SPECS
        if name in good
    }
    dataset = Dataset.of(_mapped(read))
    progress("Read", 1.0)
    notes = (*gathered.notes, *_NOT_KEPT, *loose_ends(dataset))
    return Reading(kind=KIND, dataset=dataset, problems=tuple(gathered.problems), notes=notes, tables=counts)


def gather_workbook(path: Path, gathered: Gathered) -> None:
    """Adds the rows of each list in the workbook. Raises RefusedFile when it has none, or cannot be opened."""
    found = 0
    for sheet, hidden, rows in sheets_of(path):
        where = f"{path.name}, sheet “{sheet}”" + (" (hidden)" if hidden else "")
        headings = find_headings(rows)
        if headings:
            found += 1
            gathered.add(headings.spec.name, _texts(rows, headings, path.name))
            gathered.notes.extend(_said(headings, where))
        elif any(as_text(cell) for row in rows for cell in row):
            gathered.notes.append(f"{where}: not recognised as one of the eleven lists; not read.")
    if not found:
        mend = "Check that this is the Annex A workbook, with the headings of the lists as they are published."
        raise RefusedFile("no sheet of this workbook has the headings of a list.", mend=mend, file=path.name)


def _said(headings: Headings, where: str) -> list[str]:
    spec = headings.spec
    notes = [f"{where}: the heading “{text}” is taken for {field}." for text, field in headings.guessed.items()]
    if headings.unknown:
        notes.append(f"{where}: headings not known, not read: {', '.join(headings.unknown.values())}.")
    if missing := [each for each in spec.columns if each not in headings.columns and each not in spec.derived]:
        notes.append(f"{where}: has no heading for {', '.join(missing)}; read as blank.")
    return notes


def _texts(rows: Rows, headings: Headings, file: str) -> pl.DataFrame:
    spec = headings.spec
    found: list[tuple[str | int | None, ...]] = []
    for number, row in enumerate(rows[headings.first_row :], start=headings.first_row + 1):
        if any(as_text(cell) for cell in row):
            values = [
                None if (at := headings.columns.get(field.name)) is None else _cell(row[at], field.kind)
                for field in spec.fields
            ]
            found.append((*values, file, number, number))
    texts = dict.fromkeys([*spec.columns, "_file"], pl.String())
    return pl.DataFrame(found, schema={**texts, "_line": pl.Int64(), "_row": pl.Int64()}, orient="row")


def _cell(cell: Cell, kind: str) -> str:
    return as_day(cell) if kind == "date" else as_text(cell)


def _mapped(rows: Frames) -> Frames:
    tables = mapping.people(rows) | mapping.workforce(rows) | mapping.referrals(rows)
    alone = {
        "List 1": mapping.contacts,
        "List 2": mapping.early_help,
        "List 6": mapping.last_seen,
        "List 8": mapping_care.care,
        "List 9": mapping_care.care_leavers,
        "List 10": mapping_care.adoption,
        "List 11": mapping_care.adopters,
    }
    under_a_referral = {
        "List 4": mapping.assessments,
        "List 5": mapping.enquiries,
        "List 7": mapping.protection_plans,
    }
    for name, into in alone.items():
        if name in rows:
            tables |= into(rows[name])
    for name, under in under_a_referral.items():
        if name in rows:
            tables |= under(rows[name], tables)
    tables |= mapping_care.uasc([rows[name] for name in ("List 8", "List 9") if name in rows])
    return said_once(tables)
