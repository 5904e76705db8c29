"""Reads a CSV file as text, whatever its encoding or separator, keeping the line on which each row began.

It is read a line at a time, so that no more of it is in memory than the rows it gives.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import polars as pl

from kith.statutory.returns.file_sizes import refuse_large
from kith.statutory.returns.results import Problem, RefusedFile
from kith.statutory.returns.text_encodings import encoding_of, no_encoding

_HEAD = 262_144  # bytes enough for any heading
_CHUNK = 50_000  # rows turned into columns at a time, so that few are held twice
_SEPARATORS = ",\t;|"
_LONGEST = 4_000_000  # characters of one line: a row of a return is far shorter


@dataclass(frozen=True)
class TextTable:
    """A CSV file as text: columns named by its headings, then `_line` (where the row began) and `_row` (the same)."""

    file: str
    frame: pl.DataFrame
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    rows_in: int


def separator_of(text: str) -> str:
    """The separator that divides the first line most often; a comma when none does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count) if first else ","


def heading_of(path: Path) -> tuple[str, ...]:
    """The headings of a CSV file, trimmed; empty when it has none. Reads only the beginning of the file."""
    text = _beginning(path, encoding_of(path, most=_HEAD)[0])
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
        return _trimmed(next((row for row in rows if any(cell.strip() for cell in row)), ()))
    except csv.Error:
        return ()


def _beginning(path: Path, encoding: str) -> str:
    with path.open("rb") as stream:
        return stream.read(_HEAD).decode(encoding, errors="ignore")


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    heading = [cell.strip().strip("\ufeff") for cell in cells]
    while heading and not heading[-1]:
        heading.pop()  # some systems end every line with a separator
    return tuple(heading)


def read_text_table(path: Path, *, table: str) -> TextTable:
    """Every row of the file as text. Raises RefusedFile when it cannot be divided into rows and columns."""
    refuse_large(path)
    encoding, note = encoding_of(path)
    with path.open(encoding=encoding, newline="") as stream:
        reader = _Rows(path, stream, separator_of(_beginning(path, encoding)), table=table)
        frames = list(reader.frames())
    frame = pl.concat(frames) if frames else reader.frame_of([])
    notes = [note] if note else []
    if reader.blank:
        notes.append(f"{path.name}: blank lines passed over: {reader.blank:,}.")
    return TextTable(path.name, frame, tuple(reader.problems), tuple(notes), frame.height + len(reader.problems))


class _Rows:
    """Walks the rows of one file, setting aside those with too many or too few values."""

    def __init__(self, path: Path, stream: TextIO, separator: str, *, table: str) -> None:
        self.path, self.file, self.table = path, path.name, table
        self.problems: list[Problem] = []
        self.blank = 0
        self._csv = csv.reader(self._lines(stream), delimiter=separator, strict=True)
        self._walk = self._numbered()
        self.heading = self._heading()

    def _lines(self, stream: TextIO) -> Iterator[str]:
        while line := stream.readline(_LONGEST):
            if len(line) == _LONGEST:
                mend = "Check that it is a table with a line for each row, and produce it again."
                here = self._csv.line_num + 1
                raise RefusedFile("this line is far too long.", mend=mend, file=self.file, line=here)
            yield line

    def _numbered(self) -> Iterator[tuple[int, list[str]]]:
        began = 1
        try:
            for row in self._csv:
                yield began, row
                began = self._csv.line_num + 1
        except csv.Error:
            raise RefusedFile(
                "a quotation mark that opens here is not closed properly.",
                mend="Close or remove the quotation mark, or save the file again from the system it came from.",
                file=self.file,
                line=began,
            ) from None
        except UnicodeError:
            raise no_encoding(self.path, began) from None

    def _heading(self) -> tuple[str, ...]:
        heading = _trimmed(next((row for _, row in self._walk if any(cell.strip() for cell in row)), ()))
        twice = sorted({name for name in heading if heading.count(name) > 1 and name})
        if twice:
            raise RefusedFile(
                "this heading appears twice.", mend="Remove one of them.", file=self.file, line=1, field=twice[0]
            )
        return tuple(name or f"(column {at})" for at, name in enumerate(heading, start=1))

    def frames(self) -> Iterator[pl.DataFrame]:
        """The rows as frames of text, some thousands at a time."""
        chunk: list[list[str]] = []
        lines: list[int] = []
        width = len(self.heading)
        for line, row in self._walk:
            if len(row) == width and row[0]:  # nearly every row: no need to look further
                chunk.append(row)
                lines.append(line)
            elif fitted := self._fitted(line, row):
                chunk.append(fitted)
                lines.append(line)
            if len(chunk) == _CHUNK:
                yield self.frame_of(chunk, lines)
                chunk, lines = [], []
        if chunk:
            yield self.frame_of(chunk, lines)

    def frame_of(self, rows: Sequence[Sequence[str]], lines: Sequence[int] = ()) -> pl.DataFrame:
        """A frame of text from rows as wide as the heading."""
        columns = list(zip(*rows, strict=True)) if rows else [() for _ in self.heading]
        series = [pl.Series(name, values, dtype=pl.String) for name, values in zip(self.heading, columns, strict=True)]
        place = pl.Series("_line", lines, dtype=pl.Int64)
        return pl.DataFrame([*series, place, place.alias("_row")])

    def _fitted(self, line: int, row: list[str]) -> list[str] | None:
        width = len(self.heading)
        if len(row) == width and any(row):
            return row
        if not any(cell.strip() for cell in row):
            self.blank += 1
            return None
        if len(row) > width and not any(cell.strip() for cell in row[width:]):
            return row[:width]
        self.problems.append(self._misfit(line, len(row), width))
        return None

    def _misfit(self, line: int, found: int, width: int) -> Problem:
        message = (
            f"this row has {found} values where the heading has {width}. Check for a stray separator or line break."
        )
        return Problem(file=self.file, line=line, field=None, message=message, table=self.table, row=line)
