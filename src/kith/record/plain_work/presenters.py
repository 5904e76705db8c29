"""What is said once work is saved: what is due next of its kind; and the rest of what a kind asks, in words."""

from __future__ import annotations

from typing import Any

from kith.foundation.access.viewer import Viewer
from kith.foundation.screens.words import nice_date
from kith.record.deadlines.queries import next_for
from kith.record.people.models import Person
from kith.record.steps.models import Step
from kith.vocabulary.codes import label

from .kinds import Asked, PlainKind
from .told import SEVERAL, more_of, told_kinds


def said_when_saved(of: PlainKind, child: Person, step: Step) -> str:
    """Saved; and by when it, or the next of its kind, is due."""
    due = next_for(people=[child.pk], fact=of.fact(of.finishes)).get(child.pk)
    if due is None:
        return f"Saved. Nothing of this kind is due for {child.name} now."
    over = getattr(step, f"{of.finishes}_on") is not None
    return f"Saved. {'The next' if over else 'It'} is due by {nice_date(due.due_on)}."


def told_beside(viewer: Viewer, step: Step) -> dict[str, Any] | None:
    """For a step's page: what its kind asks beside the days and the outcome, of each child that is shown."""
    of = told_kinds().get(step.kind)
    if of is None or not of.more:
        return None
    shown = [(part.person.name, _rows(of, more_of(of, part, part.detail))) for part in step.shown_parts]
    said = [(name, rows) for name, rows in shown if rows]
    return {"told": said, "named": len(step.shown_parts) > 1} if said else None


def _rows(of: PlainKind, more: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.called, _words(each, more[each.name])) for each in of.more if more[each.name] not in (None, "")]


def _words(each: Asked, value: Any) -> str:
    if each.form == "day":
        return nice_date(value)
    if each.form == "yes":
        return "Yes" if value else "No"
    codes = str(value).split(SEVERAL) if each.several else [str(value)]
    return "; ".join(label(each.codes, code) for code in codes)
