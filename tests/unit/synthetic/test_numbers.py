"""Invented numbers have true check digits and belong to no one; chance keeps its promises; days are counted right."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.synthetic.days import Days, age_on, birthday, plus_months
from kith.synthetic.identifiers import nhs_number, pupil_number
from kith.synthetic.world import Balance
from kith.vocabulary.working_days import england

DAYS = Days(first=date(2020, 1, 1), last=date(2028, 12, 31), holidays=england().holidays)


def test_nhs_numbers_are_in_the_test_range_with_a_true_check_digit() -> None:
    seen = set()
    for serial in range(2000):
        number = nhs_number(serial)
        assert number.startswith("999")
        assert len(number) == 10
        total = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False))
        assert (11 - total % 11) % 11 == int(number[-1])
        seen.add(number)
    assert len(seen) == 2000


def test_a_pupil_number_has_a_true_check_letter_and_the_authority_that_does_not_exist() -> None:
    number = pupil_number(12345, born=date(2014, 5, 1))
    assert len(number) == 13
    assert number[1:4] == "001"
    total = sum(int(digit) * weight for digit, weight in zip(number[1:], range(2, 14), strict=True))
    assert number[0] == "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23]


@given(st.dates(date(2021, 1, 1), date(2027, 1, 1)), st.integers(1, 60))
def test_working_days_are_counted_as_the_clocks_count_them(day: date, count: int) -> None:
    assert DAYS.add(day, count) == england().add(day, count)
    assert DAYS.between(day, DAYS.add(day, count)) == count == england().between(day, DAYS.add(day, count))


@given(st.dates(date(2021, 1, 1), date(2027, 1, 1)))
def test_no_count_gives_the_day_itself_or_the_next_working_day(day: date) -> None:
    found = DAYS.add(day, 0)
    assert found >= day
    assert DAYS.is_working(found)
    assert not any(DAYS.is_working(day + timedelta(days=n)) for n in range((found - day).days))


def test_days_back_are_working_days() -> None:
    assert DAYS.back(date(2026, 4, 7), 1) == date(2026, 4, 2)  # over Easter


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
    ],
)
def test_months_end_where_the_month_does(day: date, months: int, expected: date) -> None:
    assert plus_months(day, months) == expected


def test_a_child_born_on_29_february_is_a_year_older_on_1_march() -> None:
    born = date(2012, 2, 29)
    assert birthday(born, 18) == date(2030, 3, 1)
    assert age_on(born, date(2030, 2, 28)) == 17
    assert age_on(born, birthday(born, 18)) == 18


@given(st.integers(0, 10_000), st.floats(1, 99))
def test_chance_keeps_its_promises(seed: int, percent: float) -> None:
    balance, chance = Balance({"yes": percent, "no": 100 - percent}), random.Random(seed)
    drawn = [balance.pick(chance) for _ in range(300)]
    assert abs(100 * drawn.count("yes") / 300 - percent) < 2.5


def test_plain_chance_would_not_keep_them() -> None:
    """The control: dice stray by more than balance is allowed to."""
    strays = []
    for seed in range(50):
        chance = random.Random(seed)
        strays.append(abs(100 * sum(chance.random() < 0.2 for _ in range(300)) / 300 - 20))
    assert max(strays) > 2.5
