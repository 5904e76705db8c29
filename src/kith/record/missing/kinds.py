"""The kinds of work after a child was missing."""

from __future__ import annotations

from kith.record.plain_work.kinds import RECORD
from kith.record.plain_work.told import CHANGE
from kith.record.steps.kinds import Kind

KINDS = (
    Kind(
        key="return_interview",
        name="Return interview",
        plural="Return interviews",
        outcomes={"accepted": "accepted", "declined": "declined"},
        capability=RECORD,
        edit=CHANGE,
        significant=True,
        finishes="happened",
        closing_outcomes=("declined",),
    ),
)
