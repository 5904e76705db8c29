"""Opens a workbook safely and gives its sheets as rows of cells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from kith.statutory.returns.annex_a.bombs import SAVE_AGAIN, refuse_bombs
from kith.statutory.returns.results import RefusedFile

Cell = int | float | str | bool | time | date | datetime | timedelta
Rows = list[list[Cell]]

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DAY_ONE = date(1899, 12, 30)


def looks_like_workbook(path: Path) -> bool:
    """True when the file begins as an Excel workbook does, whatever its name."""
    with path.open("rb") as stream:
        return stream.read(4) in (_ZIP, _OLD)


def sheets_of(path: Path) -> Iterator[tuple[str, bool, Rows]]:
    """Each sheet: its name, whether it is hidden, and its rows from the first. Raises RefusedFile."""
    refuse_bombs(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            for meta in book.sheets_metadata:
                hidden = meta.visible != SheetVisibleEnum.Visible
                yield meta.name, hidden, book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
    except PasswordError:
        mend = "Save it without a password and load it once more."
        raise RefusedFile("this workbook is protected by a password.", mend=mend, file=path.name) from None
    except (CalamineError, OSError, ValueError):
        raise RefusedFile("this is not a workbook that can be opened.", mend=SAVE_AGAIN, file=path.name) from None


def as_text(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, days as 2026-03-31, blank as nothing."""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):  # a moment too: its day is what a return asks for
        return cell.strftime("%Y-%m-%d") if not isinstance(cell, datetime) else cell.date().isoformat()
    return " ".join(str(cell).replace("\xa0", " ").split())


_WAYS = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%Y/%m/%d")


def as_day(cell: Cell) -> str:
    """A cell that should be a day, as 2026-03-31 where it is a day, a spreadsheet's day number, or a day in words.

    What cannot be read stays as it is written, to be reported.
    """
    text = as_text(cell)
    if text.isdecimal() and len(text) == 5:
        return (_DAY_ONE + timedelta(days=int(text))).isoformat()
    if isinstance(cell, float) and 10_000 <= cell < 100_000:
        return (_DAY_ONE + timedelta(days=int(cell))).isoformat()
    for way in _WAYS:
        try:
            return datetime.strptime(text, way).date().isoformat()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return text
