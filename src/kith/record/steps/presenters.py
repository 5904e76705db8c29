"""Steps in words and links, for pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from kith.foundation.access.viewer import Viewer
from kith.foundation.screens.words import age_words, in_words, nice_date, nice_moment
from kith.record.deadlines.openings import Named, named

from .changes import Happened, history_of
from .kinds import Kind, kind
from .models import Part, SignOff, Step
from .queries import in_part, led_to, may_cancel, page_of, sign_offs
from .questions import said
from .sections import Shown, sections_of
from .states import COLOURS, WORDS, state_of


@dataclass(frozen=True)
class WorkLine:
    """One step as a line of a list."""

    title: str
    url: str
    children: list[dict[str, str]]
    day: date | None
    worker: str
    team: str
    outcome: str
    state: tuple[str, str]


def line(step: Step) -> WorkLine:
    """A line; worker, team and shown parts must have been read with the step."""
    of, state = kind(step.kind), state_words(step)
    settled = state[0] == WORDS["done"] or of.finishes == "happened"
    given = [part.outcome for part in step.shown_parts if part.outcome and settled]
    outcomes = dict.fromkeys(of.outcome_words(each) for each in given)
    return WorkLine(
        title=of.title(step.code),
        url=page_of(step),
        children=[{"words": part.person.name, "url": child_page(part)} for part in step.shown_parts],
        day=day_of(step),
        worker=step.worker.name if step.worker else "",
        team=step.team.name if step.team else "",
        outcome=in_words(outcomes),
        state=state,
    )


def day_of(step: Step) -> date | None:
    """The day that says most of a step: when it happened, else began, was planned, was done."""
    return step.happened_on or step.opened_on or step.planned_on or step.done_on


def child_page(part: Part) -> str:
    """The page of whoever's part it is."""
    return part.person.page


def state_words(step: Step, *, last_answer: str = "") -> tuple[str, str]:
    """The state in words, and its colour."""
    state = state_of(step, last_answer=last_answer, outcomes=[part.outcome for part in step.shown_parts])
    return WORDS[state], COLOURS[state]


@dataclass(frozen=True)
class PartShown:
    """One child's part, as the page shows it."""

    part: Part
    name: str
    url: str
    age: str
    title: str
    outcome: str
    counts: bool


@dataclass(frozen=True)
class StepPage:
    """All that a step's page shows beneath its heading."""

    step: Step
    kind: Kind
    title: str
    children: str
    state: tuple[str, str]
    parts: list[PartShown]
    facts: list[tuple[str, Any]]
    own: list[tuple[str, str]]
    answers: list[SignOff]
    sections: list[Shown]
    led_to: list[Named]
    history: list[Happened]
    in_part: bool  # some of its children are hidden from the viewer: what is said of them all is kept back
    may: dict[str, bool] = field(default_factory=dict)
    edit_url: str = ""


def page(step: Step, *, viewer: Viewer, on: date) -> StepPage:
    """The whole page. The step must come from `queries.one` and `queries.with_details`."""
    of, answers = kind(step.kind), sign_offs(step)
    last = answers[0].answer if answers else ""
    part_only = bool(in_part(viewer, [step.pk]))
    may = {} if part_only else _may(step, of, viewer, last)
    return StepPage(
        step=step,
        kind=of,
        title=of.title(step.code),
        children=in_words(part.person.name for part in step.shown_parts),
        state=state_words(step, last_answer=last),
        parts=[_part(part, step, of, on) for part in step.shown_parts],
        facts=_facts(step, viewer, part_only),
        own=[] if part_only else said(step.form, step.answers),
        answers=answers,
        sections=sections_of(viewer, step),
        led_to=[_next(each) for each in led_to(viewer, step)],
        history=history_of(step) if viewer.may("see_history") else [],
        in_part=part_only,
        may=may,
        edit_url=reverse(of.edit, args=[step.pk]) if of.edit and may.get("change") else "",
    )


def _next(step: Step) -> Named:
    """A step this one led to: what, for whom, and when."""
    whose = in_words(part.person.name for part in step.shown_parts)
    when = day_of(step)
    words = f"{kind(step.kind).title(step.code)}, {whose}{f', {nice_date(when)}' if when else ''}"
    return Named(step.kind, words, page_of(step))


def _part(part: Part, step: Step, of: Kind, on: date) -> PartShown:
    person = part.person
    return PartShown(
        part=part,
        name=person.name,
        url=child_page(part),
        age=age_words(person.born_on, on, person.expected_on, person.died_on),
        title=of.title(part.code or step.code),
        outcome=of.outcome_words(part.outcome) if part.outcome else "",
        counts=part.counts,
    )


def _facts(step: Step, viewer: Viewer, part_only: bool) -> list[tuple[str, Any]]:
    why_not = "" if part_only else f": {step.cancelled_why}"
    came_from = named(viewer, [step.led_from]).get(step.led_from)
    rows: list[tuple[str, Any]] = [
        ("Began", _when(step.opened_on, step.opened_at)),
        ("Planned for", _when(step.planned_on, None)),
        ("Happened", _when(step.happened_on, step.happened_at)),
        ("Finished", _when(step.done_on, step.done_at)),
        ("By", step.worker.name if step.worker else ""),
        ("Team", step.team.name if step.team else ""),
        ("Came from", {"words": came_from.words, "url": came_from.url} if came_from else ""),
        ("Summary", "" if part_only else step.summary),
        ("Cancelled", f"{nice_date(step.cancelled_on)}{why_not}" if step.cancelled_on else ""),
        ("Recorded", _recorded(step)),
    ]
    return [(key, value) for key, value in rows if value]


def _when(day: date | None, moment: Any) -> str:
    return nice_moment(moment) if moment else nice_date(day, "")


def _recorded(step: Step) -> str:
    by = f" by {step.recorded_by.name}" if step.recorded_by else " from another system" if step.load else ""
    return f"{nice_moment(step.recorded_at)}{by}"


def _may(step: Step, of: Kind, viewer: Viewer, last: str) -> dict[str, bool]:
    """What this viewer may do to it now. A kind with a page of its own to change it is closed there."""
    state = state_of(step, last_answer=last, outcomes=[part.outcome for part in step.shown_parts])
    records = bool(of.capability) and viewer.may(of.capability)
    own = step.worker_id == viewer.worker
    return {
        "complete": records and state in ("open", "returned") and (of.needs_sign_off or not of.edit),
        "answer": state == "waiting" and viewer.may("sign_off") and not own,
        "change": records and state != "cancelled" and not (of.of_one and len(step.shown_parts) > 1),
        "cancel": state != "cancelled" and may_cancel(viewer, step),
    }
