"""The kinds of work with children in need."""

from __future__ import annotations

from kith.record.plain_work.kinds import RECORD
from kith.record.plain_work.models import ToldPart
from kith.record.plain_work.told import CHANGE, unready
from kith.record.steps.kinds import Kind

KINDS = (
    Kind(
        key="assessment",
        name="Assessment",
        plural="Assessments",
        codes={"single": "Assessment", "early_help": "Early help assessment"},
        outcomes={"nfa": "no further action", "further_action": "help goes on"},
        part_detail=ToldPart,
        capability=RECORD,
        edit=CHANGE,
        needs_sign_off=True,
        significant=True,
        ready=unready,
    ),
)
