"""Finds how a text file is encoded, a megabyte at a time: UTF-8, UTF-16, or what Windows writes."""

from __future__ import annotations

import codecs
from pathlib import Path

from kith.statutory.returns.results import RefusedFile

SAVE_AGAIN = "Save it again as “CSV UTF-8” and load it once more."
_BLOCK = 1 << 20
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_WAYS = {"utf-8-sig": "", "cp1252": "read as Windows (cp1252) text, since it is not UTF-8."}


def encoding_of(path: Path, *, most: int | None = None) -> tuple[str, str]:
    """The encoding, and a note where it is not UTF-8. Raises RefusedFile where it is text in none that is known.

    `most`: look at so many bytes only; a character may be cut at their end.
    """
    with path.open("rb") as stream:
        if stream.read(2) in _UTF_16:
            return "utf-16", f"{path.name}: read as UTF-16 text."
    line = 0
    for way, note in _WAYS.items():
        line = _undecodable(path, way, most)
        if not line:
            return way, note and f"{path.name}: {note}"
    raise no_encoding(path, line)


def no_encoding(path: Path, line: int) -> RefusedFile:
    """Refuses a file with a character that belongs to no known encoding."""
    return RefusedFile(
        "a character here belongs to no known encoding.", mend=SAVE_AGAIN, file=path.name, line=line or None
    )


def _undecodable(path: Path, encoding: str, most: int | None) -> int:
    """The line of the first character that is not of the encoding; 0 where all are. Raises RefusedFile on a NUL."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, left = 1, path.stat().st_size if most is None else most
    with path.open("rb") as stream:
        while block := stream.read(min(_BLOCK, left)):
            left -= len(block)
            if b"\x00" in block:
                line = lines + block[: block.index(b"\x00")].count(b"\n")
                raise RefusedFile("this is not a text file.", mend=SAVE_AGAIN, file=path.name, line=line)
            try:
                decoder.decode(block, final=most is None and left <= 0)
            except UnicodeDecodeError as fault:
                seen = fault.object[: fault.start]  # what was left of the block before, if anything, has no line end
                return lines + seen.count(b"\n")
            lines += block.count(b"\n")
    return 0
