"""What is said of a document that is not added yet: kept as a draft, named while the child is open to its author."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import Http404

from kith.foundation.access.viewer import Viewer
from kith.foundation.drafts.registry import Current, Values, register
from kith.record.people.queries import children_for
from kith.record.people.shields import hides_places_of
from kith.vocabulary.texts import whole_number

FORM = "document"


def register_unsent() -> None:
    """Let the drafts know of the form that adds a document. It adds and never changes, so no two texts meet."""
    register(
        FORM,
        capability="keep_documents",
        title=lambda *, viewer, about: "A document",
        current=_nothing,
        save=_never,
        may_see=_may_see,
        veil=_veil,
    )


def _nothing(*, viewer: Viewer, about: str) -> Current | None:
    return None


def _never(*, viewer: Viewer, about: str, values: Values, at: datetime) -> str:
    raise Http404("document")


def _may_see(*, viewer: Viewer, about: str) -> bool:
    return children_for(viewer).filter(pk=whole_number(about)).exists()


def _veil(*, viewer: Viewer, about: str) -> Callable[[str], str]:
    child = whole_number(about)
    return hides_places_of(viewer, [child]) if child is not None else str
