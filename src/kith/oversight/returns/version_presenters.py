"""Versions of built returns in words and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.urls import reverse

from kith.foundation.screens.lists import Listing
from kith.foundation.screens.words import nice_date, plural
from kith.record.extracting.origins import opens_at
from kith.statutory.returns.rule_reports import NAMES

from . import versions
from .built_rows import CHILD, ORIGIN, Told
from .models import Version
from .presenters import beside
from .presenters import title_of as return_and_year

STATES = {
    "waiting": ("Waiting", "grey"),
    "building": ("Under way", "blue"),
    "built": ("Built, not signed off", "yellow"),
    "refused": ("Could not be built", "red"),
    "stopped": ("Stopped before it ended", "grey"),
    "signed": ("Signed off and frozen", "green"),
}


@dataclass(frozen=True)
class Shown:
    """One version, ready for a page."""

    pk: int
    title: str
    name: str
    state: str
    words: str
    colour: str
    by: str
    at: Any
    purpose: str
    refusal: str
    why: str
    notes: list[str]
    beside: str
    url: str


def title_of(version: Version) -> str:
    """The return and its term in words."""
    kind = versions.kind_of(version.key)
    if kind in versions.OF_A_YEAR:
        return return_and_year(kind, int(version.term))
    made = versions.returns().get(version.key)
    title = NAMES[kind] if kind else made.title if made else version.key
    return f"{title}, {nice_date(version.on)}"


def shown(version: Version) -> Shown:
    """One version in words."""
    words, colour = STATES[version.state]
    if version.state == "signed" and version.replaced_by.exists():
        words, colour = "Signed off, another has taken its place", "grey"
    return Shown(
        pk=version.pk,
        title=title_of(version),
        name=f"Version {version.number}",
        state=version.state,
        words=words,
        colour=colour,
        by=version.by.name,
        at=version.asked_at,
        purpose=version.purpose,
        refusal=version.refusal,
        why=version.why,
        notes=list(version.notes),
        beside=beside(version.beside),
        url=reverse("returns:version", args=[version.pk]),
    )


def tables(version: Version, counted: list[tuple[str, int]]) -> list[Listing]:
    """Each table, and how many of its rows the viewer may see: it opens them."""
    return [
        Listing(name, {}, rows, reverse("returns:table", args=[version.pk, place]))
        for place, (name, rows) in enumerate(counted)
    ]


def files(version: Version) -> list[dict[str, Any]]:
    """The files, each with its size and what it is known by."""
    return [
        {
            "words": each["name"],
            "size": plural(each["bytes"], "byte"),
            "sha256": each["sha256"],
            "url": reverse("returns:version_file", args=[version.pk, place]),
        }
        for place, each in enumerate(version.files)
    ]


def head(told: Told) -> list[str]:
    """The fields of a table that are shown: those in which any row says something."""
    fields = [name for name in told.rows.columns if name != CHILD and not name.startswith(ORIGIN)]
    return [name for name in fields if told.rows[name].null_count() < told.rows.height]


def people_in(rows: pl.DataFrame) -> set[int]:
    """The numbers of the people whose rows these are."""
    found: set[int] = set()
    for name in rows.columns:
        if name.startswith(ORIGIN):
            found.update(rows[name].struct.field("person").drop_nulls().to_list())
    return found


def cells(told: Told, rows: pl.DataFrame, fields: list[str], *, opening: set[int]) -> list[list[Any]]:
    """The rows, each cell a link to the row of the record that it came from, where that opens to the viewer."""
    return [[_cell(row, name, told.cells, opening) for name in fields] for row in rows.to_dicts()]


def _cell(row: Mapping[str, Any], name: str, which: Mapping[str, int], opening: set[int]) -> Any:
    if row[name] is None:
        return ""
    origin = row[f"{ORIGIN}{which.get(name, 0)}"]
    if origin is None or origin["person"] not in opening:
        return row[name]
    url = opens_at(origin)
    return {"words": row[name], "url": url} if url else row[name]
