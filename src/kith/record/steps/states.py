"""What state a step is in: read from its facts, never stored."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from .kinds import all_kinds, kind
from .models import Part, SignOff, Step

WORDS = {
    "open": "Open",
    "waiting": "Waiting for sign-off",
    "returned": "Returned with a comment",
    "done": "Done",
    "cancelled": "Cancelled",
}
COLOURS = {"open": "blue", "waiting": "yellow", "returned": "orange", "done": "green", "cancelled": "grey"}


def state_of(step: Step, *, last_answer: str = "", outcomes: Iterable[str] = ()) -> str:
    """One of WORDS. `last_answer` is the newest sign-off's, if any; `outcomes` are those of the children's parts."""
    if step.cancelled_on:
        return "cancelled"
    if step.done_on or _is_over(step, outcomes):
        return "done"
    if step.submitted_at:
        return "waiting"
    return "returned" if last_answer == "returned" else "open"


def _is_over(step: Step, outcomes: Iterable[str]) -> bool:
    of = kind(step.kind)
    took_place = of.finishes == "happened" and step.happened_on is not None
    said = list(outcomes)
    return took_place or (bool(said) and all(each in of.closing_outcomes for each in said))


def in_state(state: str, *, key: str = "") -> Q:
    """The steps in one of WORDS, or "unfinished" (open, waiting or returned); any when empty.

    `key` is the kind asked for, where it is known: the condition then leaves out what only matters to other kinds, and
    the database finds the few unfinished ones by their own index however many are done.
    """
    if not state:
        return Q()
    unfinished = Q(cancelled_on=None, done_on=None) & ~_over_already(key)
    returned = Q(pk__in=SignOff.objects.filter(answer="returned").values("step_id"))
    return {
        "unfinished": unfinished,
        "open": unfinished & Q(submitted_at=None) & ~returned,
        "waiting": Q(cancelled_on=None, done_on=None, submitted_at__isnull=False),
        "returned": unfinished & Q(submitted_at=None) & returned,
        "done": Q(cancelled_on=None) & (Q(done_on__isnull=False) | _over_already(key)),
        "cancelled": Q(cancelled_on__isnull=False),
    }[state]


def _over_already(key: str) -> Q:
    """Of a kind that is over once it took place, and it did; or ended by its outcome alone. None when no kind is."""
    kinds = [each for each in all_kinds() if not key or each.key == key]
    over = Q(kind__in=[each.key for each in kinds if each.finishes == "happened"], happened_on__isnull=False)
    for each in kinds:
        if each.closing_outcomes:
            parts = Part.objects.filter(step__kind=each.key, outcome__in=each.closing_outcomes)
            over |= Q(kind=each.key, pk__in=parts.values("step_id"))
    return over
