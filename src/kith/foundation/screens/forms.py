"""Django forms shown as GOV.UK forms: the base form, and each field turned into what its component's macro needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.safestring import mark_safe

from kith.vocabulary.texts import in_a_sentence

from .fields import ChecksField, DateParts, GovDateField, GovTimeField, LongTextField, RadiosField, YesNoField

__all__ = [
    "ChecksField",
    "GovDateField",
    "GovForm",
    "GovTimeField",
    "LongTextField",
    "RadiosField",
    "Shape",
    "YesNoField",
    "rows_with_unsent",
]

Body = Mapping[str, list[str]]
CHOOSING = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple)


class GovForm(forms.Form):
    """A form whose errors say what to do, and which can open again with text that was not sent.

    `missing` maps a field to the sentence shown when it is left empty; without one the label makes the sentence.
    """

    missing: Mapping[str, str] = {}
    use_required_attribute = False
    quiet = False

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.error_messages["required"] = self.missing.get(name) or _left_empty(field, name)

    def labelled(self, **labels: str) -> None:
        """Name fields where their words are known only with the form; those it does not have are passed over."""
        for name in labels.keys() & self.fields.keys():
            self.fields[name].label = labels[name]
            self.fields[name].error_messages["required"] = _left_empty(self.fields[name], name)

    @classmethod
    def with_unsent(cls, body: Body, **options: Any) -> GovForm:
        """The form filled with a draft's text, exactly as typed, and with no complaints yet."""
        form = cls(as_posted(body), **options)
        form.quiet = True
        return form

    def full_clean(self) -> None:
        """Check what was posted; text that was never sent is not judged."""
        if self.quiet:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()


def rows_with_unsent(kind: type[forms.BaseFormSet[Any]], body: Body, *, prefix: str, **options: Any) -> Any:
    """A formset filled with a draft's rows, as typed and not judged; its own first rows where the draft has none."""
    if f"{prefix}-TOTAL_FORMS" not in body:
        return kind(prefix=prefix, **options)
    rows = kind(as_posted(body), prefix=prefix, **options)
    rows._errors, rows._non_form_errors = [{} for _ in rows.forms], ErrorList()
    for form in rows.forms:
        form._errors, form.cleaned_data = ErrorDict(), {}
    return rows


def as_posted(body: Body) -> QueryDict:
    """A draft's body as a browser would have posted it, for a form or a formset."""
    posted = QueryDict(mutable=True)
    for name, values in body.items():
        posted.setlist(name, list(values))
    return posted


def _left_empty(field: forms.Field, name: str) -> str:
    label = str(field.label or name.replace("_", " ")).strip()
    if label.endswith("?"):
        return f"Answer the question: {label}"
    verb = "Choose" if isinstance(field.widget, (*CHOOSING, forms.FileInput)) else "Enter"
    return f"{verb} {in_a_sentence(label)}"


@dataclass(frozen=True)
class Shape:
    """Which GOV.UK component shows a field, and what its macro is given."""

    kind: str
    params: dict[str, Any]


def errors_of(form: Any) -> list[dict[str, str]]:
    """Every error of a form, or of each form of a formset, with the address of the box it is about."""
    if not form.is_bound:
        return []
    if hasattr(form, "management_form"):
        general = [{"text": str(text)} for text in form.non_form_errors()]
        return general + [error for each in form.forms for error in errors_of(each)]
    found = [{"text": str(text)} for text in form.non_field_errors()]
    for name in form.fields:
        found += [{"text": str(text), "href": f"#{_target(form[name])}"} for text in form[name].errors]
    return found


def _target(bound: BoundField) -> str:
    return (
        bound.field.widget.id_for_label(bound.auto_id) if isinstance(bound.field.widget, DateParts) else bound.auto_id
    )


def shape_of(bound: BoundField, **choices: Any) -> Shape:
    """The component and its params for a field.

    `choices` are the page's own: heading, small, classes, hints={value: words}, conditional={value: html}.
    """
    widget = bound.field.widget
    for kinds, maker in _MAKERS:
        if isinstance(widget, kinds):
            return maker(bound, _common(bound), choices)
    raise TypeError(f"No GOV.UK component is known for {type(widget).__name__}; add one to screens/forms.py.")


def _common(bound: BoundField) -> dict[str, Any]:
    params: dict[str, Any] = {"id": bound.auto_id, "name": bound.html_name}
    if bound.help_text:
        params["hint"] = {"text": str(bound.help_text)}
    if bound.errors:
        params["errorMessage"] = {"text": str(bound.errors[0])}
    return params


def _label(bound: BoundField, choices: dict[str, Any]) -> dict[str, Any]:
    if choices.get("heading"):
        return {"text": str(bound.label), "classes": "govuk-label--l", "isPageHeading": True}
    return {"text": str(bound.label), "classes": "" if choices.get("small") else "govuk-label--s"}


def _legend(bound: BoundField, choices: dict[str, Any]) -> dict[str, Any]:
    size = "l" if choices.get("heading") else "s"
    classes = "kith-legend--plain" if choices.get("small") else f"govuk-fieldset__legend--{size}"
    return {"legend": {"text": str(bound.label), "classes": classes, "isPageHeading": bool(choices.get("heading"))}}


def _own(bound: BoundField) -> dict[str, str]:
    """What the field's own widget says of itself, less what its component names otherwise."""
    taken = {"rows", "class", "autocomplete", "inputmode", "multiple", "type"}
    return {
        key: str(value)
        for key, value in bound.field.widget.attrs.items()
        if key not in taken and value not in (None, False)
    }


