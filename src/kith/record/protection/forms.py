"""What is asked when a strategy meeting is called, held and closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.screens.forms import ChecksField, GovDateField, GovForm, GovTimeField, LongTextField, RadiosField
from kith.foundation.screens.words import age_words
from kith.record.meetings import forms as rows
from kith.record.meetings.actions import Came
from kith.record.meetings.words import HELD_HOW
from kith.record.people.models import Person
from kith.record.promises import owners
from kith.record.promises.words import AGENCIES
from kith.record.steps.models import Part

from .actions import Promised, Words
from .decisions import DECISIONS, EXPECTED
from .queries import Meeting


def moment(day: date | None, at: time | None) -> datetime | None:
    """A day and a time in London as a moment; nothing where either is not known: no time is made up."""
    return timezone.make_aware(datetime.combine(day, at)) if day and at else None


class ConveneForm(GovForm):
    """Calling a strategy meeting."""

    missing = {"children": "Choose at least one child", "agencies": "Choose at least one agency to ask"}

    children = ChecksField(label="Which children is it about?")
    reason = LongTextField(
        label="What is the worry?",
        help_text="What has happened, and what you fear may happen. Plain words, for everybody asked.",
    )
    asked_on = GovDateField(label="When was the meeting asked for?")
    asked_at = GovTimeField(label="At what time? (optional)", required=False, help_text="For example, 9:30am.")
    planned_on = GovDateField(label="When will it be held?")
    planned_at = GovTimeField(label="At what time?", help_text="For example, 2pm.")
    agencies = ChecksField(label="Who is asked to come?", choices=list(AGENCIES.items()))
    team = forms.ChoiceField(label="Which team holds it?")

    def __init__(
        self, *args: Any, choose: Sequence[Person], teams: Sequence[tuple[int, str]], today: date, **options: Any
    ) -> None:
        options["initial"] = {"agencies": list(EXPECTED), "asked_on": today} | (options.get("initial") or {})
        super().__init__(*args, **options)
        self.today = today
        self.fields["children"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), f"{each.name}, {age_words(each.born_on, today, each.expected_on)}") for each in choose
        ]
        self.fields["team"].choices = [(str(pk), name) for pk, name in teams]  # type: ignore[attr-defined]
        self.fields["team"].required = bool(teams)

    def clean(self) -> dict[str, Any]:
        """It cannot be asked for tomorrow, or held before it was asked for."""
        given = super().clean() or {}
        asked, planned = given.get("asked_on"), given.get("planned_on")
        if asked and asked > self.today:
            self.add_error("asked_on", "The day it was asked for must be today or before")
        if asked and planned and planned < asked:
            self.add_error("planned_on", "The day it will be held must be the day it was asked for, or after")
        return given

    @property
    def asked(self) -> datetime | None:
        """When it was asked for, where the time is known."""
        return moment(self.cleaned_data["asked_on"], self.cleaned_data["asked_at"])

    @property
    def planned(self) -> datetime | None:
        """When it will be held."""
        return moment(self.cleaned_data["planned_on"], self.cleaned_data["planned_at"])


class HeadForm(GovForm):
    """What belongs to the meeting as a whole."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    held_on = GovDateField(label="When was it held?", required=False)
    held_time = GovTimeField(label="At what time?", required=False, help_text="For example, 2pm.")
    held_how = forms.ChoiceField(
        label="How was it held?", choices=[("", "Not said yet"), *HELD_HOW.items()], required=False
    )
    reason = LongTextField(label="What is the worry?", required=False, rows=4)
    information = LongTextField(
        label="What each agency knew and said",
        help_text="Say who said what: fact or opinion. What is about one child belongs with that child’s decision.",
        required=False,
        rows=8,
    )

    def clean(self) -> dict[str, Any]:
        """A time needs its day, and neither may lie ahead."""
        given = super().clean() or {}
        if given.get("held_time") and not given.get("held_on") and "held_on" not in self.errors:
            self.add_error("held_on", "Enter the day it was held, as well as the time")
        held = moment(given.get("held_on"), given.get("held_time"))
        if given.get("held_on") and given["held_on"] > timezone.localdate():
            self.add_error("held_on", "The day it was held must be today or before")
        elif held and held > timezone.now():
            self.add_error("held_time", "The time it was held must not be later than now")
        return given

    @property
    def held_at(self) -> datetime | None:
        """When it was held, where the time is known."""
        return moment(self.cleaned_data["held_on"], self.cleaned_data["held_time"])


