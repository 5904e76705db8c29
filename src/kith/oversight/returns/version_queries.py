"""Reading versions for a viewer: which there are, their tables, and who may have their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from kith.foundation.access.viewer import Viewer
from kith.record.people.by_return import hidden_ids, hidden_numbers

from . import built_rows
from .built_rows import Told
from .models import Version
from .queries import SEE

BUILD, SIGN = "build_returns", "sign_returns"


def versions(viewer: Viewer) -> QuerySet[Version]:
    """Every version, newest first."""
    every = Version.objects.select_related("by", "signed_by", "check_of", "replaces").order_by("-pk")
    return every if viewer.may(SEE) else every.none()


def one(viewer: Viewer, pk: int) -> Version:
    """One version; not found where there is none."""
    found = versions(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404("version")
    return found


def table(viewer: Viewer, version: Version, place: int) -> Told:
    """The table at that place, without the rows of whoever is hidden from this viewer."""
    if place >= len(version.tables):
        raise Http404("table")
    return built_rows.opened(version.tables[place], hidden=hidden_numbers(viewer), hidden_ids=hidden_ids(viewer))


def counted(viewer: Viewer, version: Version) -> list[tuple[str, int]]:
    """Each table and how many of its rows this viewer may see."""
    hidden, ids = hidden_numbers(viewer), hidden_ids(viewer)
    return [(each["name"], _rows(each, hidden, ids)) for each in version.tables]


def _rows(table: Mapping[str, Any], hidden: set[int], ids: set[str]) -> int:
    if not hidden:
        return int(table["rows"])
    return built_rows.opened(table, hidden=hidden, hidden_ids=ids).rows.height


def may_have(viewer: Viewer, version: Version) -> bool:
    """Whether the files are this viewer's to take: theirs who built it, and of whoever may know of everybody in it."""
    if version.by_id == viewer.worker:
        return True
    return sum(rows for _, rows in counted(viewer, version)) == sum(each["rows"] for each in version.tables)
