"""Forms of the child's page and of finding a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from kith.foundation.screens.fields import GovDateField
from kith.foundation.screens.forms import GovForm, LongTextField
from kith.record.people.actions import StoryWords
from kith.record.people.asking import Asked, asked, date_in


class StoryForm(GovForm):
    """Who I am: in the child's words, or written to the child."""

    missing = {"who_i_am": "Write who this child is, if only a few words"}

    after = forms.IntegerField(widget=forms.HiddenInput, required=False)
    who_i_am = LongTextField(
        label="Who I am",
        help_text="In the child’s own words, or written to the child: what I like, who matters to me, what helps.",
        rows=6,
    )
    happening_now = LongTextField(label="What is happening now", required=False, rows=4)
    worried_about = LongTextField(label="What people are worried about", required=False, rows=4)
    going_well = LongTextField(label="What is going well", required=False, rows=4)

    def words(self) -> StoryWords:
        """What was written."""
        return StoryWords(**{name: self.cleaned_data[name] for name in STORY_LABELS})


STORY_LABELS = {name: str(field.label) for name, field in StoryForm.base_fields.items() if name != "after"}


class BetweenForm(GovForm):
    """From a day until a day, either of which may be left."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["from"] = GovDateField(label="From", required=False)
        self.fields["until"] = GovDateField(label="Until", required=False)

    def days(self) -> tuple[date | None, date | None]:
        """The two days; none where nothing was typed, or what was typed is no day."""
        self.full_clean()
        found = self.cleaned_data if self.is_bound else {}
        return found.get("from"), found.get("until")


class SignificantForm(GovForm):
    """What an event meant for the child."""

    missing = {"impact": "Say what this meant for the child, in a sentence"}

    impact = LongTextField(label="What this meant for the child", help_text="A sentence is enough.", rows=2)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class FindForm(GovForm):
    """One box, and two that narrow it."""

    q = forms.CharField(
        label="Name, date of birth, address or number",
        help_text="However it is spelt. For example: Mohamed Khan, 3/4/2015, RV1 2AB, or an NHS number.",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    born = forms.CharField(label="Date of birth", help_text="For example, 3/4/2015", required=False, max_length=40)
    where = forms.CharField(label="Address or postcode", required=False, max_length=80)

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on = on

    def clean_born(self) -> date | None:
        """A date in any common form."""
        typed = self.cleaned_data["born"].strip()
        found = date_in(typed, on=self.on)
        if typed and found is None:
            raise forms.ValidationError("Enter the date of birth as a date, such as 3/4/2015")
        return found

    def asked(self) -> Asked:
        """What all three boxes ask for together."""
        typed = asked(self.cleaned_data["q"], on=self.on)
        where = asked(self.cleaned_data["where"], on=self.on)
        words = where.address or where.names
        return Asked(
            names=typed.names,
            born_on=self.cleaned_data["born"] or typed.born_on,
            postcode=where.postcode or typed.postcode,
            address=words or typed.address,
            numbers=typed.numbers,
            either=typed.either and not words,
        )
