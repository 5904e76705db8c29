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
    """What a return is built for: `on`, the day it tells of, and the authority's three figures, where it names one.

    `last` is the folder that was built before, where only what changed since is wanted; `child` one child's id. `at` is
    the moment in London at which it is built; where nobody says, the day's beginning.
    """

    on: date
    authority: str = ""
    last: Path | None = None
    child: str = ""
    at: datetime | None = None

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
    others of the record as it is. `of_a_year` returns are asked for by the year whose 31 March ends the collection.
    `authority` returns name the authority that makes them; a `daily` one is built of what changed since it was built
    last, or of one child. `notes` says what is to be known of the files that were written.
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
    notes: Notes = _no_notes


def _ssd(dataset: Dataset, to: Path, asked: Asked) -> tuple[Path, ...]:
    return write_folder(dataset, to)


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
    Return("api-payload", _DAILY, "FOLDER", "children/", _api_payload, daily=True),
)
