"""Dates, times and yes-or-no as people type them, and what is said when they cannot be read."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from kith.foundation.screens.forms import ChecksField, GovDateField, GovForm, GovTimeField, RadiosField, YesNoField


class Asked(GovForm):
    missing = {"seen": "Say whether the child was seen"}

    on = GovDateField(label="Date of visit", earliest=date(2020, 1, 1), latest=date(2026, 11, 20))
    seen = YesNoField(label="Was the child seen?")
    alone = YesNoField(label="Was the child seen alone?")
    began = GovTimeField(label="Time it began", required=False)
    where = RadiosField(label="Where", choices=[("home", "At home")])
    upn = forms.CharField(label="UPN of the child")


def asked(**typed: str) -> Asked:
    return Asked({name.replace("_", "-"): value for name, value in typed.items()})


def errors(**typed: str) -> dict[str, list[str]]:
    return {name: list(said) for name, said in asked(**typed).errors.items()}


@pytest.mark.parametrize(
    ("day", "month", "year", "given_date"),
    [
        ("7", "5", "2026", date(2026, 5, 7)),
        ("07", "05", "2026", date(2026, 5, 7)),
        (" 29 ", "2", "2024", date(2024, 2, 29)),
        ("7", "May", "2026", date(2026, 5, 7)),
        ("7", "sept", "2025", date(2025, 9, 7)),
    ],
)
def test_a_date_is_read_as_people_type_it(day: str, month: str, year: str, given_date: date) -> None:
    form = asked(on_day=day, on_month=month, on_year=year)
    assert "on" not in form.errors and form.cleaned_data["on"] == given_date


@pytest.mark.parametrize(
    ("day", "month", "year", "said"),
    [
        ("", "", "", "Enter date of visit"),
        ("7", "5", "", "Date of visit must include a year"),
        ("", "5", "", "Date of visit must include a day and a year"),
        ("29", "2", "2026", "Date of visit must be a real date, for example 7 5 2026"),
        ("7", "13", "2026", "Date of visit must be a real date, for example 7 5 2026"),
        ("7", "ju", "2026", "Date of visit must be a real date, for example 7 5 2026"),
        ("7", "5", "26", "Date of visit must be a real date, for example 7 5 2026"),
        ("²", "5", "2026", "Date of visit must be a real date, for example 7 5 2026"),
        ("9" * 30, "5", "2026", "Date of visit must be a real date, for example 7 5 2026"),
        ("7", "9223372036854775808", "2026", "Date of visit must be a real date, for example 7 5 2026"),
        ("21", "11", "2026", "Date of visit must be 20 November 2026 or before"),
        ("31", "12", "2019", "Date of visit must be 1 January 2020 or after"),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_words(day: str, month: str, year: str, said: str) -> None:
    assert errors(on_day=day, on_month=month, on_year=year)["on"] == [said]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_any_real_date_comes_back_as_it_was_typed(on: date) -> None:
    field = GovDateField(label="Day")
    assert field.clean(field.prepare_value(on)) == on


def test_a_whole_date_posted_by_a_script_is_read_too() -> None:
    widget = GovDateField().widget
    assert widget.value_from_datadict({"on": "2026-05-07"}, {}, "on") == ("07", "05", "2026")
    assert widget.value_from_datadict({"on": ""}, {}, "on") is None
    assert GovDateField(required=False).clean(("07", "05", "2026")) == date(2026, 5, 7)


@pytest.mark.parametrize(
    ("typed", "given_time"),
    [
        ("9:30am", time(9, 30)),
        ("9.30 AM", time(9, 30)),
        ("0930", time(9, 30)),
        ("14:05", time(14, 5)),
        ("5pm", time(17)),
        ("12am", time(0)),
        ("12:15pm", time(12, 15)),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, given_time: time | None) -> None:
    assert GovTimeField(required=False).clean(typed) == given_time


@pytest.mark.parametrize("typed", ["5", "25:00", "9:75am", "13pm", "0am", "noon-ish", "9:3"])
def test_a_time_that_could_be_two_things_or_none_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="for example 9:30am or 14:30"):
        GovTimeField(label="Time").clean(typed)


@pytest.mark.parametrize(("typed", "answer"), [("yes", True), ("no", False)])
def test_yes_and_no_are_true_and_false_and_come_back_chosen(typed: str, answer: bool) -> None:
    form = asked(seen=typed)
    assert "seen" not in form.errors and form.cleaned_data["seen"] is answer
    field = YesNoField()
    assert field.clean(typed) is answer and field.prepare_value(answer) == typed


def test_yes_or_no_left_empty_is_neither() -> None:
    assert YesNoField(required=False).clean("") is None
    with pytest.raises(forms.ValidationError):
        YesNoField().clean("perhaps")


def test_a_field_left_empty_says_what_to_do() -> None:
    said = errors()
    assert said["seen"] == ["Say whether the child was seen"]
    assert said["alone"] == ["Answer the question: Was the child seen alone?"]
    assert said["where"] == ["Choose where"] and said["upn"] == ["Enter UPN of the child"]
    assert "began" not in said


def test_unsent_text_opens_again_as_typed_and_without_complaint() -> None:
    body: dict[str, list[str]] = {"on-day": ["40"], "on-month": ["x"], "seen": ["no"], "began": ["half nine"]}
    form: Any = Asked.with_unsent(body)
    assert form.errors == {}
    assert form["on"].value() == ("40", "x", "") and form["seen"].value() == "no"
    assert form["began"].value() == "half nine"


def test_several_choices_come_back_from_unsent_text() -> None:
    class Many(GovForm):
        themes = ChecksField(choices=[("a", "A"), ("b", "B"), ("c", "C")])

    assert Many.with_unsent({"themes": ["a", "c"]})["themes"].value() == ["a", "c"]
