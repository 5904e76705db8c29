"""What is said once a piece of plain work is saved: what is due next of its kind."""

from __future__ import annotations

from kith.foundation.screens.words import nice_date
from kith.record.deadlines.queries import next_for
from kith.record.people.models import Person
from kith.record.steps.models import Step

from .kinds import PlainKind


def said_when_saved(of: PlainKind, child: Person, step: Step) -> str:
    """Saved; and by when it, or the next of its kind, is due."""
    due = next_for(people=[child.pk], fact=f"{of.key}.{of.finishes}").get(child.pk)
    if due is None:
        return f"Saved. Nothing of this kind is due for {child.name} now."
    over = getattr(step, f"{of.finishes}_on") is not None
    return f"Saved. {'The next' if over else 'It'} is due by {nice_date(due.due_on)}."
