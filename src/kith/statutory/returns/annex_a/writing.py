"""Writes the eleven Annex A lists as one workbook: a sheet for each, none of them hidden, and no formula."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]

from kith.vocabulary.spreadsheets import safe

_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_WIDE = 18


def write_workbook(lists: Mapping[str, pl.DataFrame], path: Path) -> Path:
    """The lists as a workbook, each under its headings from the first row: days are days, text never a formula."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, frame in lists.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, frame.width - 1, _WIDE)
            for at, column in enumerate(frame.columns):
                sheet.write_string(0, at, column, heading)
            for down, row in enumerate(frame.iter_rows(), start=1):
                for at, value in enumerate(row):
                    _cell(sheet, down, at, value, day)
    return path


def _cell(sheet: Any, down: int, at: int, value: Any, day: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(down, at, value, day)
    elif isinstance(value, int):
        sheet.write_number(down, at, value)
    elif value is not None:
        sheet.write_string(down, at, str(safe(value)))
