"""A strategy meeting as its page shows it."""

from __future__ import annotations

from datetime import date
from typing import Any

from kith.foundation.access.viewer import Viewer
from kith.foundation.screens.words import age_words, in_words, nice_date, nice_moment
from kith.record.meetings.presenters import attended
from kith.record.meetings.words import HELD_HOW
from kith.record.promises.presenters import rows as promise_rows
from kith.record.promises.words import agency_words
from kith.record.steps.kinds import kind
from kith.record.steps.models import Step
from kith.record.steps.queries import page_of
from kith.record.steps.states import COLOURS, WORDS, state_of

from . import queries
from .decisions import DECISIONS, LEADS_TO
from .queries import Meeting


def title(found: Meeting) -> str:
    """The meeting by its children's names."""
    return f"Strategy meeting about {in_words(child.name for child in found.children)}"


def page(found: Meeting, *, viewer: Viewer, on: date) -> dict[str, Any]:
    """What the page shows, whether or not it can be written in."""
    state = state_of(found.step)
    return {
        "title": title(found),
        "state": {"words": WORDS[state], "colour": COLOURS[state]},
        "facts": facts(found),
        "people": attended(found.people),
        "promises": promise_rows(found.promises, on=on, steps={found.step.ref: found.step}),
        "not_asked": in_words(agency_words(agency) for agency in found.not_asked) if not found.in_part else "",
        "decided": decided(found, viewer=viewer),
        "children": [
            {
                "name": child.name,
                "url": f"/children/{child.pk}/",
                "age": age_words(child.born_on, on, child.expected_on, child.died_on),
            }
            for child in found.children
        ],
    }


def facts(found: Meeting) -> list[tuple[str, str]]:
    """The few facts at its head."""
    step, detail = found.step, found.detail
    why_not = "" if found.in_part else f": {step.cancelled_why}"
    rows = [
        ("Asked for", nice_moment(step.opened_at) if step.opened_at else nice_date(step.opened_on)),
        ("To be held", nice_moment(detail.planned_at) if detail.planned_at else nice_date(step.planned_on, "")),
        ("Held", nice_moment(step.happened_at) if step.happened_at else nice_date(step.happened_on, "Not yet")),
        ("How", HELD_HOW.get(detail.held_how, "")),
        ("Called by", step.worker.name if step.worker else ""),
        ("Team", step.team.name if step.team else ""),
        ("Decisions recorded", nice_date(step.done_on, "")),
        ("Decisions sent out", nice_date(detail.circulated_on, "")),
        ("Did not go ahead", f"{nice_date(step.cancelled_on)}{why_not}" if step.cancelled_on else ""),
    ]
    return [(words, value) for words, value in rows if value]


def decided(found: Meeting, *, viewer: Viewer) -> list[dict[str, Any]]:
    """What was decided for each child, why, and what it led to, as far as that is recorded."""
    came_of = queries.led_to(viewer, found.step)
    return [
        {
            "name": part.person.name,
            "decision": DECISIONS.get(part.outcome, part.outcome.replace("_", " ")),
            "rationale": found.rationale(part),
            "leads_to": leads_to(part.outcome, came_of.get(part.person_id, [])),
        }
        for part in found.parts
    ]


def leads_to(outcome: str, found: list[Step]) -> list[dict[str, str]]:
    """What a decision leads to: the work recorded as led from the meeting, or that it is not recorded yet."""
    if found:
        return [
            {
                "words": f"{kind(each.kind).title(each.code)}, {nice_date(each.opened_on or each.happened_on)}",
                "url": page_of(each),
            }
            for each in found
        ]
    if wanted := LEADS_TO.get(outcome):
        return [{"words": f"{kind(wanted).name}: not recorded yet as begun from this meeting", "url": ""}]
    return []
