"""The forms of an adoption order, and of asking for a sealed link."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField, RadiosField


class OrderForm(GovForm):
    """An adoption order."""

    missing = {
        "forename": "Enter the forename the child has now",
        "surname": "Enter the surname the child has now",
        "ordered_on": "Enter the day of the order",
        "sure": "Confirm that the birth record is to be sealed",
    }

    forename = forms.CharField(label="Forename after the order", max_length=255)
    surname = forms.CharField(label="Surname after the order", max_length=255)
    ordered_on = GovDateField(label="Day of the order")
    court = forms.CharField(label="Court and case number", max_length=200, required=False)
    sure = forms.BooleanField(label="The order has been made, and the birth record is to be sealed")

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ordered_on"] = GovDateField(label="Day of the order", latest=on)
        self.fields["ordered_on"].error_messages["required"] = self.missing["ordered_on"]
        self.order_fields(["forename", "surname", "ordered_on", "court", "sure"])


class LookUpForm(GovForm):
    """A name and a birth date, exactly."""

    name = forms.CharField(label="Full name, before or after the order", max_length=500, required=False)
    born_on = GovDateField(label="Date of birth", required=False)


class AskForm(GovForm):
    """Why a link must be opened."""

    missing = {"reason": "Say why the link must be opened"}
    reason = LongTextField(
        label="Why must it be opened?",
        help_text="For example: the adopted person has asked for her birth name, and has been counselled.",
        rows=3,
    )


class AnswerForm(GovForm):
    """The second officer's answer."""

    missing = {"answer": "Choose whether to open the link"}
    answer = RadiosField(label="Your answer", choices=[("yes", "Open it, with me, for an hour"), ("no", "Refuse")])
    why = LongTextField(label="If you refuse, why?", rows=2, required=False)
