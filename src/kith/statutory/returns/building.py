"""The returns that can be built of a dataset: for each, what it is called, and the function that writes it.

A builder is a pure function: `build(dataset, to, asked)` writes the files of one return and gives their paths. Whoever
adds a return writes that function beside the return's reader, and adds a line to RETURNS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kith.statutory.returns.api_payload.sending import last_sent, sending, write
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.writing import write_folder


@dataclass(frozen=True)
class Asked:
    """What a return is built for: `on`, the day it tells of, and the authority's three figures, where it names one.

    `last` is the folder that was built before, where only what changed since is wanted; `child` one child's id.
    """

    on: date
    authority: str = ""
    last: Path | None = None
    child: str = ""

    @property
    def year(self) -> int:
        """The year whose 31 March ends the collection that the day is in."""
        return self.on.year + (1 if (self.on.month, self.on.day) > (3, 31) else 0)


Build = Callable[[Dataset, Path, Asked], tuple[Path, ...]]


@dataclass(frozen=True)
class Return:
    """A return that can be built: its word on the command line, its title, and what is written.

    `to` is FOLDER or FILE, `example` what one may be called. `of_a_day` returns tell of the day they are asked for, the
    others of the record as it is. `authority` returns name the authority that makes them; a `daily` one is built of
    what changed since it was built last, or of one child.
    """

    key: str
    title: str
    to: str
    example: str
    build: Build
    of_a_day: bool = True
    authority: bool = False
    daily: bool = False


def _ssd(dataset: Dataset, to: Path, asked: Asked) -> tuple[Path, ...]:
    return write_folder(dataset, to)


def _api_payload(dataset: Dataset, to: Path, asked: Asked) -> tuple[Path, ...]:
    found = sending(dataset, on=asked.on, last=last_sent(asked.last), child=asked.child)
    return write(found, to, whole=not asked.child)


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
    Return("api-payload", _DAILY, "FOLDER", "children/", _api_payload, daily=True),
)
