"""What is said once a visit is saved: the clock has moved, or why it has not."""

from __future__ import annotations

from collections.abc import Sequence

from kith.foundation.screens.words import nice_date
from kith.record.deadlines.queries import next_for

from .actions import ChildVisited

FACT = "visit.happened"


def said_when_saved(children: Sequence[ChildVisited]) -> list[str]:
    """A sentence for each child: when the next visit is due."""
    due = next_for(people=[each.person.pk for each in children], fact=FACT)
    return [_sentence(each, due.get(each.person.pk)) for each in children]


def _sentence(child: ChildVisited, deadline: object | None) -> str:
    name, day = child.person.name, nice_date(getattr(deadline, "due_on", None), "")
    if not child.seen:
        still = f"a visit is still due by {day}" if day else "no visit is due"
        return f"Saved. {name} was not seen, so this does not count: {still}."
    return f"Saved. The next visit to {name} is due by {day}." if day else f"Saved. No visit to {name} is due now."
