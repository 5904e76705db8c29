"""The forms of this app: adding a person, saying that two records are one person, and saying why."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField, RadiosField
from kith.record.people.asking import Asked
from kith.record.people.models import CARER
from kith.record.personal_details.actions import TERM
from kith.record.personal_details.numbers import NhsNumberField, PupilNumberField

from .adding import Entered
from .queries import names_of

CARER_WORDS = "A foster carer, or somebody who hopes to adopt"
WHO = (("child", "A child, born or expected"), ("adult", "A grown-up"))
SEXES = (("F", "Female"), ("M", "Male"), ("U", "Not known or not said"))
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}")


class AddForm(GovForm):
    """Somebody who is not in the record yet. Only what is known is asked for."""

    missing = {"who": "Choose whether this is a child or a grown-up"}

    who = RadiosField(label="Who is this?", choices=WHO)
    forename = forms.CharField(label="Forename", required=False, max_length=200)
    surname = forms.CharField(label="Surname", required=False, max_length=200)
    known_as = forms.CharField(label="Known as", help_text="If they go by another name", required=False, max_length=200)
    born_on = GovDateField(label="Date of birth", help_text="For example, 3 4 2015", required=False)
    expected_on = GovDateField(label="Date the birth is expected", help_text="Only for an unborn child", required=False)
    sex = RadiosField(label="Sex", choices=SEXES, required=False)
    nhs = NhsNumberField(label="NHS number", required=False, max_length=14)
    upn = PupilNumberField(label="Unique pupil number", required=False, max_length=15)
    lines = forms.CharField(label="Address", help_text="House and street", required=False, max_length=400)
    postcode = forms.CharField(label="Postcode", required=False, max_length=12)
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, on: date | None = None, carers: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if carers:
            self.fields["who"].choices = [*WHO, (CARER, CARER_WORDS)]  # type: ignore[attr-defined]
        today = on or timezone.localdate()
        self.fields["born_on"].latest = today  # type: ignore[attr-defined]
        self.fields["expected_on"].latest = today + TERM  # type: ignore[attr-defined]

    def clean_postcode(self) -> str:
        """In capitals, with its space."""
        close = re.sub(r"\s", "", self.cleaned_data["postcode"]).upper()
        typed = f"{close[:-3]} {close[-3:]}" if close else ""
        if typed and not POSTCODE.fullmatch(typed):
            raise forms.ValidationError("Enter a whole postcode, such as RV1 2AB, or leave it empty")
        return typed

    def clean(self) -> dict[str, Any]:
        """Somebody must be known by something; a birth is past or expected, not both."""
        found = super().clean() or self.cleaned_data
        named = found.get("forename") or found.get("surname")
        unborn = found.get("expected_on") and found.get("who") == "child"
        if not named and not unborn and "expected_on" not in self.errors:
            self.add_error("forename", "Enter a name, or the day the birth is expected")
        if found.get("born_on") and found.get("expected_on"):
            self.add_error("expected_on", "Enter the date of birth or the day it is expected, not both")
        if found.get("expected_on") and found.get("who") in ("adult", CARER):
            self.add_error("expected_on", "Only a child can be expected")
        return found

    def entered(self) -> Entered:
        """The person as entered."""
        said = ("is_child", "record")
        given = {name: self.cleaned_data[name] for name in Entered.__dataclass_fields__ if name not in said}
        who = self.cleaned_data["who"]
        return Entered(is_child=who == "child", record=CARER if who == CARER else "", **given)

    def asked(self) -> Asked:
        """What to look for before adding."""
        found = self.cleaned_data
        nhs = found["nhs"]
        spaced = f"{nhs[:3]} {nhs[3:6]} {nhs[6:]}" if nhs else ""
        return Asked(
            names=names_of(found["forename"] or found["known_as"], found["surname"]),
            born_on=found["born_on"],
            numbers=tuple(each for each in (nhs, spaced, found["upn"]) if each),
        )


class ProposeForm(GovForm):
    """That two records are of one person, and which of them is read first."""

    missing = {"leads": "Choose which record is read first", "why": "Say why you think they are one person"}

    leads = RadiosField(label="Which record is read first?")
    why = LongTextField(label="Why do you think they are one person?", help_text="Whoever agrees reads this.", rows=3)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["leads"].choices = choices  # type: ignore[attr-defined]


class WhyForm(GovForm):
    """Why two records are parted."""

    missing = {"why": "Say why they are parted"}

    why = LongTextField(label="Why are they two people?", rows=3)
