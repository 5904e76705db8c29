"""The one form of the plain kinds: the choice, the days, what it follows, how it went, and what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from kith.foundation.screens.forms import GovDateField, GovForm, GovTimeField, LongTextField, RadiosField
from kith.record.steps.models import FormVersion
from kith.record.steps.questions import answers_of, fields_of

from .actions import ASIDE, Told, finished, out_of_order, undated
from .boxes import box_of, choice_of
from .kinds import PlainKind, timed
from .told import strange, unsaid

TIME = "_time"  # follows the name of a moment: the box for its time of day


class PlainForm(GovForm):
    """One piece of work of a plain kind. `follow` is what it may follow; `questions` are the council's own."""

    def __init__(
        self,
        *args: Any,
        of: PlainKind,
        follow: Sequence[tuple[str, str]] = (),
        questions: FormVersion | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.of, self.questions = of, questions
        if of.codes:
            self._add("code", RadiosField(label=of.code_asked, choices=_said(of.codes)), "Choose one")
        if of.followed:
            chosen = forms.ChoiceField(
                label="What does it follow?", choices=[("", "Choose"), *follow], required=bool(of.follows)
            )
            self._add("follows", chosen, "Choose what it follows. If it is not here, record it first")
        for moment, asked in of.asks.items():
            self._add_moment(moment, asked)
            if moment == of.answers:
                self._add_outcome()
        self._add_more(first=True)
        if of.outcomes and not of.answers:
            self._add_outcome()
        self._add_more(first=False)
        written = LongTextField(label=of.words, rows=6, max_length=50000, required=not of.told)
        self._add("words", written, "Write at least a sentence")
        self.fields |= fields_of(questions)

    def _add_outcome(self) -> None:
        self._add("outcome", choice_of(_said(self.of.outcomes), label=self.of.outcome_asked, required=False))

    def _add_more(self, *, first: bool) -> None:
        for each in self.of.more:
            if each.first == first:
                self._add(each.name, box_of(each, self.initial.get(each.name)), f"Answer: {each.asked}")

    def _add_moment(self, moment: str, asked: str) -> None:
        first = moment == next(iter(self.of.asks))
        only = len(self.of.asks) == 1 or (first and moment != "planned")
        latest = None if moment == "planned" else timezone.localdate()
        more = "" if only else "Leave it empty if it has not come yet."
        day = GovDateField(label=asked, latest=latest, required=only, help_text=more)
        self._add(moment, day, f"Answer: {asked}")
        if self.of.fact(moment) in timed() and moment in ASIDE:
            hint = "For example 3:30pm. Hours are counted from it."
            self._add(moment + TIME, GovTimeField(label="At what time?", required=False, help_text=hint))

    def _add(self, name: str, field: forms.Field, missing: str = "") -> None:
        self.fields[name] = field
        if missing:
            field.error_messages["required"] = missing

    def clean(self) -> dict[str, Any]:
        """At least one day; no end before its beginning; an outcome where it is over."""
        given = super().clean() or self.cleaned_data
        days: dict[str, date | None] = {moment: given.get(moment) for moment in self.of.asks}
        if not any(days.values()) and not self.errors:
            self.add_error(next(iter(self.of.asks)), "Enter at least one day")
        if early := out_of_order(self.of, days):
            self.add_error(early, "This day must be the day it began, or after")
        unsaid = self.of.outcomes and not given.get("outcome") and "outcome" not in self.errors
        if unsaid and finished(self.of, Told(days)):
            self.add_error("outcome", f"Answer: {self.of.outcome_asked}")
        code, outcome = given.get("code", ""), given.get("outcome", "")
        if outcome and outcome not in self.of.outcomes_for(code):
            self.add_error("outcome", f"Choose another answer: this cannot come of “{self.of.codes[code]}”")
        self._check_more(given, over=finished(self.of, Told(days)))
        return given

    def _check_more(self, given: dict[str, Any], *, over: bool) -> None:
        more = {each.name: given.get(each.name) for each in self.of.more}
        wrong = [(each, words) for each, words in strange(self.of, more)]
        lacking = unsaid(self.of, more, outcome=given.get("outcome", ""), over=over)
        for each, words in [*wrong, *((each, f"Answer: {each.asked}") for each in lacking)]:
            if each.name not in self.errors:
                self.add_error(each.name, words)
        days = {moment: given.get(moment) for moment in self.of.asks}
        if undated(self.of, Told(days, outcome=given.get("outcome", ""))) and self.of.answered not in self.errors:
            self.add_error(self.of.answered, f"Answer: {self.of.asks[self.of.answered]}")
        for each in self.of.more:
            if each.form == "day" and more[each.name] and more[each.name] < (given.get("opened") or more[each.name]):
                self.add_error(each.name, "This day must be the day it began, or after")

    def told(self) -> Told:
        """What was told, as it is recorded."""
        given = self.cleaned_data
        return Told(
            days={moment: given.get(moment) for moment in self.of.asks},
            times={moment: given.get(moment + TIME) for moment in self.of.asks},
            code=given.get("code", ""),
            outcome=given.get("outcome", ""),
            follows=given.get("follows", ""),
            words=given["words"],
            more={each.name: given.get(each.name) for each in self.of.more},
            form=self.questions,
            answers=answers_of(self.questions, given),
        )


def _said(choices: Mapping[str, str]) -> list[tuple[str, str]]:
    """Choices as a page says them, each beginning with a capital."""
    return [(key, words[:1].upper() + words[1:]) for key, words in choices.items()]
