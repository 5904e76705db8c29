"""Loads in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from kith.statutory.returns.reading import KINDS
from kith.statutory.returns.ssd.dataset import specs

from .models import Load, Problem

STATES = {
    "waiting": ("Waiting", "grey"),
    "reading": ("Under way", "blue"),
    "done": ("Stored", "green"),
    "refused": ("Refused", "red"),
    "stopped": ("Stopped before it ended", "grey"),
}


@dataclass(frozen=True)
class Told:
    """One load, ready for a page."""

    pk: int
    kind: str
    state: str
    words: str
    colour: str
    by: str
    at: datetime
    refusal: str
    files: list[str]
    rows_in: int
    stored: int
    reported: int
    came: list[list[Any]]
    kept: list[list[Any]]
    notes: list[str]
    url: str


def told(load: Load) -> Told:
    """One load in words and rows."""
    words, colour = STATES.get(load.state, (load.state, "grey"))
    tables = load.tables or {}
    return Told(
        pk=load.pk,
        kind=_capital(KINDS.get(load.kind, "not known yet")),
        state=load.state,
        words=words if load.rows_reported == 0 or load.state != "done" else "Stored, some rows kept out",
        colour=colour if load.rows_reported == 0 or load.state != "done" else "yellow",
        by=load.by.name if load.by else "The system",
        at=load.started_at,
        refusal=load.refusal,
        files=[each.get("name", "") for each in load.files],
        rows_in=load.rows_in,
        stored=load.rows_stored,
        reported=load.rows_reported,
        came=[_counted(name, each, "in", "stored", "reported") for name, each in tables.get("came", {}).items()],
        kept=[
            _counted(name, each, "added", "changed", "unchanged", "not_here")
            for name, each in tables.get("kept", {}).items()
        ],
        notes=list(load.notes),
        url=reverse("load", args=[load.pk]),
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _counted(name: str, counts: dict[str, int], *columns: str) -> list[Any]:
    words = f"{specs()[name].about} ({name})" if name in specs() else name
    return [words, *(f"{counts.get(each, 0):,}" for each in columns)]


def past(loads: Iterable[Load]) -> list[Told]:
    """Loads for a list."""
    return [told(each) for each in loads]


def problems(found: Iterable[Problem]) -> list[list[str]]:
    """Rows kept out: file, line, field, what is wrong."""
    return [[each.file, str(each.line or ""), each.field, each.message] for each in found]
