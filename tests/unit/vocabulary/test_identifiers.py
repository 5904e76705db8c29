"""Check letters and digits, against worked examples and against every slip of one character."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.vocabulary.identifiers import is_child_id, is_nhs_number, is_upn, nhs_check_digit, upn_check_letter

DIGITS = st.text("0123456789", min_size=12, max_size=12)


def test_a_pupil_number_worked_by_hand() -> None:
    # 8×2 + 0×3 + 1×4 + 2×5 + 0×6 + 0×7 + 0×8 + 1×9 + 0×10 + 0×11 + 0×12 + 1×13 = 52; 52 mod 23 = 6: the seventh letter.
    assert upn_check_letter("801200010001") == "G"
    assert is_upn("G801200010001")


def test_a_temporary_pupil_number_ends_in_a_letter() -> None:
    # As above, but the last place holds B, whose value is 1.
    assert upn_check_letter("80120001000B") == "G"
    assert is_upn("G80120001000B")


@pytest.mark.parametrize("text", ["", "G", "G80120001000", "G8012000100011", "g801200010001", "G80120001000I", "UN1"])
def test_what_is_not_of_the_form_is_not_a_pupil_number(text: str) -> None:
    assert not is_upn(text)


@settings(deadline=None)  # a shared machine may pause
@given(DIGITS, st.integers(0, 11), st.integers(1, 9))
def test_a_slip_of_one_digit_is_always_caught_in_a_pupil_number(digits: str, place: int, slip: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + slip) % 10) + digits[place + 1 :]
    assert upn_check_letter(wrong) != upn_check_letter(digits)


def test_an_nhs_number_worked_by_hand() -> None:
    # 9×10 + 4×9 + 3×8 + 4×7 + 7×6 + 6×5 + 5×4 + 9×3 + 1×2 = 299; 299 mod 11 = 2; 11 − 2 = 9.
    assert nhs_check_digit("943476591") == 9
    assert is_nhs_number("943 476 5919")
    assert not is_nhs_number("943 476 5918")


def test_some_nine_digits_begin_no_nhs_number() -> None:
    assert nhs_check_digit("000000006") is None  # 12 mod 11 = 1, which would need a check digit of ten
    assert not any(is_nhs_number(f"000000006{digit}") for digit in range(10))
    assert nhs_check_digit("000000000") == 0


@pytest.mark.parametrize("text", ["", "12345", "94347659199", "943476591x"])
def test_what_is_not_of_the_form_is_not_an_nhs_number(text: str) -> None:
    assert not is_nhs_number(text)


@settings(deadline=None)  # a shared machine may pause
@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_a_slip_of_one_digit_is_always_caught_in_an_nhs_number(digits: str, place: int, slip: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + slip) % 10) + digits[place + 1 :]
    assert nhs_check_digit(digits) is None or nhs_check_digit(wrong) != nhs_check_digit(digits)


@pytest.mark.parametrize(
    ("text", "fit"), [("C1", True), ("a" * 20, True), ("a" * 21, False), ("C-1", False), ("", False)]
)
def test_a_child_id_is_at_most_twenty_letters_and_digits(text: str, fit: bool) -> None:
    assert is_child_id(text) == fit
