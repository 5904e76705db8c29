"""The form fields that Django lacks: a date as day, month and year; a time as people write it; yes or no."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django import forms

PARTS = ("day", "month", "year")
MONTHS = [f"{date(2000, number, 1):%B}".lower() for number in range(1, 13)]
TIME = re.compile(r"^(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?$")


class DateParts(forms.Widget):
    """Three boxes: name-day, name-month, name-year. A script or an upload may post the whole as name, 2026-05-07."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The three as typed; the whole date where only that was posted; nothing where neither was."""
        if name in data and f"{name}-day" not in data:
            return tuple(reversed(str(data[name]).split("-"))) if data[name] else None
        typed = tuple(str(data.get(f"{name}-{part}", "")).strip() for part in PARTS)
        return typed if any(typed) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether the form that was posted had this question at all."""
        return name not in data and not any(f"{name}-{part}" in data for part in PARTS)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first box, where an error's link leads."""
        return f"{id_}-day"


class GovDateField(forms.Field):
    """A day typed as three boxes. `earliest` and `latest` count as allowed, and say so when they are passed."""

    widget = DateParts

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> date | None:
        """The day typed; an error names the box that is missing or wrong."""
        if value in self.empty_values or isinstance(value, date):
            return value or None
        typed = dict(zip(PARTS, (*map(str, value), "", "", ""), strict=False))
        lacking = [part for part in PARTS if not typed[part]]
        if lacking:
            raise forms.ValidationError(f"{self._name()} must include a {' and a '.join(lacking)}")
        return self._real(typed)

    def _real(self, typed: dict[str, str]) -> date:
        try:
            year = int(typed["year"])
            if not 1900 <= year <= 2100:
                raise ValueError("year")
            return date(year, _month(typed["month"]), int(typed["day"]))
        except (ValueError, OverflowError):  # a number of thirty figures is no date either
            raise forms.ValidationError(f"{self._name()} must be a real date, for example 7 5 2026") from None

    def validate(self, value: Any) -> None:
        """Refuse a day outside the days allowed."""
        super().validate(value)
        if value and self.earliest and value < self.earliest:
            raise forms.ValidationError(f"{self._name()} must be {_said(self.earliest)} or after")
        if value and self.latest and value > self.latest:
            raise forms.ValidationError(f"{self._name()} must be {_said(self.latest)} or before")

    def prepare_value(self, value: Any) -> Any:
        """A day already known, as its three parts."""
        return (str(value.day), str(value.month), str(value.year)) if isinstance(value, date) else value

    def _name(self) -> str:
        return str(self.label or "The date").rstrip("?")


def _month(typed: str) -> int:
    """A month by number or by its name, whole or its first three letters."""
    if typed.isdigit():
        return int(typed)
    found = [place for place, name in enumerate(MONTHS, 1) if len(typed) >= 3 and name.startswith(typed.lower())]
    if len(found) != 1:
        raise ValueError(typed)
    return found[0]


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


class GovTimeField(forms.Field):
    """A time as people write it: 9:30am, 9.30 am, 0930, 17:05, 5pm. A bare "5" is refused: it could be either."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> time | None:
        """The time typed, in local time."""
        if value in self.empty_values or isinstance(value, time):
            return value or None
        found = TIME.match(str(value).strip().lower())
        try:
            if found is None:
                raise ValueError(value)
            return _time(int(found[1]), int(found[2] or 0), found[3] or "", bare=found[2] is None)
        except ValueError:
            raise forms.ValidationError(
                f"{self.label or 'The time'} must be a time, for example 9:30am or 14:30"
            ) from None

    def prepare_value(self, value: Any) -> Any:
        """A time already known, as it is typed."""
        return f"{value:%H:%M}" if isinstance(value, time) else value


def _time(hour: int, minute: int, half: str, *, bare: bool) -> time:
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        return time(hour % 12 + (12 if half == "pm" else 0), minute)
    if bare:
        raise ValueError("a bare hour could be morning or evening")
    return time(hour, minute)


class YesNoField(forms.TypedChoiceField):
    """Yes or no, neither chosen beforehand. Gives True, False, or None where it may be left."""

    widget = forms.RadioSelect

    def __init__(self, *, yes: str = "Yes", no: str = "No", **options: Any) -> None:
        options |= {"choices": [("yes", yes), ("no", no)], "coerce": lambda typed: typed == "yes", "empty_value": None}
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """True and False as the choices they are."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class RadiosField(forms.ChoiceField):
    """One of a few choices, all shown."""

    widget = forms.RadioSelect


class ChecksField(forms.MultipleChoiceField):
    """Any of a few choices, all shown."""

    widget = forms.CheckboxSelectMultiple


class LongTextField(forms.CharField):
    """Words, as many as it takes. `rows` is how tall the box starts."""

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**options)
