"""The kinds of work that protect children."""

from __future__ import annotations

from kith.record.plain_work.kinds import RECORD
from kith.record.plain_work.opening import undone
from kith.record.plain_work.told import CHANGE
from kith.record.steps.kinds import Kind

from .decisions import DECISIONS, ready
from .models import StrategyDecision, StrategyMeeting

STRATEGY_MEETING = "strategy_meeting"

KINDS = (
    Kind(
        key=STRATEGY_MEETING,
        name="Strategy meeting",
        plural="Strategy meetings",
        outcomes=DECISIONS,
        detail=StrategyMeeting,
        part_detail=StrategyDecision,
        capability="hold_meeting",
        path="protection:new",
        edit="protection:meeting",
        template="protection/strategy_meeting.html",
        significant=True,
        ready=ready,
    ),
    Kind(
        key="section47",
        name="Section 47 enquiry",
        plural="Section 47 enquiries",
        outcomes={"icpc": "to a conference", "nfa": "no further action", "continue": "help continues"},
        capability=RECORD,
        edit=CHANGE,
        significant=True,
    ),
    Kind(
        key="conference",
        name="Child protection conference",
        plural="Child protection conferences",
        codes={
            "initial": "Initial child protection conference",
            "review": "Review child protection conference",
            "transfer_in": "Transfer-in conference",
        },
        outcomes={
            "cp_plan": "a plan was made",
            "no_plan": "no plan",
            "continue": "the plan goes on",
            "end": "the plan ends",
        },
        capability=RECORD,
        edit=CHANGE,
        of_one=True,
        significant=True,
        finishes="happened",
        cancelled=undone,
    ),
    Kind(
        key="core_group",
        name="Core group",
        plural="Core groups",
        capability=RECORD,
        edit=CHANGE,
        finishes="happened",
    ),
)
