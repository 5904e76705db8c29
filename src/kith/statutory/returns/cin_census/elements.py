"""Takes a census file apart into rows of text, one for each element that is a record; says what it does not know."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import polars as pl
from lxml import etree

from kith.statutory.returns.cin_census.layout import OF_THE_CHILD, RECORDS, WITHIN, WRAPPERS
from kith.statutory.returns.results import Progress, RefusedFile
from kith.statutory.returns.table_specs import TableSpec, specs_in
from kith.statutory.returns.xml_files import line_of, local, records

SPECS: Mapping[str, TableSpec] = MappingProxyType(specs_in([Path(__file__).parent / "tables.toml"]))
LINKS = ("_of_child", "_episode", "_plan")  # which child, referral and plan of the file a row lies within
_IDS = frozenset({"referral_id", "assessment_id", "plan_id", "enquiry_id", "review_id", "pre_proceedings_id"})
_WITHIN_REFERRAL = tuple(part for part in WITHIN["CINdetails"] if part in RECORDS)


def _beside(*elements: str) -> frozenset[str]:
    """What lies within these elements beside their own fields, and is taken by a walk of its own."""
    inner = {part for element in elements for part in WITHIN[element] if part in WITHIN}
    return frozenset(inner.union(*(WITHIN[part] for part in inner & WRAPPERS)))


_WITHIN: Mapping[str, frozenset[str]] = {each: _beside(each) for each in RECORDS} | {"Child": _beside(*OF_THE_CHILD)}


class Elements:
    """The rows of text found in one or more census files, by table, and what was met that is not known."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[str | int | None, ...]]] = {name: [] for name in SPECS}
        self.unknown: Counter[tuple[str, str]] = Counter()
        self.headers: list[str] = []
        self.header_rows: list[dict[str, str | int | None]] = []  # what each header says, with its file and line
        self.empty_reviews: list[tuple[str | int | None, ...]] = []  # wrappers with no review date in them
        self._fields = {name: [each for each in spec.columns if each not in _IDS] for name, spec in SPECS.items()}
        self._file = ""
        self._numbers: Counter[str] = Counter()

    def take(self, path: Path, *, progress: Progress, share: tuple[float, float]) -> None:
        """Every row of one file. Raises RefusedFile when it is not a census or its XML is not sound."""
        self._file, self._numbers = path.name, Counter()
        since = 0
        for element, done in records(path, names=frozenset({"Header", "Child"})):
            if local(element) == "Header":
                self._header(element)
                continue
            self._child(element)
            since += 1
            if since % 500 == 0:
                progress(f"Reading {path.name}", share[0] + (share[1] - share[0]) * done)
        if not since:
            mend = "Check that this is the children in need census and that it was produced for the right year."
            raise RefusedFile("there is no child in this file.", mend=mend, file=path.name, line=1)

    def frames(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Each table as a frame of text: its fields, its links, and its place."""
        for name, rows in self.rows.items():
            texts = dict.fromkeys([*self._fields[name], *LINKS, "_file"], pl.String())
            schema = {**texts, "_line": pl.Int64(), "_row": pl.Int64()}
            yield name, pl.DataFrame(rows, schema=schema, orient="row")

    def _header(self, header: etree._Element) -> None:
        said = {local(each): (each.text or "").strip() for each in header.iter() if len(each) == 0}
        self.header_rows.append({**said, "_file": self._file, "_line": line_of(header)})
        collection = said.get("Collection", "CIN").upper()
        if collection != "CIN":
            mend = "Choose the file of the children in need census."
            raise RefusedFile("this is another collection.", mend=mend, file=self._file, field="Collection")
        day, authority = said.get("ReferenceDate", "not given"), said.get("LEA", "not given")
        self.headers.append(f"{self._file}: census to {day}, local authority {authority}.")

    def _add(self, table: str, element: etree._Element, said: Mapping[str, str | None], *links: str | None) -> None:
        self._numbers[table] += 1
        fields = [said.get(field) for field in self._fields[table]]
        place = (self._file, line_of(element), self._numbers[table])
        within = [*links, *[None] * (len(LINKS) - len(links))]
        self.rows[table].append((*fields, *within, *place))

    def _said(self, table: str, element: etree._Element) -> dict[str, str | None]:
        """The text of each field of the table within this element; counts what is not known, or is said twice."""
        said: dict[str, str | None] = {}
        for each in element:
            name = local(each)
            if name in self._fields[table] and len(each) == 0:
                if name in said and name != "AssessmentFactors":
                    self.unknown[self._file, f"a second {name} in {local(element)}"] += 1
                    continue
                said[name] = each.text
            elif name and name not in _WITHIN.get(table, frozenset()):
                self.unknown[self._file, f"{name} in {local(element)}"] += 1
            if each.tail and each.tail.strip():
                self.unknown[self._file, f"stray text in {local(element)}"] += 1
        return said

    def _child(self, element: etree._Element) -> None:
        said: dict[str, str | None] = {}
        disabilities: list[etree._Element] = []
        referrals: list[etree._Element] = []
        for part in element:
            if local(part) == "CINdetails":
                referrals.append(part)
            elif local(part) in OF_THE_CHILD:
                said |= self._said("Child", part)
                disabilities.extend(each for each in part.iter("{*}Disability"))
            elif local(part):
                self.unknown[self._file, f"{local(part)} in Child"] += 1
        here = f"{self._file}/{self._numbers['Child'] + 1}"
        self._add("Child", element, said, here)
        child = said.get("LAchildID")
        for each in disabilities:
            if each.text and each.text.strip():
                self._add("Disability", each, {"LAchildID": child, "Disability": each.text}, here)
        for referral in referrals:
            self._referral(referral, child, here)

    def _referral(self, element: etree._Element, child: str | None, here: str) -> None:
        episode = f"{self._file}/{self._numbers['CINdetails'] + 1}"
        self._add("CINdetails", element, {**self._said("CINdetails", element), "LAchildID": child}, here, episode)
        for part in element:
            table = local(part)
            if table in _WITHIN_REFERRAL:
                said = {**self._said(table, part), "LAchildID": child}
                if table == "Assessments":
                    said["AssessmentFactors"] = _factors(part)
                plan = f"{self._file}/{self._numbers[table] + 1}" if table == "ChildProtectionPlans" else None
                self._add(table, part, said, here, episode, plan)
                if plan:
                    self._reviews(part, child, here, episode, plan)

    def _reviews(self, element: etree._Element, child: str | None, *within: str) -> None:
        for each in element.iter("{*}CPPreviewDate"):
            self._add("Reviews", each, {"LAchildID": child, "CPPreviewDate": each.text}, *within)
        for each in element.iter("{*}Reviews"):
            if not len(each):  # says that there was a review, and not when: nothing to load, something to check
                self.empty_reviews.append((child, None, *within, self._file, line_of(each), None))


def _factors(assessment: etree._Element) -> str | None:
    found = [(each.text or "").strip().upper() for each in assessment.iter("{*}AssessmentFactors")]
    return json.dumps([each for each in found if each]) if any(found) else None
