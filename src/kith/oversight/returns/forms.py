"""The forms that check a return, answer what a check found, and build one of the record."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms

from kith.foundation.documents.uploading import FilesField, how_much
from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField, RadiosField
from kith.statutory.returns.building import RETURNS
from kith.statutory.returns.rule_reports import NAMES

from .own_duties import Kind

RETURNS_OF_A_CHILD = ("cin", "ssda903", "annex_a")
KINDS = {kind: NAMES[kind] for kind in RETURNS_OF_A_CHILD}
HINTS = {
    "cin": "One XML file. It says itself which year it is of.",
    "ssda903": "All its CSV tables together, some of them, or its XML.",
    "annex_a": "One workbook with a sheet for each list.",
}


BESIDE = ("last_year", "earlier", "postcodes", "providers")  # files that the rules of the SSDA903 need
AREA = re.compile(r"[A-Z][0-9]{8}")
LOCATED = {"ssda903": BESIDE, "annex-a": ("postcodes",)}  # what is built, and what of that it needs
YEAR = (
    "2026 is the collection that ends on 31 March 2026. Left empty, it is the year of the latest day "
    "on which an episode began or ended."
)
EARLIEST, LATEST = date(2010, 1, 1), date(2100, 1, 1)  # of what the authority has to do outside Kith
YEARS: dict[str, Any] = {
    "required": False,
    "min_value": 2016,
    "max_value": 2100,
    "label": "The year it ends in",
    "error_messages": {
        "invalid": "The year must be a number, for example 2026",
        "min_value": "The year must be 2016 or after",
        "max_value": "The year must be 2100 or before",
    },
}


class BesideForm(GovForm):
    """What the rules of the SSDA903 need beside the return."""

    last_year = FilesField(required=False, label="Last year’s return", help_text="Some rules compare it with this one.")
    earlier = FilesField(
        required=False,
        label="Returns before last year’s",
        help_text="Their episodes tell who was ever looked after.",
    )
    postcodes = FilesField(required=False, label="The directory of postcodes", help_text="One CSV file.")
    providers = FilesField(required=False, label="The list of providers", help_text="One CSV file or more.")
    area = forms.CharField(
        required=False,
        label="The returning authority’s code",
        help_text="As the directory of postcodes has it, nine characters.",
    )

    def clean_postcodes(self) -> Any:
        """One directory."""
        chosen = self.cleaned_data["postcodes"]
        if len(chosen) > 1:
            raise forms.ValidationError("Choose one directory of postcodes")
        return chosen

    def clean_area(self) -> str:
        """A code as the directories write it, or none."""
        code: str = self.cleaned_data["area"].strip().upper()
        if code and not AREA.fullmatch(code):
            raise forms.ValidationError("The code is a letter and eight figures, for example E09000033")
        return code

    def clean(self) -> dict[str, Any]:
        """Earlier returns are read beside last year's."""
        said = super().clean() or {}
        if said.get("earlier") and not said.get("last_year"):
            self.add_error("last_year", "Choose last year’s return too: those before it are read with it")
        return said

    def beside(self, *names: str) -> dict[str, list[Any]]:
        """The files of what was chosen, of these."""
        return {name: self.cleaned_data[name] for name in names or BESIDE if self.cleaned_data.get(name)}


class CheckForm(BesideForm):
    """Which return, its files, and what its rules need beside it."""

    missing = {"kind": "Choose which return it is", "files": "Choose the files of the return"}
    field_order = ("kind", "year", *BESIDE, "area", "files")

    kind = RadiosField(label="Which return is it?", choices=list(KINDS.items()))
    year = forms.IntegerField(**YEARS, help_text=YEAR)
    files = FilesField(label="Files of the return")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"].help_text = how_much()

    @property
    def more(self) -> tuple[dict[str, list[Any]], dict[str, Any]]:
        """What came beside an SSDA903: files, and what was said."""
        if self.cleaned_data["kind"] != "ssda903":
            return {}, {}
        return self.beside(), {name: self.cleaned_data[name] for name in ("year", "area") if self.cleaned_data[name]}


class AcrossForm(GovForm):
    """Two or three returns of one authority, to compare what they say of the same child."""

    cin = FilesField(required=False, label="The children in need census", help_text="One XML file.")
    ssda903 = FilesField(
        required=False,
        label="The looked-after children return (SSDA903)",
        help_text="All its CSV tables together, some of them, or its XML.",
    )
    year = forms.IntegerField(**YEARS | {"label": "The year the SSDA903 ends in"}, help_text=YEAR)
    annex_a = FilesField(required=False, label="The Annex A lists", help_text="One workbook.")

    def clean(self) -> dict[str, Any]:
        """Two returns at least, and one file of each that is one file."""
        said = super().clean() or {}
        for name, words in (("cin", "census"), ("annex_a", "workbook")):
            if len(said.get(name) or []) > 1:
                self.add_error(name, f"Choose one {words}")
        if not self.errors and len(self.parts) < 2:
            self.add_error("cin", "Choose the files of two returns or of all three: one alone is compared with nothing")
        return said

    @property
    def parts(self) -> dict[str, list[Any]]:
        """The files of each return that was given."""
        return {name: self.cleaned_data[name] for name in RETURNS_OF_A_CHILD if self.cleaned_data.get(name)}


