"""Months that clamp, ages, and hours across the changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.vocabulary.hours import add_hours, from_london, in_london, london_day
from kith.vocabulary.months import add_months, age_on, year_of_returns


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_keep_the_day_number_or_stop_at_the_months_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@settings(deadline=None)  # a shared machine may pause
@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(-240, 240))
def test_months_never_spill_into_the_next(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2021, 6, 1), date(2026, 5, 31), 4),
        (date(2021, 6, 1), date(2026, 6, 1), 5),
        (date(2020, 2, 29), date(2025, 2, 28), 4),
        (date(2020, 2, 29), date(2025, 3, 1), 5),
    ],
)
def test_age_turns_on_the_birthday(born: date, on: date, age: int) -> None:
    assert age_on(born=born, on=on) == age


def test_an_hour_is_an_hour_when_the_clocks_go_forward() -> None:
    opened = from_london(date(2026, 3, 28), "12:00")
    assert f"{in_london(add_hours(opened, 24)):%d %H:%M}" == "29 13:00"


def test_an_hour_is_an_hour_when_the_clocks_go_back() -> None:
    opened = from_london(date(2026, 10, 24), "12:00")
    assert f"{in_london(add_hours(opened, 24)):%d %H:%M}" == "25 11:00"


def test_late_evening_in_summer_is_still_that_day_in_london() -> None:
    moment = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert london_day(moment) == date(2026, 7, 1)
    assert from_london(date(2026, 7, 1), "00:30") == moment


def test_the_hour_that_happens_twice_is_read_as_its_first_time() -> None:
    assert from_london(date(2026, 10, 25), "01:30") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        add_hours(datetime(2026, 1, 1, 12, 0), 1)  # noqa: DTZ001


def test_a_year_of_returns_is_named_by_both_of_its_years() -> None:
    assert [year_of_returns(ends) for ends in (2026, 2010, 2000)] == ["2025/26", "2009/10", "1999/00"]
