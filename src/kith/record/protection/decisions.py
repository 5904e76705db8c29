"""What a strategy meeting may decide, and what still stands in the way of closing one."""

from __future__ import annotations

from collections.abc import Collection

from kith.foundation.history.actor import beyond_the_wall
from kith.record.steps.models import Part, Step

from .models import StrategyDecision

DECISIONS = {
    "section_47": "Begin a section 47 enquiry",
    "single_assessment": "Assess under section 17",
    "continue_plan": "Carry on with the plan in place",
    "no_further_action": "No further action",
}
# The kind of work each decision leads to. "No further action" leads to none, and nor does the plan in place.
LEADS_TO = {"section_47": "section47", "single_assessment": "assessment"}
# The agencies a strategy meeting is expected to ask; one that was not asked is said aloud, and does not stop it.
EXPECTED = ("social_care", "police", "health", "education")
SOMEBODY = "A child whose record you may not open"


def ready(step: Step) -> list[str]:
    """What is missing before the meeting may be closed, without a name: whoever asks may not see every child."""
    with beyond_the_wall():
        undecided = Part.objects.filter(step=step, outcome="").count()
        reasoned = StrategyDecision.objects.filter(part__step=step).exclude(rationale="").count()
        unreasoned = Part.objects.filter(step=step).count() - reasoned
    lacking = [] if step.happened_on else ["when it was held is not recorded"]
    lacking += [f"{undecided} without a decision"] if undecided else []
    return lacking + ([f"{unreasoned} without the reason for it"] if unreasoned else [])


def missing(step: Step, *, may_see: Collection[int] | None = None) -> list[str]:
    """What is missing, child by child. A child outside `may_see` (person ids; None is everybody) is not named."""
    parts = list(Part.objects.filter(step=step).select_related("person").order_by("person__born_on", "person_id"))
    reasons = dict(StrategyDecision.objects.filter(part__in=parts).values_list("part_id", "rationale"))
    lacking = [] if step.happened_on else ["when it was held is not recorded"]
    for part in parts:
        seen = may_see is None or part.person_id in may_see
        name = part.person.name if seen else SOMEBODY
        lacking += [f"{name} has {what}" for what in _lacks(part, reasons.get(part.pk, ""))]
    return list(dict.fromkeys(lacking))


def _lacks(part: Part, rationale: str) -> list[str]:
    decided = [] if part.outcome else ["no decision"]
    return decided if rationale.strip() else [*decided, "no reason for the decision"]
