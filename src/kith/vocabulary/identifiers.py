"""Identifiers of a child: pupil number, NHS number and the authority's own id, each checked as its issuer says."""

from __future__ import annotations

import re

# The check letters of a unique pupil number, in order of their value; I, O and S are not used.
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN_FORM = re.compile(r"[A-Z]\d{11}[0-9A-Z]")
_NHS_FORM = re.compile(r"\d{10}")
_CHILD_ID_FORM = re.compile(r"[A-Za-z0-9]{1,20}")
_NHS_MODULUS = 11


def upn_check_letter(digits: str) -> str:
    """The first letter that goes with the twelve characters after it (eleven digits, then a digit or a letter).

    Source: Department for Education, unique pupil numbers guide: each is weighted by its place, 2 to 13, and the sum
    is taken modulo 23. Raises ValueError when they are not of that form.
    """
    if not _UPN_FORM.fullmatch(f"A{digits}") or (digits[-1].isalpha() and digits[-1] not in _UPN_LETTERS):
        raise ValueError("a pupil number is a letter, eleven digits, and a digit or a letter")
    values = [int(character) if character.isdigit() else _UPN_LETTERS.index(character) for character in digits]
    weighted = sum(place * value for place, value in enumerate(values, start=2))
    return _UPN_LETTERS[weighted % len(_UPN_LETTERS)]


def is_upn(text: str) -> bool:
    """Whether it is a unique pupil number, permanent or temporary, whose check letter is right."""
    try:
        return upn_check_letter(text[1:]) == text[:1]
    except ValueError:
        return False


def nhs_check_digit(digits: str) -> int | None:
    """The tenth digit for these nine, or None where no NHS number begins so (the remainder would be ten).

    Source: NHS Data Dictionary, NHS number: weights 10 to 2, modulo 11.
    """
    if not re.fullmatch(r"\d{9}", digits):
        raise ValueError("an NHS number has nine digits before its check digit")
    remainder = (
        _NHS_MODULUS
        - sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=True)) % _NHS_MODULUS
    )
    check = remainder % _NHS_MODULUS
    return check if check < _NHS_MODULUS - 1 else None


def is_nhs_number(text: str) -> bool:
    """Whether it is an NHS number whose check digit is right; spaces between its groups are passed over."""
    digits = text.replace(" ", "")
    return bool(_NHS_FORM.fullmatch(digits)) and nhs_check_digit(digits[:-1]) == int(digits[-1])


def is_child_id(text: str) -> bool:
    """Whether it can be an authority's id of a child in the returns: at most 20 letters and digits."""
    return bool(_CHILD_ID_FORM.fullmatch(text))
