"""Promises as pages show them: words, links and tags, made from rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from kith.foundation.access.viewer import Viewer
from kith.foundation.screens.words import days_words, nice_date
from kith.record.steps.kinds import kind
from kith.record.steps.models import Step

from . import queries
from .models import Promise
from .states import WORDS, state_of
from .words import agency_words

COLOURS = {"overdue": "red", "open": "blue", "on_time": "green", "late": "yellow", "dropped": "grey"}


def owner_words(promise: Promise) -> str:
    """Who keeps it: a worker by name, or a name and agency; a gap is said aloud."""
    if promise.owner:
        return promise.owner.name
    named = [promise.owner_name, agency_words(promise.owner_agency) if promise.owner_agency else ""]
    return ", ".join(part for part in named if part) or "Nobody: this is a gap"


def shown(promise: Promise, *, on: date, step: Step | None = None) -> dict[str, Any]:
    """One promise for a page or a list."""
    state = state_of(promise, on=on)
    return {
        "url": reverse("promises:promise", args=[promise.pk]),
        "what": promise.what,
        "child": {"words": promise.person.name, "url": f"/children/{promise.person_id}/"},
        "owner": owner_words(promise),
        "due": f"{nice_date(promise.due_on)}, {days_words(promise.due_on, on)}"
        if _counts(promise)
        else nice_date(promise.due_on),
        "due_on": promise.due_on,
        "done_on": promise.done_on,
        "state": state,
        "tag": {"words": WORDS[state], "colour": COLOURS[state]},
        "made_on": promise.made_on,
        "made_in": made_in(promise, step),
    }


def rows(promises: Iterable[Promise], *, on: date, steps: Mapping[str, Step]) -> list[dict[str, Any]]:
    """Several promises, each with the step it was made in where that is known."""
    return [shown(each, on=on, step=steps.get(each.made_in)) for each in promises]


def of_step(viewer: Viewer, step: Step) -> dict[str, Any] | None:
    """For a step's own page: the promises made in it, for the children this viewer may see."""
    made = list(queries.made_in(viewer, step.ref))
    return {"rows": rows(made, on=timezone.localdate(), steps={step.ref: step})} if made else None


def made_in(promise: Promise, step: Step | None) -> dict[str, str]:
    """Where it was made: the step's own page, or nothing more than the day."""
    if step is None:
        return {"words": nice_date(promise.made_on), "url": ""}
    words = f"{kind(step.kind).title(step.code)}, {nice_date(step.happened_on or step.opened_on or promise.made_on)}"
    return {"words": words, "url": f"/work/{step.kind}/{step.pk}/"}


def _counts(promise: Promise) -> bool:
    return bool(promise.due_on) and not promise.done_on and not promise.dropped_on
