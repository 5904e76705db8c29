"""Archives, which office files are: their size, count and names are known before anything of them is unpacked."""

from __future__ import annotations

import os
import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .refusal import SAVE_AGAIN, TAKE_CARE, Refusal

END, END_SIZE, LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
CHUNK = 1 << 20
MACROS = ("vbaproject.bin", "vbadata.xml", "activex", "/basic/", "/scripts/")
MACRO_TYPES = (b"macroEnabled", b"vbaProject")
NESTED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")
OUTSIDE = re.compile(
    rb'(?:attachedTemplate|oleObject|frame)"[^>]*TargetMode="External"|TargetMode="External"[^>]*attachedTemplate'
)


@dataclass(frozen=True)
class Limits:
    """How much may be in an archive."""

    unpacked: int = 300_000_000
    entries: int = 10_000
    directory: int = 2_000_000  # bytes of the list of its entries
    times: int = 200  # how many times larger it may become, where it becomes large
    small: int = 10_000_000  # below this it may become any number of times larger


def examine(path: Path, *, limits: Limits, holds: str = "") -> dict[str, object]:
    """Refuse an archive that is a bomb, hides something, runs something, or is not what its name says."""
    _check_end(path, limits)
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            _check_sizes(entries, path.stat().st_size, limits)
            _check_places(entries)
            _check_overlaps(entries, packed.start_dir)
            if holds and holds not in packed.namelist():
                raise Refusal("What is in the file is not what its name says.", mend=SAVE_AGAIN)
            _check_contents(packed, entries)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError, OSError) as fault:
        raise Refusal("The file is damaged, or was made to look like one that it is not.", mend=SAVE_AGAIN) from fault
    except RuntimeError as fault:  # which is how a locked entry is said
        raise Refusal("The file is locked with a password.", mend="Save it without one, and add that.") from fault
    return {"entries": len(entries)}


def _check_end(path: Path, limits: Limits) -> None:
    """The archive's own last words: how many entries it has, before a list of them is made."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - END_SIZE - LONGEST_COMMENT))
        tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        raise Refusal("The file is damaged: its end is missing.", mend=SAVE_AGAIN)
    entries, directory, where = struct.unpack("<10xHLL", tail[at : at + 20])
    if entries > limits.entries or directory > limits.directory or 0xFFFFFFFF in (directory, where):
        raise Refusal("Far more is in this file than a document has.", mend=TAKE_CARE)


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    unpacked = sum(each.file_size for each in entries)
    if len(entries) > limits.entries:
        raise Refusal("Far more is in this file than a document has.", mend=TAKE_CARE)
    if unpacked > limits.unpacked or (unpacked > limits.small and unpacked > packed * limits.times):
        raise Refusal("The file is far larger inside than it should be.", mend=TAKE_CARE)


def _check_places(entries: list[zipfile.ZipInfo]) -> None:
    """No entry may be written outside the folder it is unpacked to, or be there twice, or be a link."""
    seen: set[str] = set()
    for each in entries:
        name = each.orig_filename.replace("\\", "/")
        away = name.startswith("/") or ".." in PurePosixPath(name).parts or ":" in name or "\0" in name
        if away or (each.external_attr >> 16) & 0o170000 == 0o120000:
            raise Refusal("The file would put something where it does not belong.", mend=TAKE_CARE)
        if name.lower() in seen:
            raise Refusal("The file holds two parts of one name.", mend=SAVE_AGAIN)
        seen.add(name.lower())
        if any(sign in f"/{name.lower()}" for sign in MACROS):
            raise Refusal("The file can run macros.", mend="Save it without them, and add that.")


def _check_overlaps(entries: list[zipfile.ZipInfo], directory: int) -> None:
    """A bomb may count one stretch of the file many times over."""
    ordered = sorted(entries, key=lambda each: each.header_offset)
    ends = [each.header_offset for each in ordered[1:]] + [directory]
    for each, end in zip(ordered, ends, strict=True):
        if each.header_offset + 30 + len(each.orig_filename.encode()) + each.compress_size > end:
            raise Refusal("Parts of this file overlap, as they do in no document.", mend=TAKE_CARE)


def _check_contents(packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Unpack each entry, a little at a time and no further than it said: one that lies about its size is found."""
    for each in entries:
        left, begins = each.file_size, b""
        with packed.open(each) as part:
            while chunk := part.read(min(CHUNK, left + 1)):
                begins = begins or chunk
                left -= len(chunk)
                if left < 0:
                    raise Refusal("The file is larger inside than it says.", mend=TAKE_CARE)
        if left:
            raise Refusal("The file is damaged.", mend=SAVE_AGAIN)
        _check_part(each.filename, begins)


def _check_part(name: str, begins: bytes) -> None:
    ending = os.path.splitext(name)[1].lower()
    if begins.startswith(NESTED):
        raise Refusal(
            "There is another archive inside this file.", mend="Take it out, and add what is in it by itself."
        )
    if name == "[Content_Types].xml" and any(sign in begins for sign in MACRO_TYPES):
        raise Refusal("The file can run macros.", mend="Save it without them, and add that.")
    if ending == ".rels" and OUTSIDE.search(begins):
        raise Refusal("The file fetches something from elsewhere when it is opened.", mend=TAKE_CARE)
