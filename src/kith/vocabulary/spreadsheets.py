"""Tables of text that people open in a spreadsheet: no cell of them may run as a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    import polars as pl

BEGINS = "=+-@\t\r\n＝＋－＠"  # what a spreadsheet takes for the beginning of a formula, or skips before one
MARK = "'"  # at the beginning of a cell, it says that the cell is text; a spreadsheet does not show it
_MAY_BEGIN = rf"^{MARK}|^[ \u00a0\ufeff\u200b]*[{re.escape(BEGINS)}]"  # every text that `safe` changes, and numbers
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z")


def safe(value: Any) -> Any:
    """The value as it may stand in a cell: text that could be a formula is marked as text; numbers stay numbers."""
    if not isinstance(value, str) or _NUMBER.match(value):
        return value
    first = value.lstrip(" \u00a0\ufeff\u200b")[:1]
    return MARK + value if value.startswith(MARK) or (first and first in BEGINS) else value


def held(cell: str) -> str:
    """What a cell written by `safe` held."""
    return cell.removeprefix(MARK)


class TableWriter:
    """Writes rows as CSV, each cell safe."""

    def __init__(self, file: TextIO) -> None:
        self._out = csv.writer(file)

    def writerow(self, row: Iterable[Any]) -> None:
        """One row."""
        self._out.writerow([safe(each) for each in row])

    def writerows(self, rows: Iterable[Iterable[Any]]) -> None:
        """Several rows."""
        for row in rows:
            self.writerow(row)


def safe_table(table: pl.DataFrame) -> pl.DataFrame:
    """The table with each of its texts safe, and its headings too."""
    import polars as pl  # here, because every command imports this module and few write a table

    asked = table.select(pl.col(pl.String).str.contains(_MAY_BEGIN).any())
    unsafe = [name for name, found in zip(asked.columns, asked.row(0), strict=True) if found] if asked.width else []
    texts = table.with_columns(pl.col(unsafe).map_elements(safe, return_dtype=pl.String)) if unsafe else table
    return texts.rename({name: safe(name) for name in table.columns})
