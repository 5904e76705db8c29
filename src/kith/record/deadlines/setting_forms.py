"""The form of a council's own timescale: every way of counting that such a rule may have, from when, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms

from kith.foundation.screens.forms import GovDateField, GovForm, GovTimeField, LongTextField, RadiosField
from kith.statutory.timescales.counts import FIXED, Count
from kith.statutory.timescales.fact_words import roles
from kith.statutory.timescales.rules import Rule

UNITS = [
    ("WD", "Working days"),
    ("CD", "Days"),
    ("W", "Weeks"),
    ("M", "Months"),
    ("H", "Hours"),
    ("SD", "School days"),
    ("TERM", "Ends of school terms"),
]
MOST = 400
BEFORE = "before"
# A rule that waits on what is planned is due before it: by so much, or no later than that.
SIDES = [
    (BEFORE, "So long before it"),
    ("=before", "Before it happens, with no number"),
    ("=date", "On the day set for it"),
]
# Intervals after the first that the form has room for; the last one repeats.
LATER = ("After it was done, again within", "The time after that, within", "And every time after that, within")
_PLACES = tuple(range(1, len(LATER) + 1))
_DAYS = {"W": 7, "M": 30}  # how many days a warning written in weeks or months comes to


class TimescaleForm(GovForm):
    """A council's own number for a timescale, from when, and why.

    One that is due before what is planned asks on which side, and needs no number where it has none. One that is due
    after its opening may have a time of day, and intervals after the first.
    """

    missing = {"why": "Say why. Who reads it in five years was not in the room.", "number": "Enter how long"}

    def __init__(self, *args: Any, rule: Rule, **options: Any):
        super().__init__(*args, **options)
        self.rule = rule
        self.fields |= dict(self._asked())
        self.fields["falls_to"].choices = sorted(roles().items(), key=lambda each: each[1])  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.error_messages["required"] = self.missing.get(name) or f"Answer: {field.label}"

    def _asked(self) -> Iterator[tuple[str, forms.Field]]:
        backwards = self.rule.backwards
        if backwards:
            yield "side", RadiosField(label="When is it due?", choices=SIDES)
        yield "number", _number("How long", required=not backwards)
        yield "unit", forms.ChoiceField(label="Counted in", choices=UNITS)
        if not backwards:
            hint = "Leave it empty for the end of the day. For example, 9am."
            yield "clock", GovTimeField(label="By what time on that day?", required=False, help_text=hint)
            yield from self._later()
        soon = "Say that it is due soon this many days before"
        yield "warn", forms.IntegerField(label=soon, min_value=0, max_value=MOST)
        yield "falls_to", forms.ChoiceField(label="Falls to")
        hint = "Today or later. What began before keeps the number it was measured by."
        yield "since", GovDateField(label="From", help_text=hint)
        hint = "For example, which board agreed it and when."
        yield "why", LongTextField(label="Why", help_text=hint, rows=3, max_length=2000)
        yield "seen", forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def _later(self) -> Iterator[tuple[str, forms.Field]]:
        for place, label in enumerate(LATER, start=1):
            hint = "Leave it empty where nothing follows. The last one given goes on." if place == 1 else ""
            yield f"then_{place}", _number(label, required=False, hint=hint)
            unit = forms.ChoiceField(
                label=f"{label.removesuffix(' within').rstrip(',')}, counted in", choices=UNITS, required=False
            )
            yield f"then_{place}_unit", unit

    def clean(self) -> dict[str, Any]:
        """Hours run to the minute; a number before needs to be one; no interval without the one before it."""
        given = super().clean() or self.cleaned_data
        if given.get("clock") and given.get("unit") == "H":
            self.add_error("clock", "Hours run to the minute. Leave the time empty, or count in days")
        if given.get("side") == BEFORE and not given.get("number") and "number" not in self.errors:
            self.add_error("number", "Enter how long before it")
        wanted = [given.get(f"then_{place}") for place in _PLACES]
        for place, number in enumerate(wanted, start=1):
            if number and place > 1 and not wanted[place - 2]:
                self.add_error(f"then_{place}", "Fill in the one before it first")
        return given

    def values(self) -> dict[str, str]:
        """What is set, as rule files write it."""
        given = self.cleaned_data
        found = {"count": str(self._count())}
        then = ", ".join(str(each) for each in self._then())
        if not self.rule.backwards and then != ", ".join(map(str, self.rule.then)):
            found["then"] = then
        if self.rule.warn.n > 0 or given["warn"] != days_before(self.rule):  # counted from the opening it might be late
            found["warn"] = f"CD-{given['warn']}"
        if given["falls_to"] != self.rule.falls_to:
            found["falls_to"] = given["falls_to"]
        return found

    def _count(self) -> Count:
        given = self.cleaned_data
        if (side := given.get("side", "")) in FIXED:
            return Count("CD", 0, written=side)
        size = given["number"] * (-1 if side == BEFORE else 1)
        count = Count(given["unit"], size, clock=given.get("clock"))
        return replace(count, until=self.rule.count.until) if not self.rule.count.written else count

    def _then(self) -> list[Count]:
        given = self.cleaned_data
        places = [place for place in _PLACES if given.get(f"then_{place}")]
        return [Count(given[f"then_{place}_unit"] or "M", given[f"then_{place}"]) for place in places]


def as_it_is(rule: Rule, *, seen: int) -> dict[str, Any]:
    """A timescale as its form shows it."""
    found: dict[str, Any] = {
        "side": rule.count.written if rule.count.written in FIXED else BEFORE,
        "number": None if rule.count.written in FIXED else abs(rule.count.n),
        "unit": rule.count.unit,
        "clock": rule.count.clock,
        "warn": days_before(rule),
        "falls_to": rule.falls_to,
        "seen": seen,
    }
    for place, count in zip(_PLACES, rule.then, strict=False):
        found |= {f"then_{place}": count.n, f"then_{place}_unit": count.unit}
    return {f"then_{place}_unit": "M" for place in _PLACES} | found


def days_before(rule: Rule) -> int:
    """How many days before it is due it is said to be due soon; a warning counted from the opening is turned about."""
    if rule.warn.n <= 0:
        return -rule.warn.n * _DAYS.get(rule.warn.unit, 1)
    return max(rule.count.n - rule.warn.n, 0) if rule.warn.unit == rule.count.unit else 0


def _number(label: str, *, required: bool, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST, required=required, help_text=hint)
