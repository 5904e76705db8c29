"""The form of one period: a box for each thing that its kind asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from kith.foundation.screens.forms import GovDateField, GovForm
from kith.record.periods.models import Home, Period
from kith.record.plain_work.boxes import choice_of, with_held

from .actions import wrong
from .kinds import KINDS, Box


class PeriodForm(GovForm):
    """One period. A code that is held and is not on its list stays until another is chosen."""

    def __init__(self, *args: Any, period: Period, placed: bool = True, **options: Any) -> None:
        """`placed`: whether the writer may know where this child is; else what says it is not asked for."""
        held = initial_of(period)
        super().__init__(*args, initial=held, **options)
        for box in KINDS[period.kind]:
            if placed or not box.place:
                self.fields[box.column] = _field(box, held[box.column])

    def clean(self) -> dict[str, Any]:
        """What cannot be, beside the box that it is about."""
        given = super().clean() or self.cleaned_data
        if not self.errors:
            for box, sentence in wrong(given, timezone.localdate()):
                self.add_error(box, sentence)
        return given

    def told(self) -> dict[str, Any]:
        """What its boxes say, by column."""
        return {name: self.cleaned_data[name] for name in self.fields}


def initial_of(period: Period) -> dict[str, Any]:
    """What is held, box by box."""
    home = getattr(period, "home", None) or Home()
    return {box.column: getattr(home if box.home else period, box.column) for box in KINDS[period.kind]}


def _field(box: Box, held: Any) -> forms.Field:
    said = {"label": box.asked, "help_text": box.hint, "required": False}
    if box.day:
        return GovDateField(latest=timezone.localdate(), **said)
    if box.codes:
        return choice_of(with_held(box.codes, [held], on=timezone.localdate()), **said)
    of = Home if box.home else Period
    return forms.CharField(max_length=of._meta.get_field(box.column).max_length, **said)
