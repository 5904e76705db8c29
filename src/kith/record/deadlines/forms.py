"""The forms of the deadline pages: what to list, and why one is late."""

from __future__ import annotations

from typing import Any

from django import forms

from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField
from kith.statutory.timescales.fact_words import roles
from kith.statutory.timescales.rules import Rule

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


class TimescaleForm(GovForm):
    """A council's own number for a timescale, from when, and why."""

    missing = {"why": "Say why. Who reads it in five years was not in the room."}
    number = forms.IntegerField(label="How long", min_value=0, max_value=400)
    unit = forms.ChoiceField(
        label="Counted in",
        choices=[("WD", "Working days"), ("CD", "Days"), ("W", "Weeks"), ("M", "Months"), ("H", "Hours")],
    )
    warn = forms.IntegerField(label="Say that it is due soon this many days before", min_value=0, max_value=90)
    falls_to = forms.ChoiceField(label="Falls to")
    since = GovDateField(
        label="From", help_text="Today or later. What began before keeps the number it was measured by."
    )
    why = LongTextField(label="Why", help_text="For example, which board agreed it and when.", rows=3, max_length=2000)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, rule: Rule, **options: Any):
        super().__init__(*args, **options)
        self.rule = rule
        self.fields["falls_to"].choices = sorted(roles().items(), key=lambda each: each[1])

    def values(self) -> dict[str, str]:
        """What is set, as rule files write it."""
        given = self.cleaned_data
        found = {"count": f"{given['unit']}{given['number']:+d}"}
        if self.rule.warn.n > 0 or given["warn"] != _days_before(
            self.rule
        ):  # one counted from the opening might be late
            found["warn"] = f"CD-{given['warn']}"
        if given["falls_to"] != self.rule.falls_to:
            found["falls_to"] = given["falls_to"]
        return found


def as_it_is(rule: Rule, *, seen: int) -> dict[str, Any]:
    """A timescale as its form shows it."""
    unit = rule.count.unit if rule.count.unit in ("WD", "CD", "W", "M", "H") else "CD"
    return {
        "number": abs(rule.count.n),
        "unit": unit,
        "warn": _days_before(rule),
        "falls_to": rule.falls_to,
        "seen": seen,
    }


def _days_before(rule: Rule) -> int:
    """How many days before it is due it is said to be due soon; a warning counted from the opening is turned about."""
    if rule.warn.n <= 0:
        return -rule.warn.n * (7 if rule.warn.unit == "W" else 1)
    return max(rule.count.n - rule.warn.n, 0) if rule.warn.unit == rule.count.unit else 0


def as_shown(asked: DueFilter) -> dict[str, Any]:
    """The filters as the form shows them."""
    return {"state": asked.state, "team": asked.team, "worker": asked.worker, "rule": asked.rule}
