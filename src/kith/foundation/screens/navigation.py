"""The bar along the top of every page: the places that this viewer's role opens."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.urls import Resolver404, resolve

from kith.foundation.access.viewer import Viewer

TABLE = Path(__file__).with_name("navigation.toml")


@dataclass(frozen=True)
class Place:
    """One place of the bar. `here` is true when the page shown belongs to it."""

    words: str
    path: str
    capability: str
    here: bool = False


def places(*, viewer: Viewer, path: str) -> list[Place]:
    """The places `viewer` may go to, the one that `path` belongs to marked."""
    shown = [place for place in _served() if viewer.worker is not None and viewer.may(place.capability)]
    within = [
        place.path for place in shown if path == place.path or (place.path != "/" and path.startswith(place.path))
    ]
    return [replace(place, here=place.path in within) for place in shown]


@cache
def _served() -> tuple[Place, ...]:
    """The places of the table whose path a view answers: an app that is not installed leaves no dead link."""
    rows = tomllib.loads(TABLE.read_text())["place"]
    return tuple(place for place in (Place(**row) for row in rows) if _answers(place.path))


def _answers(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