def _value(bound: BoundField) -> str:
    value = bound.value()
    return "" if value is None else str(value)


def _input(bound: BoundField, params: dict[str, Any], choices: dict[str, Any]) -> Shape:
    widget = bound.field.widget
    params |= {"label": _label(bound, choices), "value": _value(bound), "classes": choices.get("classes", "")}
    params |= {"attributes": _own(bound), "autocomplete": widget.attrs.get("autocomplete"), "type": widget.input_type}
    if isinstance(widget, forms.NumberInput):
        params |= {"type": "text", "inputmode": "numeric"}
    if isinstance(widget, forms.EmailInput):
        params |= {"spellcheck": False}
    return Shape("input", params | {"inputmode": widget.attrs.get("inputmode", params.get("inputmode"))})


def _password(bound: BoundField, params: dict[str, Any], choices: dict[str, Any]) -> Shape:
    params |= {"label": _label(bound, choices), "autocomplete": bound.field.widget.attrs.get("autocomplete")}
    return Shape("password", params)


def _textarea(bound: BoundField, params: dict[str, Any], choices: dict[str, Any]) -> Shape:
    params |= {"label": _label(bound, choices), "value": _value(bound), "attributes": _own(bound)}
    return Shape("textarea", params | {"rows": str(bound.field.widget.attrs.get("rows", 5))})


def _date(bound: BoundField, params: dict[str, Any], choices: dict[str, Any]) -> Shape:
    typed = dict(zip(("day", "month", "year"), (*(bound.value() or ()), "", "", ""), strict=False))
    wrong = " govuk-input--error" if bound.errors else ""
    params["namePrefix"] = params.pop("name")
    params["items"] = [
        {"name": part, "value": typed[part], "classes": f"govuk-input--width-{4 if part == 'year' else 2}{wrong}"}
        for part in ("day", "month", "year")
    ]
    return Shape("date", params | {"fieldset": _legend(bound, choices)})


def _options(bound: BoundField) -> list[tuple[str, str]]:
    """The choices as value and words, groups laid flat."""
    flat: list[tuple[str, str]] = []
    for value, words in bound.field.choices:
        grouped = isinstance(words, (list, tuple))
        flat += [(str(v), str(w)) for v, w in words] if grouped else [("" if value is None else str(value), str(words))]
    return flat


def _chosen(bound: BoundField) -> set[str]:
    value = bound.value()
    many = value if isinstance(value, (list, tuple, set)) else [value]
    return {str(each) for each in many if each is not None}


def _several(kind: str) -> Any:
    """Radios and checkboxes: every choice shown, with what each opens beneath it."""

    def make(bound: BoundField, params: dict[str, Any], choices: dict[str, Any]) -> Shape:
        chosen, opened = _chosen(bound), choices.get("conditional") or {}
        hints = choices.get("hints") or {}
        params["idPrefix"] = params.pop("id")
        params["items"] = [
            {
                "value": value,
                "text": words,
                "checked": value in chosen,
                "hint": {"text": hints[value]} if value in hints else None,
                "conditional": {"html": opened[value]} if value in opened else None,
            }
            for value, words in _options(bound)
            if value or kind == "checkboxes"
        ]
        params |= {"fieldset": _legend(bound, choices), "classes": choices.get("classes", "")}
        return Shape(kind, params)

    return make


def _select(bound: BoundField, params: dict[str, Any], choices: dict[str, Any]) -> Shape:
    chosen = _chosen(bound)
    options = [
        f'<option value="{escape(value)}"{" selected" if value in chosen else ""}>{escape(words)}</option>'
        for value, words in _options(bound)
    ]
    params["options"] = mark_safe("\n".join([*options, "</select>"]))  # noqa: S308 - every value and word is escaped above
    return Shape("select", params | {"label": _label(bound, choices), "classes": choices.get("classes", "")})


def _tick(bound: BoundField, params: dict[str, Any], choices: dict[str, Any]) -> Shape:
    """One box, ticked or not: its label is its only choice."""
    hint = params.pop("hint", None)
    params["idPrefix"] = params.pop("id")
    params["items"] = [{"value": "on", "text": str(bound.label), "checked": bool(bound.value()), "hint": hint}]
    return Shape("checkboxes", params | {"classes": choices.get("classes", "")})


def _file(bound: BoundField, params: dict[str, Any], choices: dict[str, Any]) -> Shape:
    many = bool(getattr(bound.field.widget, "allow_multiple_selected", False))
    return Shape("file", params | {"label": _label(bound, choices), "multiple": many, "attributes": _own(bound)})


def _hidden(bound: BoundField, params: dict[str, Any], choices: dict[str, Any]) -> Shape:
    return Shape("hidden", params | {"value": _value(bound)})


# The first that fits: a subclass comes before what it is a kind of.
_MAKERS: list[tuple[Any, Any]] = [
    (forms.HiddenInput, _hidden),
    (DateParts, _date),
    (forms.CheckboxSelectMultiple, _several("checkboxes")),
    (forms.RadioSelect, _several("radios")),
    (forms.CheckboxInput, _tick),
    (forms.Select, _select),
    (forms.FileInput, _file),
    (forms.Textarea, _textarea),
    (forms.PasswordInput, _password),
    (forms.widgets.Input, _input),
]
