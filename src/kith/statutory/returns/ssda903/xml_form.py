"""Takes an SSDA903 XML file apart into the rows of its CSV tables, with what it holds that is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import polars as pl
from lxml import etree

from kith.statutory.returns.csv_tables import Gathered, headings_of, spelt
from kith.statutory.returns.results import Progress, RefusedFile, no_progress
from kith.statutory.returns.ssda903.tables import SPECS, table_of
from kith.statutory.returns.xml_files import line_of, local, records

ROOT = "EXPSSDA903"
_NEEDED = {"UASC": ("UASC", "DUC"), "OC3": ("IN_TOUCH", "ACTIV", "ACCOM"), "AD1": ("DATE_INT", "DATE_MATCH")}
_FIELDS = {name: headings_of(spec) for name, spec in SPECS.items()}
_LOOSE = frozenset(way for name in ("Header", "UASC", "OC3", "AD1") for way in _FIELDS[name])


class XmlRows:
    """The rows of text of one XML file, by table."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.rows: dict[str, list[tuple[str | int | None, ...]]] = {}
        self.unknown: Counter[str] = Counter()

    def child(self, element: etree._Element) -> None:
        """The rows of one CHILD element: what its HEADER says, then each group within it."""
        groups: list[etree._Element] = []
        said: dict[str, str | None] = {}
        for part in element:
            if local(part) == "HEADER":
                groups.extend(each for each in part if len(each))
                said |= {spelt(local(each)): each.text for each in part if not len(each) and local(each)}
            elif len(part):
                groups.append(part)
        self.unknown.update(f"{name} in HEADER" for name in said if name not in _LOOSE)
        self._header(said, line_of(element))
        for group in groups:
            self._group(group, said)

    def _header(self, said: Mapping[str, str | None], line: int | None) -> None:
        self._add("Header", said, line)
        for table, marks in _NEEDED.items():
            if any((said.get(spelt(mark)) or "").strip() not in ("", "0") for mark in marks):
                self._add(table, said, line)

    def _group(self, group: etree._Element, header: Mapping[str, str | None]) -> None:
        said = {spelt(local(each)): each.text for each in group if local(each)}
        if not any((text or "").strip() for text in said.values()):
            return  # an empty group says nothing
        spec = table_of(["CHILD", *(local(each) for each in group if local(each))])
        if spec is None:
            self.unknown[f"the group {local(group)}"] += 1
            return
        self.unknown.update(f"{each} in {local(group)}" for each in said if each not in _FIELDS[spec.name])
        shared = {way: header.get(way) for way in ("CHILDID", "CHILD", "DOB")}
        self._add(spec.name, {**shared, **said}, line_of(group))

    def _add(self, table: str, said: Mapping[str, str | None], line: int | None) -> None:
        values: dict[str, str | None] = {}
        for way, field in _FIELDS[table].items():
            if said.get(way) is not None:
                values[field] = said[way]
        rows = self.rows.setdefault(table, [])
        rows.append((*(values.get(each) for each in SPECS[table].columns), self.file, line, len(rows) + 1))


def gather_xml(path: Path, *, into: Gathered, progress: Progress = no_progress) -> None:
    """Adds the rows of one XML file to `into`. Raises RefusedFile when it is not sound, or holds no child."""
    found = XmlRows(path.name)
    for at, (element, share) in enumerate(records(path, names=frozenset({"CHILD"}))):
        found.child(element)
        if at % 500 == 0:
            progress(f"Reading {path.name}", 0.7 * share)
    if not found.rows:
        mend = "Check that this is the SSDA903 return and that it was produced for the right year."
        raise RefusedFile("there is no child in this file.", mend=mend, file=path.name, line=1)
    for name, rows in found.rows.items():
        texts = dict.fromkeys([*SPECS[name].columns, "_file"], pl.String())
        into.add(name, pl.DataFrame(rows, schema={**texts, "_line": pl.Int64(), "_row": pl.Int64()}, orient="row"))
    into.notes.extend(f"{path.name}: not read: {what} ({times:,})." for what, times in found.unknown.items())
