"""What is asked when a promise is kept, dropped, or looked for in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from kith.foundation.access.models import Worker
from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField

from . import owners
from .states import WORDS


class PromiseForm(GovForm):
    """What will be done, by whom, by when."""

    missing = {"what": "Say what will be done", "owner": "Choose who will do it", "due_on": "Say by when"}

    what = LongTextField(label="What will be done?", help_text="Begin with a verb: “Visit Imran at school”.", rows=3)
    owner = forms.ChoiceField(label="Who will do it?")
    owner_name = forms.CharField(label="Their name, if from another agency", max_length=200, required=False)
    due_on = GovDateField(label="By when?", help_text="For example, 7 5 2026.")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, workers: Sequence[Worker], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [("", "Choose"), *owners.choices(workers)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Another agency needs the name of somebody in it."""
        given = super().clean() or {}
        if owners.lacks_name(str(given.get("owner", "")), str(given.get("owner_name", ""))):
            self.add_error("owner_name", owners.NAME_THEM)
        return given

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a promise that the form fills."""
        given = self.cleaned_data
        owner = owners.columns(given["owner"], given["owner_name"])
        return {"what": given["what"], "due_on": given["due_on"], **owner}


class DoneForm(GovForm):
    """It was done: when, how we know, what difference it made."""

    done_on = GovDateField(label="When was it done?", help_text="For example, 7 5 2026.")
    evidence = LongTextField(
        label="How do you know?", help_text="What you saw, were sent or were told, and by whom.", rows=3
    )
    effect = LongTextField(
        label="What difference did it make? (optional)",
        help_text="To the child, in plain words.",
        rows=3,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DropForm(GovForm):
    """It will not be done: why."""

    why = LongTextField(label="Why will it not be done?", help_text="The child may read this one day.", rows=3)
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionForm(GovForm):
    """Only which version the writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class FilterForm(GovForm):
    """Which promises to list. Anything that is not understood is left out, and the page shows what was applied."""

    owner = forms.ChoiceField(label="Kept by", required=False, choices=[("", "Anybody"), ("me", "Me")])
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *list(WORDS.items())[1:]])
    team = forms.TypedChoiceField(label="Children of team", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, teams: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"].choices = [("", "Every team"), *teams]  # type: ignore[attr-defined]
