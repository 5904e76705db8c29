"""The kinds of work that protect children."""

from __future__ import annotations

from kith.record.steps.kinds import Kind

from .models import StrategyDecision, StrategyMeeting

DECISIONS = {
    "section_47": "Begin a section 47 enquiry",
    "single_assessment": "Assess under section 17",
    "continue_plan": "Carry on with the plan in place",
    "no_further_action": "No further action",
}

KINDS = (
    Kind(
        key="strategy_meeting",
        name="Strategy meeting",
        plural="Strategy meetings",
        outcomes=DECISIONS,
        detail=StrategyMeeting,
        part_detail=StrategyDecision,
        capability="hold_meeting",
        path="protection:new",
        template="protection/strategy_meeting.html",
        significant=True,
    ),
    Kind(
        key="section47",
        name="Section 47 enquiry",
        plural="Section 47 enquiries",
        outcomes={"icpc": "to a conference", "nfa": "no further action", "continue": "help continues"},
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
        significant=True,
        finishes="happened",
    ),
    Kind(key="core_group", name="Core group", plural="Core groups", finishes="happened"),
)
