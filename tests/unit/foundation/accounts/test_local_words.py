"""Passwords of words that anybody would try here first."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from kith.config.demo import PASSWORD
from kith.foundation.accounts.local_words import LocalWordsValidator


@pytest.mark.parametrize(
    "password",
    [
        "Riverside2026!!",
        "riverside-council-1",
        "Kith Riverside Social Worker",
        "R1vers1de-Ch1ldren",
        "Safeguarding Autumn 2026",
        "passwordpassword",
        "welcome to Kith 26",
    ],
)
def test_a_password_of_local_words_is_refused(password: str, settings: Any) -> None:
    settings.AUTHORITY = "Riverside"
    with pytest.raises(ValidationError, match="anybody would try"):
        LocalWordsValidator().validate(password)


@pytest.mark.parametrize(
    "password", [PASSWORD, "kith and kin by the quay", "my summer in Aberdaron", "пароль из слов моря"]
)
def test_a_password_with_such_a_word_among_others_is_taken(password: str, settings: Any) -> None:
    settings.AUTHORITY = "Riverside"
    LocalWordsValidator().validate(password)


def test_the_authoritys_own_name_counts(settings: Any) -> None:
    settings.AUTHORITY = "Kingsbourne and Thame"
    with pytest.raises(ValidationError):
        LocalWordsValidator().validate("Kingsbourne Thame 7")
    settings.AUTHORITY = "Riverside"
    LocalWordsValidator().validate("Kingsbourne Thame 7")
