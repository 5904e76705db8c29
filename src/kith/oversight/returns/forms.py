"""The forms that check a return, answer what a check found, and build one of the record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from kith.foundation.documents.uploading import FilesField, how_much
from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField, RadiosField
from kith.statutory.returns.building import RETURNS
from kith.statutory.returns.rule_reports import NAMES

KINDS = {kind: NAMES[kind] for kind in ("cin", "ssda903", "annex_a")}
HINTS = {
    "cin": "One XML file. It says itself which year it is of.",
    "ssda903": "All its CSV tables together, some of them, or its XML.",
    "annex_a": "One workbook with a sheet for each list.",
}


class CheckForm(GovForm):
    """Which return, its files, and what its rules need beside it."""

    missing = {"kind": "Choose which return it is", "files": "Choose the files of the return"}

    kind = RadiosField(label="Which return is it?", choices=list(KINDS.items()))
    year = forms.IntegerField(
        required=False,
        min_value=2016,
        max_value=2100,
        label="The year it ends in",
        help_text="2026 is the collection that ends on 31 March 2026. Left empty, it is the year of the latest day "
        "on which an episode began or ended.",
        error_messages={
            "invalid": "The year must be a number, for example 2026",
            "min_value": "The year must be 2016 or after",
            "max_value": "The year must be 2100 or before",
        },
    )
    last_year = FilesField(required=False, label="Last year’s return", help_text="Some rules compare it with this one.")
    postcodes = FilesField(required=False, label="The directory of postcodes", help_text="One CSV file.")
    providers = FilesField(required=False, label="The list of providers", help_text="One CSV file or more.")
    authority = forms.CharField(
        required=False,
        max_length=12,
        label="The returning authority’s code",
        help_text="As the directory of postcodes has it, nine characters.",
    )
    files = FilesField(label="Files of the return")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"].help_text = how_much()

    def clean_postcodes(self) -> Any:
        """One directory."""
        chosen = self.cleaned_data["postcodes"]
        if len(chosen) > 1:
            raise forms.ValidationError("Choose one directory of postcodes")
        return chosen


class AnswerForm(GovForm):
    """Why an issue is right as it stands."""

    missing = {"reason": "Say why it is right as it stands"}

    reason = LongTextField(
        label="Why is it right as it stands?",
        help_text="Whoever asks about the return will read this. It is not asked again while the row says the same.",
        max_length=2000,
    )


class BuildForm(GovForm):
    """Which return to build of the record, of which day, and what for."""

    missing = {
        "key": "Choose which return to build",
        "on": "Enter the day it tells of",
        "purpose": "Say what it is built for",
    }

    key = RadiosField(label="Which return?", choices=[])
    on = GovDateField(
        label="The day it tells of",
        help_text="For a return of a year, its last day: 31 3 2026 is the collection of 2025/26.",
    )
    authority = forms.CharField(
        required=False,
        max_length=3,
        label="The authority’s number",
        help_text="Three figures, as the Department for Education knows it. Only some returns name it.",
    )
    purpose = LongTextField(label="What is it built for?", rows=2, max_length=500)
    why = LongTextField(
        required=False,
        label="Why does it take another’s place?",
        help_text="Only where a version of this return is signed off already.",
        rows=2,
        max_length=500,
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        options.setdefault("initial", {"on": today})
        super().__init__(*args, **options)
        self.fields["key"].choices = [(each.key, each.title) for each in RETURNS if not each.daily]
        self.fields["on"].latest = today

    def clean(self) -> dict[str, Any]:
        """Some returns name the authority."""
        said = super().clean() or {}
        wanted = next((each for each in RETURNS if each.key == said.get("key")), None)
        number = said.get("authority", "")
        if wanted and wanted.authority and not (len(number) == 3 and number.isascii() and number.isdigit()):
            self.add_error("authority", "Enter the authority’s number, three figures, for example 999")
        return said

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for."""
        return {name: self.cleaned_data[name] for name in ("key", "on", "authority", "purpose", "why")}
