"""The numbers that others know somebody by, as the form has them: which is shown, and how another takes its place."""

from __future__ import annotations

import re
from datetime import datetime

from django import forms

from kith.foundation.access.models import Worker
from kith.record.people.models import Identifier, Person
from kith.record.people.recorded import as_recorded
from kith.vocabulary.identifiers import is_nhs_number, is_upn

NHS, UPN, FORMER_UPN = "NHS Number", "Unique Pupil Number", "Former Unique Pupil Number"
OURS, OWN = "identifier:kith-", "identifier:pers_"  # entered in Kith; told with the person's own row


class NhsNumberField(forms.CharField):
    """Ten figures with a true check digit, however they were spaced. One that is `held` already is not judged."""

    held = ""

    def clean(self, value: str) -> str:
        """Without spaces."""
        typed = re.sub(r"[\s-]", "", str(super().clean(value)))
        if typed == re.sub(r"[\s-]", "", self.held):
            return self.held
        if typed and not is_nhs_number(typed):
            raise forms.ValidationError("Enter a true NHS number, or leave it empty: a figure is wrong in this one")
        return typed


class PupilNumberField(forms.CharField):
    """A letter and twelve more with a true check letter. One that is `held` already is not judged."""

    held = ""

    def clean(self, value: str) -> str:
        """In capitals, without spaces."""
        typed = re.sub(r"\s", "", str(super().clean(value))).upper()
        if typed == re.sub(r"\s", "", self.held).upper():
            return self.held
        if typed and not is_upn(typed):
            raise forms.ValidationError("Enter a true pupil number, or leave it empty: a letter or figure is wrong")
        return typed


def numbers_of(person: Person, kind: str) -> list[Identifier]:
    """The numbers of a kind that stand, the one that the dataset tells with the person first.

    That is the newest entered in Kith, else the one on the person's own row; else any.
    """
    rows = list(Identifier.objects.filter(person=person, kind=kind, voided_at=None).order_by("-pk"))
    return sorted(rows, key=lambda each: (not each.ref.startswith(OURS), not each.ref.startswith(OWN)))


def number_of(person: Person, kind: str) -> str:
    """The number of a kind as the form shows it; empty where there is none."""
    return next((each.value for each in numbers_of(person, kind)), "")


def put_number(*, person: Person, kind: str, value: str, by: Worker, at: datetime) -> None:
    """Let this be the number of a kind; those that stood for it are taken back, and stay in the history."""
    stand = numbers_of(person, kind)
    shown = stand[0].value if stand else ""
    if value == shown:
        return
    for row in stand:
        if row.value == shown or row.ref.startswith((OURS, OWN)):
            row.voided_at, row.version = at, row.version + 1
            row.save(update_fields=["voided_at", "version"])
    if value:
        Identifier.objects.create(person=person, kind=kind, value=value, **as_recorded("identifier", by=by, at=at))
