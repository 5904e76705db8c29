"""What opened or met a clock, in words and with a link: each app that keeps facts says how its own are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kith.foundation.access.viewer import Viewer


@dataclass(frozen=True)
class Named:
    """A fact's step or period: its kind, what it is called, and the page that shows it (empty where there is none)."""

    kind: str
    words: str
    url: str = ""


# Takes the viewer and refs; gives those it knows and the viewer may see.
Namer = Callable[[Viewer, Iterable[str]], dict[str, Named]]

_namers: list[Namer] = []


def names_come_from(namer: Namer) -> None:
    """Register a namer; registering it twice changes nothing."""
    if namer not in _namers:
        _namers.append(namer)


def named(viewer: Viewer, refs: Iterable[str]) -> dict[str, Named]:
    """What these refs are called. A ref that nobody knows, or the viewer may not see, is left out."""
    wanted = [ref for ref in refs if ref]
    found: dict[str, Named] = {}
    for namer in _namers:
        found |= namer(viewer, wanted)
    return found
