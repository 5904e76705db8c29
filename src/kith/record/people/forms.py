"""The forms that say who is barred from a record, and that restrict one."""

from __future__ import annotations

from typing import Any

from django import forms

from kith.foundation.access.models import Account, Worker
from kith.foundation.access.policy import policy
from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField, RadiosField

from .restricting import LEVELS, NEEDS_NAMES, NewHome


class BarForm(GovForm):
    """A worker, by work e-mail or full name, and why."""

    missing = {"worker": "Enter the worker’s e-mail address or full name", "reason": "Say why this worker is barred"}

    worker = forms.CharField(label="Work e-mail address or full name", max_length=300)
    reason = LongTextField(label="Why", help_text="For example: she is this child’s aunt.", rows=3)

    def clean_worker(self) -> Worker:
        """The one worker meant."""
        return worker_meant(self.cleaned_data["worker"])


def worker_meant(typed: str) -> Worker:
    """The one worker of this e-mail or full name; two of one name are told apart by e-mail. Else a ValidationError."""
    words = typed.strip()
    account = Account.objects.filter(email__iexact=words).select_related("worker").first()
    found: list[Any] = [account.worker] if account else list(Worker.objects.filter(name__iexact=words)[:2])
    if len(found) != 1:
        many = "More than one worker has that name: enter the e-mail address"
        raise forms.ValidationError(many if found else "Nobody who works here has that e-mail address or name")
    return found[0]  # type: ignore[no-any-return]


class RestrictForm(GovForm):
    """Which restriction, why, who is named, and for a shielded person where she lives now."""

    missing = {"level": "Choose a restriction", "reason": "Say why"}

    level = RadiosField(label="Which restriction?", choices=list(LEVELS.items()))
    reason = LongTextField(label="Why", help_text="It is kept, and shown to those who keep restrictions.", rows=3)
    named = LongTextField(
        label="Who is named?",
        help_text="E-mail addresses or full names, one on each line. They may open the record; of a shielded person "
        "they may know where that is. The allocated worker and that worker’s manager may know it too.",
        rows=3,
        required=False,
        max_length=4000,
    )
    lines = forms.CharField(label="New address, if they have moved", max_length=500, required=False)
    postcode = forms.CharField(label="Postcode", max_length=15, required=False)

    def clean_named(self) -> list[Worker]:
        """Every worker named, each once."""
        found: dict[int, Worker] = {}
        for line in self.cleaned_data["named"].splitlines():
            if line.strip():
                worker = worker_meant(line)
                found[worker.pk] = worker
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        """A record that nobody could open helps nobody, and an address belongs to a shield."""
        given = super().clean() or self.cleaned_data
        if given.get("level") in NEEDS_NAMES and "named" in given and not given["named"]:
            self.add_error("named", "Name at least one worker who may open the record")
        if given.get("level") in NEEDS_NAMES and (given.get("lines") or given.get("postcode")):
            self.add_error("lines", "An address is given with a shield only")
        if given.get("postcode") and not given.get("lines") and "lines" not in self.errors:
            self.add_error("lines", "Enter the address as well as the postcode")
        return given

    @property
    def home(self) -> NewHome | None:
        """The new address, if one was given."""
        given = self.cleaned_data
        return NewHome(given["lines"], given["postcode"]) if given["lines"].strip() else None


class EndForm(GovForm):
    """Why a restriction ends."""

    missing = {"why": "Say why it ends"}
    restriction = forms.IntegerField(widget=forms.HiddenInput)
    why = LongTextField(label="Why does it end?", rows=2)


class NameForm(GovForm):
    """One more worker to be named."""

    missing = {"worker": "Enter the worker’s e-mail address or full name"}
    worker = forms.CharField(label="Name somebody else: work e-mail address or full name", max_length=300)

    def clean_worker(self) -> Worker:
        """The one worker meant."""
        return worker_meant(self.cleaned_data["worker"])


class GrantForm(GovForm):
    """Who gets access, on which ground, what for and until when."""

    missing = {
        "worker": "Enter the worker’s e-mail address or full name",
        "ground": "Choose what it is",
        "purpose": "Say what the access is for",
        "until": "Enter the last day",
    }

    worker = forms.CharField(label="Who? Work e-mail address or full name", max_length=300)
    ground = RadiosField(label="What is it?", choices=[(key, row["title"]) for key, row in policy().grants.items()])
    purpose = LongTextField(label="What for?", help_text="It stands in the history beside each page they open.", rows=2)
    reference = forms.CharField(label="Its reference, if it has one", max_length=120, required=False)
    until = GovDateField(label="Until which day?", help_text="The last day that counts. For example, 7 5 2027.")

    def clean_worker(self) -> Worker:
        """The one worker meant."""
        return worker_meant(self.cleaned_data["worker"])


class RelativeForm(GovForm):
    """A relative of one's own."""

    missing = {
        "forename": "Enter the first name",
        "surname": "Enter the last name",
        "born_on": "Enter the date of birth",
        "kind": "Say what they are to you",
    }

    forename = forms.CharField(label="First name", max_length=255)
    surname = forms.CharField(label="Last name", max_length=255)
    born_on = GovDateField(label="Date of birth", help_text="For example, 7 5 2015.")
    kind = forms.CharField(label="What are they to you?", help_text="For example: my nephew.", max_length=200)
