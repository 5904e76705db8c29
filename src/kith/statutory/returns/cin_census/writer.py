"""Writes a children in need census: the XML of a year, one child at a time, from a dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from lxml import etree

from kith.statutory.returns.cin_census.elements import SPECS
from kith.statutory.returns.cin_census.layout import HEADER, OF_THE_CHILD, RECORDS, ROOT, WITHIN, parts_of
from kith.statutory.returns.cin_census.of_year import CensusRows, census_rows
from kith.statutory.returns.results import Progress, no_progress
from kith.statutory.returns.ssd.dataset import Dataset

_NOT_XML = r"[^\t\n\r\x20-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]"
_AT_ONCE = 1000  # children made ready together: more take memory, fewer take time


@dataclass(frozen=True)
class Source:
    """What the header says of where the file comes from: the authority's three digits, the program, and when."""

    authority: str
    at: datetime
    program: str = "Kith"
    release: str = "1"
    serial: str = "001"


@dataclass(frozen=True)
class Written:
    """How many rows of each table were written, and what had no place in the census, with how many."""

    rows: Mapping[str, int]
    left_out: Mapping[str, int]


def write_census(
    dataset: Dataset, path: Path, *, year: int, source: Source, progress: Progress = no_progress
) -> Written:
    """The census of the children in this dataset for the year that ends on 31 March of `year`, as XML in UTF-8.

    The file is there whole or not at all. Raises OSError where it cannot be written.
    """
    progress("Choosing what belongs in the year", 0.0)
    chosen = census_rows(dataset, year=year)
    part = path.with_name(f"{path.name}.part")
    try:
        _write(chosen, part, source, progress)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    progress("Written", 1.0)
    return Written({name: frame.height for name, frame in chosen.tables.items() if frame.height}, chosen.left_out)


def _write(chosen: CensusRows, path: Path, source: Source, progress: Progress) -> None:
    nested = _nested(chosen)
    with path.open("wb") as stream, etree.xmlfile(stream, encoding="utf-8") as out:
        out.write_declaration()
        with out.element(ROOT):
            out.write("\n")
            out.write(_header(chosen.year, source), pretty_print=True)
            with out.element("Children"):
                out.write("\n")
                for at, child in enumerate(_children(nested)):
                    element = etree.Element("Child")
                    _fill(element, child, chosen.year)
                    out.write(element, pretty_print=True)
                    if at % _AT_ONCE == 0:
                        progress(f"Writing {path.name.removesuffix('.part')}", 0.2 + 0.8 * at / max(nested.height, 1))


def _header(year: int, source: Source) -> etree._Element:
    said = {
        "Collection": "CIN",
        "Year": f"{year}",
        "ReferenceDate": f"{year}-03-31",
        "SourceLevel": "L",
        "LEA": source.authority,
        "SoftwareCode": source.program,
        "Release": source.release,
        "SerialNo": source.serial,
        "DateTime": source.at.replace(microsecond=0, tzinfo=None).isoformat(),
    }
    header = etree.Element("Header")
    for part in HEADER["Header"]:
        within = etree.SubElement(header, part)
        for name in HEADER[part]:
            etree.SubElement(within, name).text = said[name]
    return header


def _nested(chosen: CensusRows) -> pl.DataFrame:
    """A row for each child, in which each record that lies within is a list of rows of text."""
    told = {name: _texts(name, frame) for name, frame in chosen.tables.items()}
    plans = _holding(told["ChildProtectionPlans"], told["Reviews"].select("plan_id", "CPPreviewDate"), "plan_id")
    referrals = told["CINdetails"]
    for name in ("Assessments", "CINPlanDates", "Section47", "PreProceedingsandFGDM"):
        referrals = _holding(referrals, told[name].drop("LAchildID"), "referral_id", into=name)
    referrals = _holding(referrals, plans.drop("LAchildID"), "referral_id", into="ChildProtectionPlans")
    children = _holding(told["Child"], told["Disability"], "LAchildID")
    return _holding(children, referrals, "LAchildID", into="CINdetails")


def _texts(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    if frame.is_empty():
        return frame  # nothing of it is written
    shown = frame.with_columns(pl.all().cast(pl.String).str.replace_all(_NOT_XML, "\ufffd"))
    if "AssessmentFactors" in SPECS[name].columns:
        return shown.with_columns(pl.col("AssessmentFactors").str.json_decode(pl.List(pl.String)))
    return shown


def _holding(outer: pl.DataFrame, inner: pl.DataFrame, key: str, *, into: str = "") -> pl.DataFrame:
    """The outer rows with the inner rows of the same key: as one list of rows, or each column as a list."""
    names = [name for name in inner.columns if name != key]
    if inner.is_empty():
        return outer.with_columns(pl.lit(None).alias(each) for each in ([into] if into else names))
    held = [pl.struct(names).alias(into)] if into else [pl.col(name) for name in names]
    grouped = inner.group_by(key, maintain_order=True).agg(held)
    return outer.join(grouped, on=key, how="left", maintain_order="left")


def _children(nested: pl.DataFrame) -> Iterator[Mapping[str, Any]]:
    for some in nested.iter_slices(_AT_ONCE):
        yield from some.to_dicts()


def _fill(element: etree._Element, said: Mapping[str, Any], year: int) -> None:
    """Puts what is said into the element, in the order of the census."""
    for part in parts_of(element.tag, year=year):
        if part in RECORDS:
            for each in said[part] or ():
                _fill(etree.SubElement(element, part), each, year)
        elif part in WITHIN:
            if part in OF_THE_CHILD or any(said[name] for name in WITHIN[part]):
                _fill(etree.SubElement(element, part), said, year)
        else:
            value = said[part]
            for text in value if isinstance(value, list) else () if value is None else (value,):
                etree.SubElement(element, part).text = text
