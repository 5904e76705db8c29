"""Reads the SSDA903 return, as CSV tables or as XML, into the dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl

from kith.statutory.returns.csv_tables import Gathered, gather
from kith.statutory.returns.ids import said_once
from kith.statutory.returns.results import Progress, Reading, forwards, no_progress
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.pointing import loose_ends
from kith.statutory.returns.ssda903 import mapping
from kith.statutory.returns.ssda903.care import care_of_day, care_tables, with_care
from kith.statutory.returns.ssda903.tables import SPECS, latest_year, table_of
from kith.statutory.returns.ssda903.xml_form import gather_xml
from kith.statutory.returns.xml_files import looks_like_xml

KIND = "ssda903"
Frames = dict[str, pl.DataFrame]

_EACH: Mapping[str, Callable[[pl.DataFrame], Frames]] = {
    "OC3": mapping.care_leavers,
    "PrevPerm": mapping.previous_permanence,
    "Missing": mapping.missing,
    "SWEpisodes": mapping.workers,
    "DoLO": mapping.liberty,
}


def read_files(files: Sequence[Path], *, progress: Progress = no_progress) -> Reading:
    """Every CSV table and XML file read into one dataset. Raises RefusedFile when one of them is not sound.

    A row in is a line of a CSV table, or the element of the XML that stands for one. Every child that any table names
    is a person, without a name. Periods of care, placements and legal statuses are worked out from the episodes.
    """
    gathered = Gathered()
    progress = forwards(progress)
    for path in files:
        if looks_like_xml(path):
            gather_xml(path, into=gathered, progress=progress)
    tables = [path for path in files if not looks_like_xml(path)]
    gather(tables, table_of=table_of, into=gathered, progress=progress)
    good, counts = gathered.checked(SPECS, progress)
    dataset = Dataset.of(_mapped(good))
    progress("Read", 1.0)
    every = (*gathered.notes, *_notes(good, dataset), *loose_ends(dataset))
    return Reading(kind=KIND, dataset=dataset, problems=tuple(gathered.problems), notes=every, tables=counts)


def _mapped(good: Frames) -> Frames:
    tables = mapping.people(good) | mapping.permanence(good) | mapping.uasc(good)
    episodes = good.get("Episodes", _nothing("Episodes"))
    told = with_care(episodes)
    if "Episodes" in good:
        tables |= care_tables(told)
    if "Reviews" in good:
        tables |= _reviews(good["Reviews"], told)
    if "OC2" in good:
        tables |= mapping.oc2(good["OC2"], year=latest_year(episodes))
    for name, into in _EACH.items():
        if name in good:
            tables |= into(good[name])
    return said_once(tables)


def _nothing(table: str) -> pl.DataFrame:
    place = {"_file": pl.String(), "_line": pl.Int64(), "_row": pl.Int64()}
    return pl.DataFrame(schema={**SPECS[table].schema, **place})


def _reviews(frame: pl.DataFrame, told: pl.DataFrame) -> Frames:
    """Reviews in their period of care; those of a child with no episode here are kept apart, by child."""
    placed = mapping.identified(care_of_day(frame, told, day="REVIEW"), name="id", day="REVIEW")
    kept = placed.filter(pl.col("cla_id").is_not_null()).select(
        clar_cla_review_id="id",
        clar_cla_id="cla_id",
        clar_cla_review_date="REVIEW",
        clar_cla_review_participation="REVIEW_CODE",
    )
    loose = placed.filter(pl.col("cla_id").is_null()).select(
        kcar_table_id="id", kcar_person_id="CHILD", kcar_review_date="REVIEW", kcar_participation="REVIEW_CODE"
    )
    return {"ssd_cla_reviews": kept, "kith_care_review": loose}


def _notes(good: Frames, dataset: Dataset) -> list[str]:
    notes: list[str] = []
    births = [frame.select("CHILD", "DOB").drop_nulls() for frame in good.values() if "DOB" in frame.columns]
    if births:
        several = pl.concat(births).unique().group_by("CHILD").len().filter(pl.col("len") > 1).height
        if several:
            notes.append(
                f"Children with different dates of birth in different tables: {several:,}. The Header's is kept."
            )
    if loose := dataset.table("kith_care_review").height:
        notes.append(f"Reviews of children with no episode here, kept without a period of care: {loose:,}.")
    episodes = good.get("Episodes")
    if episodes is not None:
        first = episodes.sort("DECOM").group_by("CHILD").agg(pl.col("RNE").first())
        late = first.filter(pl.col("RNE") != "S").height
        if late:
            notes.append(
                f"Children whose first episode here is not the start of their care, which began earlier: {late:,}."
            )
    return notes
