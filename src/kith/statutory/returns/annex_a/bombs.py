"""Refuses a workbook that would be far larger once it is opened, before anything opens it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from pathlib import Path

from kith.statutory.returns.results import RefusedFile

LARGEST_OPENED = 400_000_000  # bytes once unpacked: a workbook that unpacks to more is a mistake or an attack
MOST_CELLS = 5_000_000  # in the rectangle that a sheet's cells lie in, all of which is made when it is opened
SAVE_AGAIN = "Open it in a spreadsheet, save it again as an Excel workbook (.xlsx), and load it once more."
_BLOCK = 1 << 20
_LAP = 400  # bytes of a block looked at again with the next: a cell's beginning may lie across two
_AT = rb"""\s[^<>]*?\br\s*=\s*["']"""
_FILLED = re.compile(rb"<(?:\w+:)?c" + _AT + rb"([A-Za-z]{1,3})(\d{1,9})[^<>]*>\s*<(?:\w+:)?(?:v|is|f)\b")
_ROW = re.compile(rb"<(?:\w+:)?row" + _AT + rb"(\d{1,9})[^<>]*>\s*<(?:\w+:)?c(?!" + _AT + rb")")


def refuse_bombs(path: Path) -> None:
    """Unpacks it a little at a time, as far as it goes and not as it says it does. Raises RefusedFile."""
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > LARGEST_OPENED:
            raise _too_large(path)
        return
    try:
        with zipfile.ZipFile(path) as packed:
            if "xl/workbook.xml" not in packed.namelist():
                raise RefusedFile("this is not an Excel workbook.", mend=SAVE_AGAIN, file=path.name)
            _unpack(packed, path)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise RefusedFile("this is not a workbook that can be opened.", mend=SAVE_AGAIN, file=path.name) from None


def _unpack(packed: zipfile.ZipFile, path: Path) -> None:
    size = 0
    for entry in packed.infolist():
        across, down, before = 0, 0, b""
        for block in _blocks(packed, entry):
            size += len(block)
            if size > LARGEST_OPENED:
                raise _too_large(path)
            text, before = before + block, block[-_LAP:]
            for column, row in _FILLED.findall(text):
                across, down = max(across, _number(column)), max(down, int(row))
            down = max([down, *map(int, _ROW.findall(text))])
        if max(across, 1) * down > MOST_CELLS:
            raise _too_large(path)


def _blocks(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    to_its_end = copy(entry)
    to_its_end.file_size = LARGEST_OPENED + 2 * _BLOCK  # what it says of its size would end the reading there
    with packed.open(to_its_end) as part:
        while block := part.read(_BLOCK):
            yield block


def _number(column: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    found = 0
    for letter in column.upper():
        found = found * 26 + letter - 64
    return found


def _too_large(path: Path) -> RefusedFile:
    return RefusedFile("this workbook is far larger inside than it should be.", mend=SAVE_AGAIN, file=path.name)
