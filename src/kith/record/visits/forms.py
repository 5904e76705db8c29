"""The form of a visit: what its children share, and a part for each child that is never filled from another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from kith.foundation.screens.forms import GovDateField, GovForm, GovTimeField, LongTextField, YesNoField
from kith.record.people.models import Person
from kith.record.steps.kinds import kind
from kith.record.steps.models import FormVersion
from kith.record.steps.questions import answers_of, fields_of

from .actions import ChildVisited, NotUnderThatPlan


class SharedForm(GovForm):
    """What the children of one visit share."""

    missing = {
        "day": "Enter the day of the visit",
        "time": "Enter the time of the visit, for example 3:30pm",
        "where": "Enter where the visit was, for example at home",
    }

    day = GovDateField(label="Day of the visit")
    time = GovTimeField(label="Time", help_text="For example 3:30pm")
    where = forms.CharField(label="Where was it?", help_text="For example at home, or at school", max_length=200)
    others = LongTextField(label="Who else was there?", required=False, rows=2, max_length=2000)

    def __init__(self, *args: Any, on: date, questions: FormVersion | None = None, placed: bool = True, **options: Any):
        """`placed` is false where the viewer may not know where the visit was: it is not asked, and stays as it is."""
        super().__init__(*args, **options)
        self.questions = questions
        if not placed:
            del self.fields["where"]
        self.fields["day"] = GovDateField(label="Day of the visit", latest=on)
        self.fields["day"].error_messages["required"] = self.missing["day"]
        self.fields |= fields_of(questions)

    def clean(self) -> dict[str, Any]:
        """Refuse a time of today that has not come yet."""
        cleaned = super().clean() or self.cleaned_data
        if "day" in cleaned and "time" in cleaned and self.happened_at > timezone.now():
            self.add_error("time", "The visit has not happened yet. Enter the time it took place")
        return cleaned

    @property
    def happened_at(self) -> datetime:
        """Day and time, in local time."""
        local = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return timezone.make_aware(local)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers to the council's own questions."""
        return answers_of(self.questions, self.cleaned_data)


class PartForm(GovForm):
    """One child's part of a visit."""

    code = forms.ChoiceField(label="What kind of visit was it?")
    seen = YesNoField()
    why_not_seen = LongTextField(required=False, rows=2, max_length=2000)
    seen_alone = YesNoField(required=False)
    why_not_alone = LongTextField(required=False, rows=2, max_length=2000)
    bedroom_seen = YesNoField(required=False)
    said = LongTextField(required=False, rows=4, max_length=20000)
    letter = LongTextField(required=False, rows=10, max_length=50000)
    note = LongTextField(required=False, rows=4, max_length=50000)

    def __init__(self, *args: Any, person: Person, **options: Any):
        super().__init__(*args, prefix=f"child-{person.pk}", **options)
        self.person = person
        name = person.known_as or person.forename or person.name
        self.fields["code"].choices = list(kind("visit").codes.items())
        self._say("seen", f"Did you see {name}?", f"Say whether you saw {name}")
        self._say("why_not_seen", f"Why did you not see {name}?")
        self._say("seen_alone", f"Did you see {name} alone?")
        self._say("why_not_alone", f"Why did you not see {name} alone?")
        self._say("bedroom_seen", f"Did you see where {name} sleeps?")
        self._say("said", f"What did {name} say?", hint="In the child’s own words, or what you saw them show you.")
        self._say(
            "letter",
            f"Your letter to {name} about this visit",
            hint=f"Write to {name}, who may read it one day: what you saw, what worries you, what happens next.",
        )
        self._say("note", "A note for professionals, if one is needed", hint="Kept apart from the letter.")

    def _say(self, field: str, label: str, required: str = "", hint: str = "") -> None:
        self.fields[field].label, self.fields[field].help_text = label, hint
        if required:
            self.fields[field].error_messages["required"] = required

    def clean(self) -> dict[str, Any]:
        """What was not done needs its reason: it is read by the child, and by whoever comes next."""
        cleaned, name = super().clean() or self.cleaned_data, self.person.known_as or self.person.forename
        name = name or self.person.name
        if cleaned.get("seen") is False and not cleaned.get("why_not_seen", "").strip():
            self.add_error("why_not_seen", f"Say why you did not see {name}")
        if cleaned.get("seen") is True and cleaned.get("seen_alone") is None and "seen_alone" not in self.errors:
            self.add_error("seen_alone", f"Say whether you saw {name} alone")
        if self._not_alone(cleaned) and not cleaned.get("why_not_alone", "").strip():
            self.add_error("why_not_alone", f"Say why you did not see {name} alone")
        return cleaned

    @staticmethod
    def _not_alone(cleaned: Mapping[str, Any]) -> bool:
        return cleaned.get("seen") is True and cleaned.get("seen_alone") is False

    def visited(self) -> ChildVisited:
        """The part as it is recorded: what belongs to an answer not given is left out."""
        told = dict(self.cleaned_data)
        if told["seen"]:
            told["why_not_seen"] = ""
        else:
            told |= {"seen_alone": None, "why_not_alone": ""}
        if told["seen_alone"]:
            told["why_not_alone"] = ""
        return ChildVisited(person=self.person, **told)


@dataclass
class VisitForms:
    """The whole form: what is shared, then a part for each child."""

    shared: SharedForm
    parts: list[PartForm]

    @property
    def all(self) -> list[GovForm]:
        """Every form, for one summary of errors."""
        return [self.shared, *self.parts]

    def is_valid(self) -> bool:
        """Whether all of it can be recorded; each form says what is wrong with it, all at once."""
        return all([form.is_valid() for form in self.all])

    def refuse(self, error: NotUnderThatPlan) -> None:
        """Say beside each child what it was not, on the day, for a visit of the kind chosen."""
        for part in self.parts:
            if words := error.children.get(part.person.pk):
                part.add_error("code", f"{words}. Choose another kind of visit")

    def children(self) -> Sequence[ChildVisited]:
        """The parts as they are recorded."""
        return [part.visited() for part in self.parts]
