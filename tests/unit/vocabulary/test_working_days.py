"""Working days: the holidays held, and counting by them, checked against the law's own pattern and by walking."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.vocabulary.working_days import Calendar, england, read_calendar

DAYS = st.dates(date(2009, 1, 1), date(2032, 12, 31))
COUNTS = st.integers(-300, 300)

# Holidays that a proclamation moved or added, and the Mondays that lost theirs.
ADDED = {
    date(2011, 4, 29): "the royal wedding",
    date(2012, 6, 4): "spring, moved for the Diamond Jubilee",
    date(2012, 6, 5): "the Diamond Jubilee",
    date(2020, 5, 8): "early May, moved for VE Day",
    date(2022, 6, 2): "spring, moved for the Platinum Jubilee",
    date(2022, 6, 3): "the Platinum Jubilee",
    date(2022, 9, 19): "the state funeral",
    date(2023, 5, 8): "the coronation",
}
TAKEN = {date(2012, 5, 28), date(2020, 5, 4), date(2022, 5, 30)}


def easter(year: int) -> date:
    """Easter Sunday, by the Gregorian reckoning (the golden number, the century's corrections, the Sunday after)."""
    golden = year % 19
    century = year // 100
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= moon // 28 * (1 - moon // 28 * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    month = 3 + (moon - weekday + 40) // 44
    return date(year, month, moon - weekday + 28 - 31 * (month // 4))


def monday_on_or_after(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def next_free_weekday(day: date, taken: set[date]) -> date:
    while day.weekday() > 4 or day in taken:
        day += timedelta(days=1)
    return day


def by_the_act(year: int) -> set[date]:
    """The bank holidays of a year by the 1971 Act and custom, before any proclamation for that year alone."""
    found = {easter(year) - timedelta(days=2), easter(year) + timedelta(days=1)}
    found |= {monday_on_or_after(date(year, 5, 1)), monday_on_or_after(date(year, 5, 25))}
    found |= {monday_on_or_after(date(year, 8, 25)), next_free_weekday(date(year, 1, 1), set())}
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    keep_their_day = {day for day in (christmas, boxing) if day.weekday() < 5}
    taken = set(keep_their_day)
    for day in (christmas, boxing):
        if day not in keep_their_day:
            taken.add(next_free_weekday(date(year, 12, 27), taken))
    return found | taken


@pytest.mark.parametrize("year", range(2010, 2031))
def test_the_holidays_of_each_year_are_those_of_the_act_and_of_the_proclamations(year: int) -> None:
    held = {day for day in england().holidays if day.year == year}
    added = {day for day in ADDED if day.year == year}
    assert held == (by_the_act(year) - TAKEN) | added


def test_no_holiday_held_falls_at_a_weekend() -> None:
    assert [day for day in england().holidays if day.weekday() > 4] == []


def test_there_are_eight_holidays_in_an_ordinary_year_and_more_in_the_years_of_one_off_days() -> None:
    counts = {year: sum(day.year == year for day in england().holidays) for year in range(2010, 2031)}
    extra = {year: count for year, count in counts.items() if count != 8}
    assert extra == {2011: 9, 2012: 9, 2022: 10, 2023: 9}


@pytest.mark.parametrize(
    ("opened", "working_days", "due"),
    [
        (date(2026, 3, 2), 45, date(2026, 5, 7)),  # Easter and early May
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Maundy Thursday to Tuesday
        (date(2026, 4, 4), 1, date(2026, 4, 7)),  # opened on a Saturday
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # the state funeral
        (date(2022, 6, 1), 1, date(2022, 6, 6)),  # the Platinum Jubilee and a weekend
        (date(2023, 5, 5), 1, date(2023, 5, 9)),  # the coronation
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Boxing Day's substitute
        (date(2026, 12, 24), 0, date(2026, 12, 24)),
        (date(2026, 4, 7), -1, date(2026, 4, 2)),  # backwards over Easter
        (date(2026, 4, 5), -1, date(2026, 4, 2)),
    ],
)
def test_working_days_are_counted_from_the_day_after(opened: date, working_days: int, due: date) -> None:
    assert england().add(opened, working_days) == due


@settings(deadline=None)  # a shared machine may pause
@given(DAYS, COUNTS)
def test_a_count_lands_on_a_working_day_and_passes_over_exactly_that_many(day: date, count: int) -> None:
    landed = england().add(day, count)
    assert count == 0 or england().is_working(landed)
    if count >= 0:
        assert england().between(day, landed) == count


@settings(deadline=None)  # a shared machine may pause
@given(st.lists(st.tuples(DAYS, COUNTS), min_size=1, max_size=50))
def test_columns_count_as_single_days_do(cases: list[tuple[date, int]]) -> None:
    frame = pl.DataFrame(cases, schema={"day": pl.Date, "count": pl.Int32}, orient="row")
    together = frame.select(england().add_column(pl.col("day"), pl.col("count"))).to_series().to_list()
    assert together == [england().add(day, count) for day, count in cases]


@settings(deadline=None)  # a shared machine may pause
@given(DAYS, st.integers(0, 200), st.integers(0, 200))
def test_counts_add_up(day: date, first: int, second: int) -> None:
    calendar = england()
    assert calendar.add(calendar.add(day, first), second) == calendar.add(day, first + second)


def test_a_mistyped_year_breaks_nothing() -> None:
    frame = pl.DataFrame({"day": [date(202, 3, 1), date(9998, 3, 1), None], "count": [5, 5, 5]}, strict=False)
    moved = frame.select(england().add_column(pl.col("day"), pl.col("count").cast(pl.Int32))).to_series().to_list()
    assert moved == [date(202, 3, 6), date(9998, 3, 6), None]


def test_the_calendar_says_which_years_it_knows() -> None:
    assert england().knows(date(2010, 1, 1))
    assert england().knows(date(2030, 12, 31))
    assert not england().knows(date(2031, 1, 1))


def test_a_calendar_is_read_with_the_years_it_is_known_for() -> None:
    data = {
        "from": date(2026, 1, 1),
        "until": date(2026, 12, 31),
        "source": "a test",
        "2026": {"2026-07-08": "Fair day"},
    }
    calendar = read_calendar(data)
    assert isinstance(calendar, Calendar)
    assert calendar.add(date(2026, 7, 7), 1) == date(2026, 7, 9)
    with pytest.raises(ValueError, match="known from and until"):
        read_calendar({"from": "2026", "until": "2026", "source": ""})