class AnswerForm(GovForm):
    """Why an issue is right as it stands."""

    missing = {"reason": "Say why it is right as it stands"}

    reason = LongTextField(
        label="Why is it right as it stands?",
        help_text="Whoever asks about the return will read this. It is not asked again while the row says the same.",
        max_length=2000,
    )


class BuildForm(BesideForm):
    """Which return to build of the record, of which day, and what for; and what it and its rules need beside it."""

    missing = {
        "key": "Choose which return to build",
        "on": "Enter the day it tells of",
        "purpose": "Say what it is built for",
    }
    field_order = ("key", "authority", "last_year", "earlier", "providers", "on", "postcodes", "area", "purpose", "why")

    key = RadiosField(label="Which return?", choices=[])
    on = GovDateField(
        label="The day it tells of",
        help_text="For a return of a year, its last day: 31 3 2026 is the collection of 2025/26.",
    )
    authority = forms.CharField(
        required=False,
        max_length=3,
        label="The authority’s number",
        help_text="Three figures, as the Department for Education knows it.",
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
        self.fields["postcodes"].help_text = "One CSV file: where homes lie. The SSDA903 and Annex A use it."

    def clean(self) -> dict[str, Any]:
        """Some returns name the authority; some say in whose area homes lie."""
        said = super().clean() or {}
        key, number = said.get("key", ""), said.get("authority", "")
        wanted = next((each for each in RETURNS if each.key == key), None)
        if wanted and wanted.authority and not (len(number) == 3 and number.isascii() and number.isdigit()):
            self.add_error("authority", "Enter the authority’s number, three figures, for example 999")
        if said.get("postcodes") and key and key not in LOCATED:
            self.add_error("postcodes", "This return does not say where homes lie: leave the directory out")
        elif said.get("postcodes") and "area" in said and not said["area"]:
            self.add_error("area", "Enter the authority’s code too: by it the directory tells which homes are its own")
        elif said.get("area") and "postcodes" in said and not said["postcodes"]:
            self.add_error("postcodes", "Choose the directory of postcodes too: the code is looked up in it")
        return said

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for."""
        return {name: self.cleaned_data[name] for name in ("key", "on", "authority", "purpose", "why")}

    @property
    def more(self) -> tuple[dict[str, list[Any]], dict[str, Any]]:
        """What came beside it: files, and the authority's code in the directory; only what this return uses."""
        needs, area = LOCATED.get(self.cleaned_data["key"], ()), self.cleaned_data["area"]
        return self.beside(*needs) if needs else {}, {"area": area} if needs and area else {}


class OwnDutyForm(GovForm):
    """Something that the authority itself has to do outside Kith, in the words of its kind."""

    reference = forms.CharField(max_length=60, help_text="No name: a number, or a word that says which it is.")
    began_on = GovDateField()
    done_on = GovDateField(required=False)

    def __init__(self, *args: Any, kind: Kind, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        if kind.yearly:
            del self.fields["reference"]
        self.labelled(reference=kind.reference, began_on=kind.began, done_on=kind.done)
        self.fields["began_on"].help_text = kind.hint
        self.fields["done_on"].help_text = "Leave it empty if it is not done yet."
        self.fields["began_on"].earliest = EARLIEST  # type: ignore[attr-defined]
        self.fields["began_on"].latest = LATEST if kind.ahead else today  # type: ignore[attr-defined]
        self.fields["done_on"].latest = today  # type: ignore[attr-defined]

    def clean_began_on(self) -> date:
        """A year of returns ends on 31 March."""
        day: date = self.cleaned_data["began_on"]
        if self.kind.yearly and (day.day, day.month) != (31, 3):
            raise forms.ValidationError("A year ends on 31 March, for example 31 3 2026")
        return day

    def clean(self) -> dict[str, Any]:
        """It is not done before it began."""
        said = super().clean() or {}
        if (words := too_early(self.kind, said.get("began_on"), said.get("done_on"))) is not None:
            self.add_error("done_on", words)
        return said


class DoneForm(GovForm):
    """When it was done."""

    done_on = GovDateField()

    def __init__(self, *args: Any, kind: Kind, began_on: date, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, self.began_on = kind, began_on
        self.labelled(done_on=kind.done)
        self.fields["done_on"].latest = today  # type: ignore[attr-defined]

    def clean_done_on(self) -> date:
        """It is not done before it began."""
        day: date = self.cleaned_data["done_on"]
        if (words := too_early(self.kind, self.began_on, day)) is not None:
            raise forms.ValidationError(words)
        return day


class MistakenForm(GovForm):
    """Why something should not have been recorded."""

    missing = {"why": "Say why it was a mistake"}

    why = forms.CharField(label="Why was it a mistake?", max_length=500)


def too_early(kind: Kind, began: date | None, done: date | None) -> str | None:
    """What is said where it would be done before it began; of a day set for it, it may be."""
    if kind.ahead or began is None or done is None or done >= began:
        return None
    return f"It began on {began.day} {began:%B %Y}: it cannot be done before that"
