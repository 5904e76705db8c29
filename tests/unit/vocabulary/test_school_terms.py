"""School days and terms: dated data of a council, a pattern elsewhere, and columns that count as single days do."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.vocabulary.school_terms import read_terms, school_days

DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))
PATTERN = {"terms": [["01-05", "03-31"], ["04-15", "07-21"], ["09-03", "12-19"]], "breaks": [["02-14", "02-20"]]}


@settings(deadline=None)  # a shared machine may pause
@given(DAYS, st.integers(0, 200))
def test_a_count_of_school_days_passes_over_exactly_that_many(day: date, count: int) -> None:
    schools = school_days()
    landed = schools.add(day, count)
    passed = (day + timedelta(days=n) for n in range(1, (landed - day).days + 1))
    assert sum(schools.is_school_day(each) for each in passed) == count
    assert count == 0 or schools.is_school_day(landed)


@settings(deadline=None)  # a shared machine may pause
@given(st.lists(st.tuples(DAYS, st.integers(0, 90), st.integers(0, 4)), min_size=1, max_size=30))
def test_columns_count_as_single_days_do(cases: list[tuple[date, int, int]]) -> None:
    schools = school_days()
    frame = pl.DataFrame(cases, schema={"day": pl.Date, "count": pl.Int32, "terms": pl.Int32}, orient="row")
    together = frame.select(
        days=schools.add_column(pl.col("day"), pl.col("count")),
        ends=schools.end_of_term_column(pl.col("day"), pl.col("terms")),
    )
    assert together["days"].to_list() == [schools.add(day, count) for day, count, _ in cases]
    assert together["ends"].to_list() == [schools.end_of_term(day, terms) for day, _, terms in cases]


@pytest.mark.parametrize(
    ("day", "terms", "ends"),
    [
        (date(2026, 3, 9), 0, date(2026, 3, 31)),
        (date(2026, 3, 9), 1, date(2026, 7, 21)),
        (date(2026, 8, 3), 0, date(2026, 7, 21)),  # in a holiday: the term it follows
        (date(2026, 8, 3), 1, date(2026, 12, 18)),  # the 19th is a Saturday
    ],
)
def test_the_end_of_a_term_is_its_last_school_day(day: date, terms: int, ends: date) -> None:
    assert school_days().end_of_term(day, terms) == ends


def test_a_councils_own_dates_are_used_where_it_set_them_and_the_pattern_elsewhere() -> None:
    own = [
        {"from": date(2025, 9, 1), "until": date(2025, 12, 12)},
        {"from": date(2026, 1, 12), "until": date(2026, 3, 27)},
    ]
    schools = read_terms({"source": "a council", "pattern": PATTERN, "term": own})
    assert schools.end_of_term(date(2025, 10, 1), 0) == date(2025, 12, 12)
    assert schools.end_of_term(date(2025, 10, 1), 1) == date(2026, 3, 27)
    assert schools.end_of_term(date(2025, 10, 1), 2) == date(2026, 7, 21)
    assert (schools.knows(date(2026, 1, 1)), schools.knows(date(2026, 5, 1))) == (True, False)
    assert not school_days().knows(date(2026, 1, 1))


def test_terms_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        read_terms({"source": "x", "pattern": {"terms": [["01-05", "04-20"], ["04-15", "07-21"]], "breaks": []}})
