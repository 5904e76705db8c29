"""What state a step is in: read from its facts, never stored."""

from __future__ import annotations

from .models import Step

WORDS = {
    "open": "Open",
    "waiting": "Waiting for sign-off",
    "returned": "Returned with a comment",
    "done": "Done",
    "cancelled": "Cancelled",
}


def state_of(step: Step, *, last_answer: str = "") -> str:
    """One of WORDS. `last_answer` is the newest sign-off's answer, if the step was ever sent for one."""
    if step.cancelled_on:
        return "cancelled"
    if step.done_on:
        return "done"
    if last_answer == "returned" and not step.submitted_at:
        return "returned"
    return "waiting" if step.submitted_at else "open"
