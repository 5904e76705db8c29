"""Which day to look at."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from kith.foundation.screens.fields import GovDateField
from kith.foundation.screens.forms import GovForm


class DayForm(GovForm):
    """A day that has been."""

    missing = {"on": "Enter the day to look at"}

    on = GovDateField(label="The day to look at")

    def clean_on(self) -> object:
        """Nobody knows yet what will be known."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("The day to look at must be today or before")
        return day
