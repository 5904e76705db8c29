"""Small things done to a text."""

from __future__ import annotations

import pytest

from kith.vocabulary.texts import in_a_sentence, storable


@pytest.mark.parametrize(
    ("label", "within"),
    [
        ("The day it was received", "the day it was received"),
        ("A freedom of information request", "a freedom of information request"),
        ("NHS number", "NHS number"),
        ("X", "x"),
        ("", ""),
    ],
)
def test_a_label_is_said_within_a_sentence(label: str, within: str) -> None:
    assert in_a_sentence(label) == within


def test_what_postgresql_takes_in_no_text_is_left_out_of_it() -> None:
    assert storable("Am\x00ina\n") == "Amina\n"
