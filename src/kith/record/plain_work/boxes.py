"""The box of each thing that a kind asks beside its days: a published list, several codes, yes or no, a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from kith.foundation.screens.forms import ChecksField, GovDateField, RadiosField, YesNoField
from kith.vocabulary.codes import choices, code_list, label

from .kinds import Asked
from .told import SEVERAL

FEW = 10  # choices that are shown as buttons; more are a list that unfolds


class CodesField(ChecksField):
    """Any of a list's codes, kept as one text: "2B, 4B"."""

    def to_python(self, value: Any) -> Any:
        """The codes chosen; one text of them, as a draft or a clash has it, is parted."""
        return super().to_python(value.split(SEVERAL) if isinstance(value, str) and value else value or [])

    def prepare_value(self, value: Any) -> Any:
        """The text as the boxes to tick."""
        return value.split(SEVERAL) if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        """The codes as one text, in the order of the list."""
        chosen = set(super().clean(value))
        return SEVERAL.join(str(code) for code, _ in self.choices if code in chosen)


def box_of(each: Asked, held: Any = None) -> forms.Field:
    """Its box; a code that is held already stays among the choices after the list gave it up."""
    common: dict[str, Any] = {"label": each.asked, "help_text": each.hint, "required": each.always}
    if each.form == "day":
        return GovDateField(latest=timezone.localdate(), **common)
    if each.form == "yes":
        return YesNoField(**common)
    offered = _offered(each, str(held or ""))
    if each.several:
        return CodesField(choices=offered, **common)
    return choice_of(offered, **common)


def choice_of(offered: list[tuple[str, str]], **options: Any) -> forms.ChoiceField:
    """One of these: buttons where they are few, else a list that unfolds."""
    if len(offered) > FEW:
        return forms.ChoiceField(choices=[("", "Choose"), *offered], **options)
    return RadiosField(choices=offered, **options)


def with_held(codes: str, held: Iterable[str], *, on: date) -> list[tuple[str, str]]:
    """The codes of a list that may be used on the day, and each that is held and is not among them."""
    now = list(choices(codes, on=on))
    old = dict.fromkeys(code for code in held if code and code not in dict(now))
    return now + [(code, _said(codes, code)) for code in old]


def _said(codes: str, code: str) -> str:
    words = label(codes, code)
    return words if words != code else f"“{code}”, which is no published code"


def _offered(each: Asked, held: str) -> list[tuple[str, str]]:
    listed = (code for code in held.split(SEVERAL) if code in code_list(each.codes).codes)
    return with_held(each.codes, listed, on=timezone.localdate())
