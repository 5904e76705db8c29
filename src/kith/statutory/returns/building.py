"""The returns that can be built of a dataset: for each, what it is called, and the function that writes it.

A builder is a pure function: `build(dataset, to, asked)` writes the files of one return and gives their paths. Whoever
adds a return writes that function beside the return's reader, and adds a line to RETURNS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from kith.statutory.returns.api_payload.sending import last_sent, sending, write
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.writing import write_folder
from kith.vocabulary.hours import LONDON


@dataclass(frozen=True)
class Asked:
    """What a return is built for: `on`, the day it tells of, and what it needs to know beside the record.

    `authority` is the authority's three figures, where the return names one; where it says in whose area homes lie, the
    authority's code in `postcodes`, the directory of postcodes. `last` is the folder that was built before, where only
    what changed since is wanted; `child` one child's id. `at` is the moment in London at which it is built: where
    nobody says, the day's beginning. `earlier` is the day as which the record is to be told, where not as it stands.
    """

    on: date
    authority: str = ""
    postcodes: Path | None = None
    last: Path | None = None
    child: str = ""
    at: datetime | None = None
    earlier: date | None = None

    @property
    def moment(self) -> datetime:
        """When it is built."""
        return self.at or datetime.combine(self.on, time.min, LONDON)

    @property
    def year(self) -> int:
        """The year whose 31 March ends the collection that the day is in."""
        return self.on.year + (1 if (self.on.month, self.on.day) > (3, 31) else 0)


Build = Callable[[Dataset, Path, Asked], tuple[Path, ...]]
Notes = Callable[[Dataset, tuple[Path, ...], Asked], tuple[str, ...]]


def _no_notes(dataset: Dataset, files: tuple[Path, ...], asked: Asked) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Return:
    """A return that can be built: its word on the command line, its title, and what is written.

    `to` is FOLDER or FILE, `example` what one may be called. `of_a_day` returns tell of the day they are asked for, the
    others of the record as it is, or where that may be asked, as it stood on an `earlier` day. `of_a_year` returns are
    asked for by the year whose 31 March ends the collection. `authority` returns name the authority that makes them;
    `located` ones say in whose area homes lie; a `daily` one is built of what changed since it was built last, or of
    one child. `notes` says what is to be known of the files that were written.
    """

    key: str
    title: str
    to: str
    example: str
    build: Build
    of_a_day: bool = True
    of_a_year: bool = False
    authority: bool = False
    daily: bool = False
    located: bool = False
    earlier: bool = False
    notes: Notes = _no_notes


def _ssd(dataset: Dataset, to: Path, asked: Asked) -> tuple[Path, ...]:
    from kith.statutory.returns.ssd.as_it_stood import as_it_stood

    return write_folder(as_it_stood(dataset, on=asked.earlier) if asked.earlier else dataset, to)


def _ssda903(dataset: Dataset, to: Path, asked: Asked) -> tuple[Path, ...]:
    from kith.statutory.returns.ssda903.building import tables_of
    from kith.statutory.returns.ssda903.writing import write_tables, write_xml

    tables = tables_of(dataset, year=asked.year)
    return (write_xml(tables, to),) if to.suffix.lower() == ".xml" else write_tables(tables, to)


def _annex_a(dataset: Dataset, to: Path, asked: Asked) -> tuple[Path, ...]:
    from kith.statutory.returns.annex_a.building import lists_of
    from kith.statutory.returns.annex_a.writing import write_workbook
    from kith.statutory.returns.ssda903.directories import read_postcodes

    directory = read_postcodes(asked.postcodes) if asked.postcodes else None
    lists = lists_of(dataset, on=asked.on, directory=directory, authority=asked.authority or None)
    return (write_workbook(lists, to),)


def _api_payload(dataset: Dataset, to: Path, asked: Asked) -> tuple[Path, ...]:
    found = sending(dataset, on=asked.on, last=last_sent(asked.last), child=asked.child)
    return write(found, to, whole=not asked.child)


def _cin(dataset: Dataset, to: Path, asked: Asked) -> tuple[Path, ...]:
    from kith.statutory.returns.cin_census.writer import Source, write_census

    write_census(dataset, to, year=asked.year, source=Source(asked.authority, asked.moment))
    return (to,)


def _about_cin(dataset: Dataset, files: tuple[Path, ...], asked: Asked) -> tuple[str, ...]:
    from kith.statutory.returns.cin_census.of_year import census_rows
    from kith.statutory.returns.cin_census.validity import faults_of_form

    left_out = census_rows(dataset, year=asked.year).left_out
    faults = [fault for path in files for fault in faults_of_form(path, year=asked.year)]
    return (
        *(f"{count:,} {words}: the census has no place for them." for words, count in left_out.items()),
        *(f"The file does not have the form of the census: {fault}" for fault in faults),
    )


_DAILY = "The daily records for the Department for Education, as JSON"

RETURNS: tuple[Return, ...] = (
    Return(
        "ssd",
        "The Standard Safeguarding Dataset, a CSV file for each table",
        "FOLDER",
        "extract/",
        _ssd,
        of_a_day=False,
        earlier=True,
    ),
    Return(
        "cin",
        "The children in need census, as XML",
        "FILE",
        "CIN.xml",
        _cin,
        of_a_year=True,
        authority=True,
        notes=_about_cin,
    ),
    Return(
        "ssda903",
        "The looked-after children return (SSDA903), a CSV file for each table, or XML where the name ends in .xml",
        "FOLDER-OR-FILE",
        "ssda903/",
        _ssda903,
        of_a_year=True,
    ),
    Return(
        "annex-a",
        "The eleven Annex A lists of an inspection, a workbook",
        "FILE",
        "annex-a.xlsx",
        _annex_a,
        located=True,
    ),
    Return("api-payload", _DAILY, "FOLDER", "children/", _api_payload, daily=True),
)
