"""The rows every meeting's form has: who was asked and whether they came, and what was promised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet

from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField
from kith.record.people.models import Person
from kith.record.promises.owners import NAME_THEM, lacks_name
from kith.record.promises.words import AGENCIES, agency_words

from .actions import Asked, Came
from .models import Attendance
from .words import CAME

_MEANS = {"": (None, None), "came": (True, False), "apologies": (False, True), "absent": (False, False)}
EVERY_CHILD = "all"
SPARE_ROWS = 2


class PersonRow(GovForm):
    """Somebody asked to the meeting."""

    row = forms.IntegerField(widget=forms.HiddenInput, required=False)
    agency = forms.ChoiceField(label="Agency", choices=[("", "Choose"), *AGENCIES.items()], required=False)
    name = forms.CharField(label="Name", max_length=200, required=False)
    role = forms.CharField(label="Role", max_length=200, required=False)
    came = forms.ChoiceField(label="Did they come?", choices=list(CAME.items()), required=False)

    def clean(self) -> dict[str, Any]:
        """A row with anything in it must say which agency; a row with nothing is not a row."""
        given = super().clean() or {}
        if any(given.get(name) for name in ("name", "role", "came")) and not given.get("agency"):
            self.add_error("agency", f"Choose the agency of {given.get('name') or 'each person'}")
        return given

    @property
    def known_agency(self) -> str:
        """The agency in words, of somebody already known; empty for a new row, which chooses one."""
        return agency_words(str(self["agency"].value())) if self["row"].value() else ""

    @property
    def asked(self) -> Asked:
        """Who it is."""
        return Asked(self.cleaned_data["agency"], self.cleaned_data["name"], self.cleaned_data["role"])

    @property
    def known(self) -> Came:
        """What is known of them."""
        given = self.cleaned_data
        return came_as(name=given["name"], role=given["role"], came=given["came"])


def came_as(*, name: str, role: str, came: str) -> Came:
    """What a choice of CAME means; nothing chosen leaves both unsaid."""
    if came not in CAME:
        raise forms.ValidationError("Choose whether they came.")
    return Came(name, role, *_MEANS[came])


class PromiseRow(GovForm):
    """Something promised at the meeting: for which child, what, who, by when. An empty row is not a row."""

    child = forms.ChoiceField(label="For", required=False)
    what = LongTextField(label="What will be done?", required=False, rows=2)
    owner = forms.ChoiceField(label="Who will do it?", required=False)
    owner_name = forms.CharField(label="Their name, if from another agency", max_length=200, required=False)
    due_on = GovDateField(label="By when?", required=False)

    def __init__(
        self, *args: Any, children: Sequence[Person], owners: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        names = [(str(each.pk), each.name) for each in children]
        every = [(EVERY_CHILD, "Each of the children")] if len(names) > 1 else []
        self.fields["child"].choices = [*every, *names]  # type: ignore[attr-defined]
        self.fields["owner"].choices = [("", "Choose"), *owners]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A promise needs its words, its owner and its day, all three."""
        given = super().clean() or {}
        if self.is_blank:
            return given
        if not given.get("what") and "what" not in self.errors:
            self.add_error("what", "Say what will be done")
        if not given.get("owner") and "owner" not in self.errors:
            self.add_error("owner", "Choose who will do it")
        elif lacks_name(str(given.get("owner", "")), str(given.get("owner_name", ""))):
            self.add_error("owner_name", NAME_THEM)
        if not given.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "Say by when it will be done")
        return given

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written: the child alone, which stands there already, promises nothing."""
        return not any(self.data.get(self.add_prefix(name)) for name in ("what", "owner", "owner_name")) and not any(
            self.data.get(self.add_prefix(f"due_on-{part}")) for part in ("day", "month", "year")
        )


def people_rows(data: Mapping[str, Any] | None, rows: Iterable[Attendance]) -> BaseFormSet[PersonRow]:
    """The rows of who was asked, those already known filled in, with spare rows at the end."""
    initial = [
        {"row": each.pk, "agency": each.agency, "name": each.name, "role": each.role, "came": each.came}
        for each in rows
    ]
    made = forms.formset_factory(PersonRow, extra=SPARE_ROWS, max_num=200, absolute_max=200)
    return made(data, prefix="people", initial=initial)


def promise_rows(
    data: Mapping[str, Any] | None, *, children: Sequence[Person], owners: Sequence[tuple[str, str]]
) -> BaseFormSet[PromiseRow]:
    """Spare rows for what is promised now."""
    made = forms.formset_factory(PromiseRow, extra=SPARE_ROWS, max_num=100, absolute_max=100)
    return made(data, prefix="promises", form_kwargs={"children": children, "owners": owners})


def one_more(data: Any, prefix: str) -> Any:
    """What was posted, with one more spare row of that prefix: "add another" without scripts."""
    more = data.copy()
    total = str(more.get(f"{prefix}-TOTAL_FORMS", "0"))
    more[f"{prefix}-TOTAL_FORMS"] = str(int(total) + 1 if total.isdecimal() and len(total) < 6 else 1)
    return more


class AdditionForm(GovForm):
    """What is added to a closed meeting."""

    about = forms.ChoiceField(label="Which child is this about?", required=False)
    words = LongTextField(
        label="What should be added or put right?", help_text="What is already written stays as it is."
    )

    def __init__(self, *args: Any, children: Sequence[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(str(each.pk), each.name) for each in children]
        self.fields["about"].choices = [("", "All of them"), *names]  # type: ignore[attr-defined]
