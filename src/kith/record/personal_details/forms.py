"""The form of personal details: of a child what the returns ask, of a carer what the record holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from kith.foundation.screens.forms import GovDateField, GovForm, RadiosField, YesNoField
from kith.record.people.models import Person
from kith.record.plain_work.boxes import CodesField, with_held
from kith.record.plain_work.told import SEVERAL

from .actions import OF_A_CHILD, OF_A_GROWN_UP, OF_EVERYBODY, TERM, Details, codes_of, wrong
from .numbers import FORMER_UPN, NHS, UPN, NhsNumberField, PupilNumberField, number_of

NUMBERS = {"upn": UPN, "former_upn": FORMER_UPN, "nhs": NHS}
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Name", ("forename", "surname", "known_as")),
    ("Birth and death", ("born_on", "expected_on", "died_on")),
    ("Sex and gender", ("sex", "gender", "is_mother")),
    ("Background and language", ("ethnicity", "nationality", "first_language", "interpreter", "religion")),
    ("Disability", ("disabilities",)),
    ("Numbers others know this child by", ("upn", "upn_unknown", "former_upn", "nhs")),
    ("Reaching this person", ("phone",)),
)


class DetailsForm(GovForm):
    """The details of one person. A code that is held and is not on its list stays until another is chosen."""

    forename = forms.CharField(label="Forename", max_length=255, required=False)
    surname = forms.CharField(label="Surname", max_length=255, required=False)
    known_as = forms.CharField(label="Known as", help_text="If they go by another name", max_length=255, required=False)
    born_on = GovDateField(label="Date of birth", help_text="For example, 3 4 2015", required=False)
    expected_on = GovDateField(label="Date the birth was, or is, expected", required=False)
    died_on = GovDateField(label="Date of death", help_text="Leave it empty while they live", required=False)
    sex = RadiosField(label="Sex", required=False)
    gender = RadiosField(label="Gender, as this child describes it", required=False)
    is_mother = YesNoField(
        label="Is this child a mother?",
        help_text="The return on children looked after asks it of every girl in care.",
        required=False,
    )
    ethnicity = forms.ChoiceField(label="Ethnicity", help_text="As they, or their family, say", required=False)
    nationality = forms.CharField(label="Nationality", max_length=48, required=False)
    first_language = forms.CharField(label="First language", max_length=80, required=False)
    interpreter = YesNoField(label="Is an interpreter needed?", required=False)
    religion = forms.CharField(label="Religion", help_text="“None” if they have none", max_length=80, required=False)
    disabilities = CodesField(
        label="What disabilities does this child have?",
        help_text="Choose each. If there is none, choose that alone.",
        required=False,
    )
    upn = PupilNumberField(label="Unique pupil number", max_length=100, required=False)
    upn_unknown = forms.ChoiceField(label="If there is none, why?", required=False)
    former_upn = PupilNumberField(
        label="Former pupil number", help_text="If the school gave another before", max_length=100, required=False
    )
    nhs = NhsNumberField(label="NHS number", max_length=100, required=False)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)

    def __init__(self, *args: Any, person: Person, placed: bool = True, **options: Any) -> None:
        """`placed`: whether the writer may know where this person is; else the telephone is not asked for."""
        initial = initial_of(person)
        super().__init__(*args, initial=initial, **options)
        self.person, today = person, timezone.localdate()
        left_out = {"phone"} if person.is_child or not placed else set()
        left_out |= {"is_mother"} if person.sex == "M" and person.is_mother is None else set()
        left_out |= set() if person.is_child else {*OF_A_CHILD, *NUMBERS, "disabilities"} - set(OF_A_GROWN_UP)
        for name in left_out:
            del self.fields[name]
        for name in set(NUMBERS) & set(self.fields):
            self.fields[name].held = initial[name]  # type: ignore[attr-defined]
        self.fields["born_on"].latest = self.fields["died_on"].latest = today  # type: ignore[attr-defined]
        if "expected_on" in self.fields:
            self.fields["expected_on"].latest = today + TERM  # type: ignore[attr-defined]
        self._offer(initial, today)

    def _offer(self, initial: dict[str, Any], on: date) -> None:
        empty = [("", "Choose")]
        for name, codes, first in (
            ("sex", "sex", []),
            ("gender", "gender_identity", []),
            ("ethnicity", "ethnicity", empty),
            ("upn_unknown", "upn_unknown", [("", "There is a number, or nobody has said")]),
            ("disabilities", "disability", []),
        ):
            if name in self.fields:
                held = str(initial.get(name) or "").split(SEVERAL)
                self.fields[name].choices = [*first, *with_held(codes, held, on=on)]  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The boxes under their headings, of those that this form has."""
        found = [(title, [self[name] for name in names if name in self.fields]) for title, names in GROUPS]
        return [(title, boxes) for title, boxes in found if boxes]

    def clean(self) -> dict[str, Any]:
        """What cannot be, beside the box that it is about."""
        given = super().clean() or self.cleaned_data
        if not self.errors:
            for box, sentence in wrong(self.person, self.details(), timezone.localdate()):
                self.add_error(box if box in self.fields else None, sentence)
        return given

    def details(self) -> Details:
        """What was told."""
        given, more = self.cleaned_data, OF_A_CHILD if self.person.is_child else OF_A_GROWN_UP
        chosen = given.get("disabilities")
        return Details(
            columns={name: given[name] for name in (*OF_EVERYBODY, *more) if name in self.fields},
            numbers={kind: given[name] for name, kind in NUMBERS.items() if name in self.fields},
            disabilities=tuple(chosen.split(SEVERAL) if chosen else ()) if "disabilities" in self.fields else None,
        )


def initial_of(person: Person) -> dict[str, Any]:
    """What is held, box by box."""
    found: dict[str, Any] = {name: getattr(person, name) for name in (*OF_EVERYBODY, *OF_A_CHILD, *OF_A_GROWN_UP)}
    found |= {name: number_of(person, kind) for name, kind in NUMBERS.items()}
    return found | {"disabilities": SEVERAL.join(dict.fromkeys(codes_of(person)))}
