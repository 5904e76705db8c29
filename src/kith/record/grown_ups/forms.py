"""Whom the record of an allegation is about, and whose supervision is to be kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.screens.forms import GovDateField, GovForm
from kith.record.people.forms import worker_meant

from .actions import Subject


class AllegationForm(GovForm):
    """Somebody who works with children, of whom something is alleged."""

    missing = {"forename": "Enter the forename", "surname": "Enter the surname"}

    forename = forms.CharField(label="Forename", max_length=200)
    surname = forms.CharField(label="Surname", max_length=200)
    born_on = GovDateField(label="Date of birth, if it is known", required=False)
    worker = forms.CharField(
        label="Does this person work here? Their work e-mail address or full name",
        help_text="They never find or open this record. Leave it empty if they work elsewhere.",
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["born_on"].latest = timezone.localdate()  # type: ignore[attr-defined]

    def clean_worker(self) -> Worker | None:
        """The one worker meant."""
        typed = self.cleaned_data["worker"]
        return worker_meant(typed) if typed.strip() else None

    def subject(self) -> Subject:
        """Whom it is about."""
        given = self.cleaned_data
        born_on: date | None = given["born_on"]
        return Subject(given["forename"].strip(), given["surname"].strip(), born_on, given["worker"])


class SupervisionForm(GovForm):
    """A worker of one's own teams."""

    missing = {"worker": "Choose a worker"}

    def __init__(self, *args: Any, workers: dict[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "Choose"), *((str(pk), name) for pk, name in workers.items())]
        self.fields["worker"] = forms.ChoiceField(label="Whom do you supervise?", choices=choices)
        self.fields["worker"].error_messages["required"] = self.missing["worker"]
