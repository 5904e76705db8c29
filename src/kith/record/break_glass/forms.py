"""What is asked before a record opens in an emergency, and of whoever looks at it afterwards."""

from __future__ import annotations

from django import forms

from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField, RadiosField

from .actions import FINDINGS

WHY = "Why can this not wait for the child’s own worker?"
READ = "Your manager reads this, and the child may one day. For example: the police have him in custody now."


class ReasonForm(GovForm):
    """Why it cannot wait."""

    missing = {"reason": "Say why this cannot wait"}

    reason = LongTextField(label=WHY, help_text=READ, rows=4)


class ExactForm(ReasonForm):
    """Who, exactly: for a record that a search does not show."""

    missing = {
        "forename": "Enter the first name",
        "surname": "Enter the last name",
        "born_on": "Enter the date of birth",
        "reason": "Say why this cannot wait",
    }

    forename = forms.CharField(label="First name", max_length=255)
    surname = forms.CharField(label="Last name", max_length=255)
    born_on = GovDateField(label="Date of birth", help_text="For example, 7 5 2015.")

    field_order = ("forename", "surname", "born_on", "reason")


class ReviewForm(GovForm):
    """What the manager thinks of it."""

    missing = {"finding": "Choose what you found"}

    finding = RadiosField(label="What did you find?", choices=list(FINDINGS.items()))
    comment = LongTextField(label="What you will do about it, or anything else to keep", rows=3, required=False)
