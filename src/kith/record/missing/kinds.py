"""The kinds of work after a child was missing."""

from __future__ import annotations

from kith.record.steps.kinds import Kind

KINDS = (
    Kind(
        key="return_interview",
        name="Return interview",
        plural="Return interviews",
        outcomes={"accepted": "accepted", "declined": "declined"},
        significant=True,
        finishes="happened",
        closing_outcomes=("declined",),
    ),
)
