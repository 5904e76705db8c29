"""The forms of the shape: what to list, sign or return, and cancel."""

from __future__ import annotations

from typing import Any

from django import forms

from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField, RadiosField

from .filters import STATES, WorkFilter, kinds_to_choose


class WorkForm(GovForm):
    """What the list is asked for; every box may be left."""

    kind = forms.ChoiceField(label="Kind of work", required=False)
    state = forms.ChoiceField(label="Which", choices=[("", "All"), *STATES.items()], required=False)
    team = forms.ChoiceField(label="Team", required=False)
    worker = forms.ChoiceField(label="Worker", required=False)

    def __init__(self, *args: Any, teams: list[tuple[str, str]], workers: list[tuple[str, str]], **options: Any):
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "Every kind"), *kinds_to_choose()]
        self.fields["team"].choices = [("", "Every team"), *teams]
        self.fields["worker"].choices = [("", "Everybody"), *workers]


class BetweenForm(GovForm):
    """Two days, either of which may be left."""

    since = GovDateField(label="From", required=False)
    until = GovDateField(label="Until", required=False)


class AnswerForm(GovForm):
    """A manager's answer."""

    missing = {"answer": "Choose whether to sign it or to return it"}
    answer = RadiosField(
        label="Your answer", choices=[("signed", "Sign it off"), ("returned", "Return it with a comment")]
    )
    comment = LongTextField(label="Comment", required=False, rows=3, max_length=4000)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """A return without a comment helps nobody."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == "returned" and not cleaned.get("comment", "").strip():
            self.add_error("comment", "Say what needs to change")
        return cleaned


class CancelForm(GovForm):
    """Why it did not go ahead, or should not be in the record."""

    missing = {"why": "Say why"}
    why = LongTextField(
        label="Why?",
        help_text="It stays in the record with your reason, and no longer counts.",
        rows=3,
        max_length=4000,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def as_shown(asked: WorkFilter) -> dict[str, Any]:
    """The filters as the form shows them."""
    chosen = {"team": asked.team, "worker": asked.worker}
    return {name: str(value or "") for name, value in chosen.items()} | {"kind": asked.kind, "state": asked.state}
