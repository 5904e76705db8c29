"""Reads the wording of a drop-down into its published code, as authorities write it: "k) APKN", "6: Police", "yes"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

import polars as pl
from rapidfuzz import fuzz

from kith.vocabulary.codes import code_list

_LETTER = re.compile(r"^\s*[a-z]{1,2}\d?\)\s*", re.IGNORECASE)  # the letter of a drop-down: "a) ", "p1) ", "zz) "
_TOKEN = re.compile(r"[A-Z]{0,7}\d{0,2}[A-Z]?")
_ALIKE = 90.0
_YES_NO = {"YES": "Y", "Y": "Y", "TRUE": "Y", "1": "Y", "NO": "N", "N": "N", "FALSE": "N", "0": "N"}
_NOT_KNOWN = frozenset({"UNKNOWN", "U", "NOT KNOWN", "N/A", "NA", "-", ""})
_SEX = {"MALE": "M", "M": "M", "BOY": "M", "FEMALE": "F", "F": "F", "GIRL": "F", "NEITHER": "U", "U": "U"}
_SUITABLE = {"SUITABLE": "1", "UNSUITABLE": "2", "NOT SUITABLE": "2", "YES": "1", "NO": "2", "1": "1", "2": "2"}


def plain(text: str) -> str:
    """The words of an option without its letter: "a) Neglect" is "Neglect"."""
    return _LETTER.sub("", text).strip()


def _yes_no(text: str) -> str | None:
    words = plain(text).upper()
    return "" if words in _NOT_KNOWN else _YES_NO.get(words)


def _sex(text: str) -> str | None:
    words = plain(text).upper()
    return "U" if words.startswith(("NOT STATED", "UNBORN", "UNKNOWN", "INDETERMINATE")) else _SEX.get(words)


def _suitability(text: str) -> str | None:
    words = plain(text).upper()
    return "" if words in _NOT_KNOWN else _SUITABLE.get(words)


def _accommodation(text: str) -> str | None:
    found = re.match(r"([A-Z0])(?:[12])?(?:\W|$)", plain(text).upper())
    return found.group(1) if found else None


def _of_list(name: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        words = plain(text).upper()
        known = code_list(name).codes
        for token in re.split(r"[^A-Z0-9]+", words)[:1] + re.split(r"[^A-Z0-9]+", text.upper())[:2]:
            if token in known:
                return token
        return "" if words in _NOT_KNOWN else _by_label(name, words)

    return read


def _by_label(name: str, words: str) -> str | None:
    scores = {code.code: fuzz.ratio(words, code.label.upper()) for code in code_list(name).codes.values()}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] >= _ALIKE else None


_SPECIAL: Mapping[str, Callable[[str], str | None]] = {
    "yes_no": _yes_no,
    "sex": _sex,
    "suitability": _suitability,
    "accommodation_letter": _accommodation,
}


@cache
def reader_of(choice: str) -> Callable[[str], str | None]:
    """The function that reads a wording into a code: "" when it says it is not known, None when it is not read."""
    return _SPECIAL.get(choice) or _of_list(choice)


def read_choices(frame: pl.DataFrame, *, choices: Mapping[str, str], notes: list[str], where: str) -> pl.DataFrame:
    """The frame with each choice read into its code. What no code was found for is noted.

    Such wording stays as it is written, except where only yes or no will do: there it becomes blank.
    """
    for field, choice in choices.items():
        read = reader_of(choice)
        said = frame[field].drop_nulls()
        codes = {each: read(each) for each in said.unique(maintain_order=True)}
        blank = choice in _SPECIAL
        strange = [each for each, code in codes.items() if code is None]
        if strange:
            times = said.is_in(strange).sum()
            done = "read as blank" if blank else "kept as written"
            notes.append(f"{where}: answers in {field} that are not in its list: {times:,}; {done}.")
        new = {each: code or (each if code is None and not blank else None) for each, code in codes.items()}
        frame = frame.with_columns(pl.col(field).replace_strict(new, default=None, return_dtype=pl.String))
    return frame
