"""What every reader gives back: the dataset, what went in, what was read, what was kept out and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kith.statutory.returns.ssd.dataset import Dataset
from kith.vocabulary.errors import KithError

Progress = Callable[[str, float], None]
"""Called with a plain sentence and the share done, from 0 to 1."""


def no_progress(sentence: str, share: float) -> None:
    """For callers who do not watch."""


def forwards(progress: Progress) -> Progress:
    """The same, but the share done never goes back: for readers that go over an extract more than once."""
    furthest = 0.0

    def tell(sentence: str, share: float) -> None:
        nonlocal furthest
        furthest = max(furthest, share)
        progress(sentence, furthest)

    return tell


class RefusedFile(KithError):
    """A file that cannot be read at all: nothing of it is kept. Names the file, the line and the field."""

    def __init__(
        self, sentence: str, *, mend: str, file: str, line: int | None = None, field: str | None = None
    ) -> None:
        where = file + (f", line {line}" if line else "") + (f", {field}" if field else "")
        super().__init__(f"{where}: {sentence}", mend=mend)
        self.file = file
        self.line = line
        self.field = field


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one row, which is kept out, or (when `row` is None) with a whole file.

    `line` is the line of the file, or the row of the sheet; `row` counts the rows of that table in that file, and with
    `file` and `table` names one row. `shown` is the bad value, only when it looks like a date or a number.
    """

    file: str
    line: int | None
    field: str | None
    message: str
    table: str
    row: int | None = None
    shown: str | None = None

    def __str__(self) -> str:
        nth = f"{self.table} {self.row}" if self.row is not None and self.row != self.line else ""
        where = [self.file, f"line {self.line}" if self.line else "", nth, self.field or ""]
        return f"{', '.join(each for each in where if each)}: {self.message}"


@dataclass(frozen=True)
class TableCount:
    """For one table of the source: the rows that came in, were read, and were kept out."""

    rows_in: int = 0
    rows_read: int = 0

    @property
    def rows_reported(self) -> int:
        """Rows kept out; each has at least one Problem that names it."""
        return self.rows_in - self.rows_read


@dataclass(frozen=True)
class Reading:
    """What a reader found. Always: rows_in == rows_read + rows_reported, for each table and in all.

    `tables` counts by the source's own tables (a CSV table, an element of the census, a list of the workbook). One
    row of a source can fill several tables of the dataset, so `dataset` may hold more rows than were read.
    """

    kind: str
    dataset: Dataset
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    tables: Mapping[str, TableCount] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, count in self.tables.items():
            named = {(each.file, each.row) for each in self.problems if each.table == name and each.row is not None}
            if len(named) != count.rows_reported:
                raise AssertionError(f"{name}: {count.rows_reported} rows kept out, {len(named)} reported.")

    @property
    def rows_in(self) -> int:
        """Rows that came in, over all the source's tables."""
        return sum(count.rows_in for count in self.tables.values())

    @property
    def rows_read(self) -> int:
        """Rows that were read, over all the source's tables."""
        return sum(count.rows_read for count in self.tables.values())

    @property
    def rows_reported(self) -> int:
        """Different rows that a Problem names, counted from the problems themselves."""
        return len({(each.table, each.file, each.row) for each in self.problems if each.row is not None})
