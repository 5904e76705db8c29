"""The published code lists: whole, dated, and read as words."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kith.vocabulary import codes

TODAY = date(2026, 11, 21)
HOW_MANY_NOW = {
    "legal_status": 13,
    "ethnicity": 20,
    "sex": 3,
    "referral_source": 22,
    "primary_need": 10,
    "closure_reason": 9,
    "abuse_category": 5,
    "placement_provider": 6,
    "review_participation": 8,
    "episode_start_reason": 6,
    "placement_type": 29,
    "episode_end_reason": 22,
}


@pytest.mark.parametrize("name", codes.names())
def test_every_list_has_a_title_a_source_and_codes_that_read_as_words(name: str) -> None:
    found = codes.code_list(name)
    assert found.title
    assert found.source
    assert found.codes
    for code in found.codes.values():
        assert re.fullmatch(r"[A-Z0-9]+", code.code)
        assert code.label[0].isupper()
        assert not code.label.endswith(".")
        assert code.valid_from is None or code.valid_until is None or code.valid_from <= code.valid_until


@pytest.mark.parametrize(("name", "count"), HOW_MANY_NOW.items())
def test_the_lists_are_whole(name: str, count: int) -> None:
    assert len(codes.choices(name, on=TODAY)) == count


def test_a_code_reads_as_what_it_says() -> None:
    assert codes.label("referral_source", "6") == "Police"
    assert codes.label("legal_status", "C2") == "Full care order"


def test_a_code_the_list_does_not_have_is_shown_as_it_is() -> None:
    assert codes.label("referral_source", "99") == "99"
    assert codes.label("referral_source", None) == ""


@pytest.mark.parametrize(
    ("name", "code", "last_out", "first_in"),
    [
        ("placement_type", "K3", date(2024, 3, 31), date(2024, 4, 1)),
        ("placement_type", "Z11", date(2025, 3, 31), date(2025, 4, 1)),
        ("closure_reason", "RC9", date(2022, 3, 31), date(2022, 4, 1)),
    ],
)
def test_a_new_code_is_valid_from_its_day(name: str, code: str, last_out: date, first_in: date) -> None:
    assert not codes.is_valid(name, code, on=last_out)
    assert codes.is_valid(name, code, on=first_in)


def test_a_withdrawn_code_is_valid_to_its_last_day_and_still_has_its_words() -> None:
    assert codes.is_valid("placement_type", "H5", on=date(2024, 3, 31))
    assert not codes.is_valid("placement_type", "H5", on=date(2024, 4, 1))
    assert codes.label("placement_type", "H5") == "Semi-independent living"


def test_every_assessment_factor_of_the_census_is_there() -> None:
    households = {f"{number}{who}" for number in range(1, 7) for who in "ABC"}
    others = {"7A", "8B", "8C", "8D", "8E", "8F", "9A", "10A", "11A", "12A", "13A", "14A", "15A", "16A", "17A"}
    later = {"18B", "18C", "19B", "19C", "20", "21", "22A", "23A", "24A"}
    assert {code for code, _ in codes.choices("assessment_factor", on=TODAY)} == households | others | later


def test_an_unknown_list_is_refused_by_name() -> None:
    with pytest.raises(codes.UnknownListError, match="no code list named “colours”"):
        codes.label("colours", "1")
