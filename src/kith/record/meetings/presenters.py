"""Meetings as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kith.foundation.access.viewer import Viewer
from kith.record.promises.words import agency_words
from kith.record.steps.models import Step

from . import queries
from .models import Attendance
from .words import CAME, CAME_COLOURS


def attended(rows: Iterable[Attendance]) -> list[dict[str, Any]]:
    """Who was asked and who came, each with a tag that says it in words."""
    return [
        {
            "agency": agency_words(each.agency) + ("" if each.invited else " (not asked)"),
            "who": ", ".join(part for part in (each.name, each.role) if part) or "Nobody named",
            "tag": {"words": CAME[each.came], "colour": CAME_COLOURS[each.came]},
        }
        for each in rows
    ]


def who_came(viewer: Viewer, step: Step) -> dict[str, Any] | None:
    """For a step's own page: who was asked, unless some of its children are hidden from this viewer."""
    rows = queries.people_of(step)
    return {"rows": attended(rows)} if rows and not queries.in_part(viewer, step) else None


def added(viewer: Viewer, step: Step) -> dict[str, Any] | None:
    """For a step's own page: what was added after it was closed."""
    rows = queries.additions_of(viewer, step)
    return {"rows": rows} if rows else None
