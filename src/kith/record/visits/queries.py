"""Reading one visit for a viewer, with what its kind keeps."""

from __future__ import annotations

from kith.foundation.access.viewer import Viewer
from kith.record.steps import queries
from kith.record.steps.models import Step


def visit_for(viewer: Viewer, pk: int) -> Step | None:
    """The visit with the parts this viewer may read, each with its `detail`; None where there is none."""
    try:
        return queries.with_details(queries.one(viewer, pk=pk, key="visit"))
    except queries.NoSuchStep:
        return None
