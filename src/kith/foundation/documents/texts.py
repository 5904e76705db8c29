"""Files of text: they are text, and nothing that a browser or a computer would run."""

from __future__ import annotations

import codecs
from pathlib import Path

from .refusal import SAVE_AGAIN, TAKE_CARE, Refusal

CHUNK = 1 << 20
MARKED = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
RUNS = (
    b"<!doctype",
    b"<html",
    b"<script",
    b"<svg",
    b"<?xml",
    b"#!",
    b"mz",
    b"\x7felf",
    b"%pdf",
    b"pk\x03\x04",
    b"{\\rtf",
)


def examine(path: Path) -> dict[str, object]:
    """Refuse what is not text: a character that text never holds, or a beginning that says otherwise."""
    with path.open("rb") as file:
        begins = file.read(CHUNK)
        whole = begins
        wide = begins.startswith(MARKED)
        while whole:
            if not wide and b"\x00" in whole:
                raise Refusal("What is in the file is not what its name says.", mend=SAVE_AGAIN)
            whole = file.read(CHUNK)
    if begins.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower().startswith(RUNS):
        raise Refusal("What is in the file is not what its name says.", mend=TAKE_CARE)
    return {}
