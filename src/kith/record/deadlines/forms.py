"""The forms of the deadline pages: what to list, and why one is late."""

from __future__ import annotations

from typing import Any

from django import forms

from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField

from .duties import titles
from .filters import NOBODY, STATES, DueFilter


class DueForm(GovForm):
    """What the list is asked for; every box may be left."""

    state = forms.ChoiceField(label="Which", choices=list(STATES.items()), required=False)
    team = forms.ChoiceField(label="Team", required=False)
    worker = forms.ChoiceField(label="Worker", required=False)
    rule = forms.ChoiceField(label="Duty", required=False)

    def __init__(self, *args: Any, teams: list[tuple[str, str]], workers: list[tuple[str, str]], **options: Any):
        super().__init__(*args, **options)
        self.fields["team"].choices = [("", "Every team"), *teams, (NOBODY, "No team")]
        self.fields["worker"].choices = [("", "Everybody"), *workers, (NOBODY, "Nobody")]
        duties = sorted(titles().items(), key=lambda each: each[1])
        self.fields["rule"].choices = [("", "Every duty"), *duties]


class BetweenForm(GovForm):
    """Two days, either of which may be left."""

    since = GovDateField(label="Due from", required=False)
    until = GovDateField(label="Due until", required=False)


class LateForm(GovForm):
    """Why it is late."""

    missing = {"reason": "Say why it is late. One sentence is enough."}
    reason = LongTextField(
        label="Why is it late?",
        help_text="This is kept beside the deadline. It does not change the date.",
        rows=3,
        max_length=2000,
    )


class NotRequiredForm(GovForm):
    """Why this once it need not be done."""

    missing = {"not_required": "Say why it is not required. One sentence is enough."}
    not_required = LongTextField(
        label="Why is it not required?",
        help_text="This is kept with your name. It may be taken back. What is late stays late in the figures.",
        rows=3,
        max_length=2000,
    )


class RequiredForm(GovForm):
    """Why it is required after all."""

    missing = {"required": "Say why it is required after all. One sentence is enough."}
    required = LongTextField(label="Why is it required after all?", rows=3, max_length=2000)


def as_shown(asked: DueFilter) -> dict[str, Any]:
    """The filters as the form shows them."""
    return {"state": asked.state, "team": asked.team, "worker": asked.worker, "rule": asked.rule}
