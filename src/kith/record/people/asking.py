"""What somebody typed to find a person, taken apart: names, date of birth, postcode, part of an address, numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kith.analysis.linkage.name_keys import tokens

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIGURES = re.compile(r"\b(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})\b")
_SAID = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.?,? (\d{4}|\d{2})\b", re.IGNORECASE)
_RUN = re.compile(r"(?<!\d)(\d{2})(\d{2})((?:19|20)\d{2})(?!\d)")
_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})\b", re.IGNORECASE)
_DISTRICT = re.compile(r"^[a-z]{1,2}\d{1,2}[a-z]?( \d)?$", re.IGNORECASE)
_GROUPED = re.compile(r"(?<!\S)\d{3}[ -]\d{3}[ -]\d{4}(?!\S)")  # an NHS number as it is written
_STREET = re.compile(
    r"(street|st|road|rd|lane|ln|avenue|ave|close|cl|court|ct|place|pl|drive|dr|way|gardens|gdns|grove|hill|house"
    r"|square|sq|terrace|walk|row|mews|crescent|quay|wharf|park|green|rise|view)"
)


@dataclass(frozen=True)
class Asked:
    """What was asked for. Any part may be empty; `nothing` is true when all are.

    `either`: the same words may be a name or a street ("Rose Hill"), and answering one of the two is enough.
    """

    names: tuple[str, ...] = ()
    born_on: date | None = None
    postcode: str = ""  # whole ("RV1 2AB") or its beginning ("RV1")
    address: tuple[str, ...] = ()  # words that must all be in the lines
    numbers: tuple[str, ...] = ()  # identifiers, in each form they may be kept in
    either: bool = False

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.names or self.born_on or self.postcode or self.address or self.numbers)


def asked(text: str, *, on: date) -> Asked:
    """Take apart what was typed in one box. `on` tells which century a year of two figures is in."""
    run = _RUN.search(text)  # eight figures may be a date or a number: both are looked for
    left, born_on = _take_date(text.strip(), on)
    left, numbers = _take_grouped(left)
    numbers += _forms(run[0]) if run else ()
    left, postcode = _take_postcode(left)
    words = [word.strip(",.;") for word in left.split()]
    if _starts_with_house_number(words):
        return Asked(born_on=born_on, postcode=postcode, address=tokens(left), numbers=numbers)
    kept = [word for word in words if not any(figure.isdigit() for figure in word)]
    numbers += tuple(form for word in words if word not in kept for form in _forms(word))
    names = tokens(" ".join(kept))
    street = names if len(names) > 1 and not postcode and _STREET.fullmatch(names[-1]) else ()
    return Asked(names, born_on, postcode, street, numbers, either=bool(street))


def date_in(text: str, *, on: date) -> date | None:
    """The date typed, in any common form: 3/4/2015, 3-4-15, 2015-04-03, 03042015, 3 April 2015; else nothing."""
    return _take_date(text.strip(), on)[1]


def _take_date(text: str, on: date) -> tuple[str, date | None]:
    for pattern, read in ((_FIGURES, _of_figures), (_SAID, _of_words), (_RUN, _of_figures)):
        for match in pattern.finditer(text):
            if (day := read(*match.groups(), on=on)) is not None:
                return f"{text[: match.start()]} {text[match.end() :]}".strip(), day
    return text, None


def _of_figures(first: str, month: str, last: str, *, on: date) -> date | None:
    day, year = (last, first) if len(first) == 4 else (first, last)
    return _day(int(year), len(year), int(month), int(day), on)


def _of_words(day: str, month: str, year: str, *, on: date) -> date | None:
    name = month[:3].lower()
    return _day(int(year), len(year), MONTHS.index(name) + 1, int(day), on) if name in MONTHS else None


def _day(year: int, figures: int, month: int, day: int, on: date) -> date | None:
    if figures == 2:
        year += 2000 if year <= on.year % 100 + 1 else 1900  # a child soon to be born has next year's figures
    try:
        return date(year, month, day) if figures != 3 else None
    except ValueError:
        return None


def _take_grouped(text: str) -> tuple[str, tuple[str, ...]]:
    found = tuple(form for match in _GROUPED.findall(text) for form in _forms(re.sub(r"[ -]", "", match)))
    return _GROUPED.sub(" ", text), found


def _take_postcode(text: str) -> tuple[str, str]:
    if match := _POSTCODE.search(text):
        postcode = f"{match[1]} {match[2]}".upper()
        return f"{text[: match.start()]} {text[match.end() :]}", postcode
    return ("", text.strip().upper()) if _DISTRICT.match(text.strip()) else (text, "")


def _starts_with_house_number(words: list[str]) -> bool:
    """A house number before a name, perhaps of a flat: "12 Quay Street", "Flat 3 Rose Court"."""
    plain = [word.lower() for word in words if word.lower() not in ("flat", "unit", "room")]
    return len(plain) > 1 and plain[0].rstrip("abcdef").isdigit() and len(plain[0]) < 5


def _forms(number: str) -> tuple[str, ...]:
    """The ways one number may have been written down."""
    plain = number.strip()
    whole = plain.replace("-", "").replace(" ", "")
    grouped = f"{whole[:3]} {whole[3:6]} {whole[6:]}" if len(whole) == 10 and whole.isdigit() else whole
    return tuple(dict.fromkeys((plain, plain.upper(), whole, whole.upper(), grouped)))
