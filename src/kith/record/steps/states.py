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


def in_state(state: str) -> Q:
    """The steps in one of WORDS, or "unfinished" (open, waiting or returned); any when empty."""
    if not state:
        return Q()
    over, going = _over(), Q(cancelled_on=None)
    returned = Q(pk__in=SignOff.objects.filter(answer="returned").values("step_id"))
    return {
        "unfinished": going & ~over,
        "open": going & ~over & Q(submitted_at=None) & ~returned,
        "waiting": going & ~over & Q(submitted_at__isnull=False),
        "returned": going & ~over & Q(submitted_at=None) & returned,
        "done": going & over,
        "cancelled": Q(cancelled_on__isnull=False),
    }[state]


def _over() -> Q:
    """Done; or of a kind that is over once it took place, and it did; or ended by its outcome alone."""
    over = Q(done_on__isnull=False)
    by_happening = [each.key for each in all_kinds() if each.finishes == "happened"]
    over |= Q(kind__in=by_happening, happened_on__isnull=False)
    for each in all_kinds():
        if each.closing_outcomes:
            parts = Part.objects.filter(step__kind=each.key, outcome__in=each.closing_outcomes)
            over |= Q(kind=each.key, pk__in=parts.values("step_id"))
    return over
