"""A council's own questions: data with a version, asked as form fields, kept with the version they were asked in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from kith.foundation.screens.fields import ChecksField, GovDateField, LongTextField, RadiosField, YesNoField
from kith.foundation.screens.words import in_words, nice_date
from kith.vocabulary.errors import KithError

from .models import FormVersion

Question = Mapping[str, Any]
PREFIX = "own-"  # keeps a council's question from ever taking the name of one of ours


def in_force(*, kind: str, on: date) -> FormVersion | None:
    """The newest version of a kind's questions in force on a day; nothing where the council asks none."""
    until = Q(in_force_until=None) | Q(in_force_until__gte=on)
    found = FormVersion.objects.filter(until, kind=kind, in_force_from__lte=on)
    return found.order_by("-number").first()


def fields_of(version: FormVersion | None) -> dict[str, forms.Field]:
    """The questions as form fields, by field name. Raises KithError at a type of question that nobody knows."""
    return {PREFIX + str(each["name"]): _field(each) for each in (version.questions if version else [])}


def answers_of(version: FormVersion | None, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The answers given, by the questions' own names, as they are kept; what was left empty is left out."""
    given = {
        str(each["name"]): cleaned.get(PREFIX + str(each["name"])) for each in (version.questions if version else [])
    }
    return {name: _kept(value) for name, value in given.items() if value not in (None, "", [])}


def as_initial(version: FormVersion | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Kept answers as the form shows them again."""
    dates = {each["name"] for each in (version.questions if version else []) if each["type"] == "date"}
    return {PREFIX + name: date.fromisoformat(value) if name in dates else value for name, value in answers.items()}


def said(version: FormVersion | None, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each question of the version answered, with its answer in words."""
    asked = version.questions if version else []
    return [(str(each["label"]), _words(each, answers[each["name"]])) for each in asked if each["name"] in answers]


def _field(question: Question) -> forms.Field:
    maker = _MAKERS.get(str(question.get("type")))
    if maker is None:
        raise KithError(
            f"The question “{question.get('label')}” has a type that Kith does not know: {question.get('type')}.",
            mend=f"Use one of: {', '.join(_MAKERS)}.",
        )
    common = {
        "label": str(question["label"]),
        "help_text": str(question.get("hint", "")),
        "required": bool(question.get("required", False)),
        "error_messages": {"required": f"Answer the question: {question['label']}"},
    }
    return maker(question, common)


def _chosen_from(field: Callable[..., forms.Field]) -> Callable[[Question, dict[str, Any]], forms.Field]:
    return lambda question, common: field(choices=[(str(each), str(each)) for each in question["choices"]], **common)


_MAKERS: dict[str, Callable[[Question, dict[str, Any]], forms.Field]] = {
    "text": lambda question, common: forms.CharField(max_length=500, **common),
    "long_text": lambda question, common: LongTextField(**common),
    "number": lambda question, common: forms.IntegerField(**common),
    "date": lambda question, common: GovDateField(**common),
    "yes_no": lambda question, common: YesNoField(**common),
    "choice": _chosen_from(RadiosField),
    "choices": _chosen_from(ChecksField),
}


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _words(question: Question, answer: Any) -> str:
    if question["type"] == "yes_no":
        return "Yes" if answer else "No"
    if question["type"] == "date":
        return nice_date(date.fromisoformat(answer))
    return in_words(answer) if isinstance(answer, list) else str(answer)