class DecisionForm(GovForm):
    """What is decided for one child, and why. Nothing is chosen beforehand."""

    outcome = RadiosField(label="What was decided?", choices=list(DECISIONS.items()), required=False)
    rationale = LongTextField(
        label="Why?", help_text="What the decision rests on, for this child.", required=False, rows=4
    )


class MeetingForms:
    """All that is asked on an open meeting's page, as one: its head, people, a decision for each child, promises."""

    def __init__(self, found: Meeting, *, workers: Sequence[Worker], data: Any = None, quiet: bool = False) -> None:
        self.found = found
        held = timezone.localtime(found.step.happened_at) if found.step.happened_at else None
        head = {"version": found.step.version, "held_on": found.step.happened_on, "held_time": held and held.time()}
        head |= {name: getattr(found.detail, name) for name in ("held_how", "reason", "information")}
        self.head = HeadForm(data, initial=head)
        self.people: BaseFormSet[rows.PersonRow] = rows.people_rows(data, found.named)
        self.decisions = [(part, self._decision(part, data)) for part in found.parts]
        self.promises: BaseFormSet[rows.PromiseRow] = rows.promise_rows(
            data, children=found.children, owners=owners.choices(workers)
        )
        if quiet:
            self._hush()

    def _decision(self, part: Part, data: Any) -> DecisionForm:
        initial = {"outcome": part.outcome, "rationale": self.found.rationale(part)}
        return DecisionForm(data, initial=initial, prefix=f"child-{part.pk}")

    def _hush(self) -> None:
        """Text that was never sent is shown as typed, and not judged."""
        for form in self.all:
            form.quiet = True

    @property
    def all(self) -> list[GovForm]:
        """Every form of the page, in its order."""
        return [self.head, *self.people.forms, *(form for _, form in self.decisions), *self.promises.forms]

    def is_valid(self) -> bool:
        """Whether everything can be saved. Each form is asked, so that every error shows at once."""
        asked = [self.head, self.people, *(form for _, form in self.decisions), self.promises]
        return all([each.is_valid() for each in asked])

    @property
    def words(self) -> Words:
        """What is written, for the action that saves it."""
        given = self.head.cleaned_data
        known = {row.pk for row in self.found.named}
        return Words(
            held_on=given["held_on"],
            held_at=self.head.held_at,
            held_how=given["held_how"],
            reason=given["reason"],
            information=given["information"],
            decisions={
                part.pk: (form.cleaned_data["outcome"], form.cleaned_data["rationale"]) for part, form in self.decisions
            },
            people={row.cleaned_data["row"]: row.known for row in self._filled() if row.cleaned_data["row"] in known},
        )

    @property
    def new_people(self) -> list[rows.PersonRow]:
        """The rows of people not known before."""
        return [row for row in self._filled() if not row.cleaned_data.get("row")]

    def _filled(self) -> list[rows.PersonRow]:
        return [row for row in self.people.forms if row.cleaned_data.get("agency")]

    @property
    def promised(self) -> list[Promised]:
        """What is newly promised."""
        return [self._promise(row) for row in self.promises.forms if not row.is_blank]

    def _promise(self, row: rows.PromiseRow) -> Promised:
        given = row.cleaned_data
        for_all = given["child"] in ("", rows.EVERY_CHILD)
        return Promised(
            children=[child for child in self.found.children if for_all or str(child.pk) == given["child"]],
            what=given["what"],
            due_on=given["due_on"],
            **owners.columns(given["owner"], given["owner_name"]),
        )


class CirculatedForm(GovForm):
    """The day the decisions went to everybody who was asked."""

    circulated_on = GovDateField(label="When were the decisions sent to everybody who was asked?")


class CancelForm(GovForm):
    """Why a meeting did not go ahead."""

    why = LongTextField(label="Why will it not go ahead?", rows=3)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def came_as(values: Mapping[str, str], pk: int) -> Came:
    """Somebody's row, from the values of a text that met another's."""
    return rows.came_as(name=values[f"name-{pk}"], role=values[f"role-{pk}"], came=values[f"came-{pk}"])
