"""Recognises what a file or folder holds by its content, and reads it: the one way in for every return and extract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kith.statutory.returns.annex_a import reader as annex_a
from kith.statutory.returns.annex_a.workbook import looks_like_workbook
from kith.statutory.returns.cin_census import layout as cin_layout
from kith.statutory.returns.cin_census import reader as cin_census
from kith.statutory.returns.csv_tables import not_recognised
from kith.statutory.returns.results import Problem, Progress, Reading, RefusedFile, TableCount, no_progress
from kith.statutory.returns.ssd_extract import reader as ssd
from kith.statutory.returns.ssda903 import reader as ssda903
from kith.statutory.returns.ssda903 import tables as ssda903_tables
from kith.statutory.returns.ssda903 import xml_form
from kith.statutory.returns.text_files import heading_of
from kith.statutory.returns.xml_files import looks_like_xml, root_of

__all__ = ["KINDS", "Problem", "Reading", "RefusedFile", "TableCount", "read", "recognise"]

KINDS: Mapping[str, str] = {
    ssd.KIND: "Standard Safeguarding Dataset",
    cin_census.KIND: "children in need census",
    ssda903.KIND: "looked-after children return (SSDA903)",
    annex_a.KIND: "Annex A workbook",
}
"""Each kind that can be read, and its name in words."""

_READERS: Mapping[str, Callable[..., Reading]] = {
    ssd.KIND: ssd.read_files,
    cin_census.KIND: cin_census.read_files,
    ssda903.KIND: ssda903.read_files,
    annex_a.KIND: annex_a.read_files,
}
_ROOTS = {cin_layout.ROOT: cin_census.KIND, xml_form.ROOT: ssda903.KIND}
_KNOWN = "Kith reads: " + "; ".join(KINDS.values()) + "."


def recognise(path: Path) -> str:
    """The kind of a file, or of a folder of files of one kind: a key of KINDS, told by content and not by name.

    Raises RefusedFile when it is missing or empty, when nothing in it is recognised, or when a folder holds two kinds.
    """
    files = _files([path])
    return _one_kind(_by_kind(files), path.name)


def read(paths: Sequence[Path], *, progress: Progress | None = None) -> Reading:
    """Everything in these files and folders, which must be of one kind, as one dataset with the report of reading it.

    A file that is not recognised beside others that are is named in a Problem and not read. `progress` is called with
    a sentence and the share done. Raises RefusedFile: then nothing has been read.
    """
    files = _files(paths)
    kinds = _by_kind(files)
    kind = _one_kind(kinds, ", ".join(path.name for path in paths))
    reading = _READERS[kind](kinds[kind], progress=progress or no_progress)
    unknown = tuple(not_recognised(path) for path in kinds.get("", ()))
    inner = tuple(f"{folder.name}: a folder within; not opened." for folder in _folders(paths))
    return replace(reading, problems=(*unknown, *reading.problems), notes=(*inner, *reading.notes))


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise RefusedFile("there is no such file or folder.", mend="Check how it is written.", file=path.name)
        inside = sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
        visible = [each for each in inside if not each.name.startswith((".", "~$")) or each == path]
        if not visible:
            mend = "Choose the folder that the files of the return are in."
            raise RefusedFile("this folder is empty.", mend=mend, file=path.name)
        found.extend(visible)
    return found


def _folders(paths: Iterable[Path]) -> list[Path]:
    return sorted(each for path in paths if path.is_dir() for each in path.iterdir() if each.is_dir())


def _by_kind(files: Iterable[Path]) -> dict[str, list[Path]]:
    kinds: dict[str, list[Path]] = {}
    for path in files:
        kinds.setdefault(_kind_of(path), []).append(path)
    return kinds


def _one_kind(kinds: Mapping[str, Sequence[Path]], name: str) -> str:
    known = [kind for kind in kinds if kind]
    if not known:
        mend = f"{_KNOWN} Check that the headings of the file are as they are published."
        raise RefusedFile("what this holds was not recognised.", mend=mend, file=name)
    if len(known) > 1:
        words = " and ".join(f"{KINDS[kind]} ({kinds[kind][0].name})" for kind in sorted(known))
        raise RefusedFile(f"this holds two kinds of return: {words}.", mend="Load each on its own.", file=name)
    return known[0]


def _kind_of(path: Path) -> str:
    """The kind of one file; "" when it is not recognised. Raises RefusedFile when it is of a known form but broken."""
    if path.stat().st_size == 0:
        return ""
    if looks_like_workbook(path):
        return annex_a.KIND if annex_a.holds_a_list(path) else ""
    if looks_like_xml(path):
        return _ROOTS.get(root_of(path), "")
    with path.open("rb") as stream:
        start = stream.read(512)
    if b"\x00" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    heading = heading_of(path)
    if ssd.table_of(heading):
        return ssd.KIND
    return ssda903.KIND if ssda903_tables.table_of(heading) else ""
