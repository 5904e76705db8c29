"""Small things that are done to a text wherever it stands."""

from __future__ import annotations

_FIGURES = 15  # more than the number of any row has


def in_a_sentence(label: str) -> str:
    """A label as it is said within a sentence: "The day" becomes "the day", and "NHS number" stays as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def storable(text: str) -> str:
    """The text without the character NUL, which PostgreSQL takes in no text, neither to keep nor to look for."""
    return text.replace("\x00", "")


def whole_number(typed: str) -> int | None:
    """The whole number that was typed, such as the id of a row; none of anything else, or of a longer one than any."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _FIGURES else None
