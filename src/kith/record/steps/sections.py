"""What other apps add to a step's page, such as the promises made in it: each registers a section of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kith.foundation.access.viewer import Viewer

from .models import Step


@dataclass(frozen=True)
class Section:
    """A part of the page: its heading, the piece of template that shows it, and what that template is given.

    `make` takes the viewer and the step with its shown parts; when it gives nothing, the section is left out.
    """

    title: str
    template: str
    make: Callable[[Viewer, Step], dict[str, Any] | None]


@dataclass(frozen=True)
class Shown:
    """A section with what it was given, ready to show."""

    title: str
    template: str
    here: dict[str, Any]


_sections: list[Section] = []


def register_section(section: Section) -> None:
    """Add a section; adding it twice changes nothing."""
    if section not in _sections:
        _sections.append(section)


def sections_of(viewer: Viewer, step: Step) -> list[Shown]:
    """The sections that have something to say of this step."""
    made = [(each, each.make(viewer, step)) for each in _sections]
    return [Shown(each.title, each.template, here) for each, here in made if here]
