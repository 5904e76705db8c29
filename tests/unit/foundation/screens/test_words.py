"""Dates, times, ages and counts as screens say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from kith.foundation.screens import words

ON = date(2026, 11, 20)


def test_a_date_is_said_in_full() -> None:
    assert words.nice_date(date(2026, 5, 7)) == "7 May 2026"
    assert words.nice_date(None) == "Not recorded"
    assert words.nice_date(None, "not yet") == "not yet"


def test_a_moment_is_said_in_london_time_and_on_londons_day() -> None:
    late_in_summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert words.nice_date(late_in_summer) == "2 July 2026"
    assert words.nice_time(late_in_summer) == "12:30am"
    assert words.nice_moment(datetime(2026, 1, 5, 9, 30, tzinfo=UTC)) == "5 January 2026 at 9:30am"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (time(9, 30), "9:30am"),
        (time(17, 0), "5pm"),
        (time(12, 0), "midday"),
        (time(0, 0), "midnight"),
        (time(0, 5), "12:05am"),
        (time(12, 45), "12:45pm"),
        (None, "Not recorded"),
    ],
)
def test_a_time_is_said_as_people_say_it(at: time | None, said: str) -> None:
    assert words.nice_time(at) == said


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 11, 17), "3 days late"),
        (date(2026, 11, 19), "1 day late"),
        (ON, "due today"),
        (date(2026, 11, 21), "due tomorrow"),
        (date(2026, 11, 28), "due in 8 days"),
        (None, "No date set"),
    ],
)
def test_how_far_off_a_day_is(due: date | None, said: str) -> None:
    assert words.days_words(due, ON) == said


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2026, 11, 11), "9 days old"),
        (date(2026, 11, 19), "1 day old"),
        (date(2026, 9, 11), "10 weeks old"),
        (date(2026, 8, 20), "3 months old"),
        (date(2025, 9, 21), "13 months old"),
        (date(2024, 11, 20), "2 years old"),
        (date(2024, 11, 21), "23 months old"),
        (date(2019, 11, 21), "6 years old"),
        (date(2020, 2, 29), "6 years old"),
    ],
)
def test_an_age_is_said_in_the_unit_that_fits(born: date, said: str) -> None:
    assert words.age_words(born, ON) == said


def test_unborn_children_those_who_died_and_those_whose_age_is_not_known_are_said_so() -> None:
    assert words.age_words(None, ON, expected_on=date(2027, 1, 3)) == "Unborn, expected 3 January 2027"
    assert words.age_words(None, ON) == "Age not known"
    assert words.age_words(date(2020, 1, 1), ON, died_on=date(2026, 2, 1)) == "Died 1 February 2026, aged 6 years"


def test_counts_and_lists_are_said_as_english() -> None:
    assert [words.plural(n, "child", "children") for n in (0, 1, 1204)] == ["0 children", "1 child", "1,204 children"]
    assert words.plural(2, "visit") == "2 visits"
    assert words.in_words(["Ayla", "Ben", "Cal"]) == "Ayla, Ben and Cal"
    assert words.in_words(["Ayla", "Ben"], "or") == "Ayla or Ben"
    assert words.in_words([]) == ""
