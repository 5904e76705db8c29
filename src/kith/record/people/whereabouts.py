"""What says where somebody is, and how it is taken out: one list a practitioner can read, one way of withholding."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.db import models

TABLE = Path(__file__).with_name("whereabouts.toml")
TEXTS = (models.CharField, models.TextField)
WITHHELD = "[withheld]"
SHORTEST = 5  # letters and figures below which a value is too common a word to be looked for in a text
_KEY_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")  # of "PL_POST", "SchoolName", "addr_address_postcode"
_SPLIT = re.compile(r"[\s,]+")
_NUMBER_FIRST = re.compile(r"^(?:flat|unit|room)?\s*\d+[a-z]?[\s,]+", re.IGNORECASE)
_POSTCODE = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}$", re.IGNORECASE)


@dataclass(frozen=True)
class Listed:
    """The table: columns by kind of row, the relationships that are carers, and the keys of a source's row."""

    columns: Mapping[str, tuple[str, ...]]
    carers: tuple[str, ...]
    agencies: tuple[str, ...]
    keys: frozenset[str]
    words: frozenset[str]

    def of(self, model: type[models.Model]) -> tuple[str, ...]:
        """The columns of a kind of row that say where somebody is."""
        return self.columns.get(model._meta.label, ())

    def tells(self, key: str) -> bool:
        """Whether a key of a source's row says where somebody is."""
        return key in self.keys or not self.words.isdisjoint(each.casefold() for each in _KEY_WORD.findall(key))


@cache
def listed() -> Listed:
    """Read whereabouts.toml."""
    raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return Listed(
        columns={label: tuple(columns) for label, columns in raw["columns"].items()},
        carers=tuple(raw["carers"]["kinds"]),
        agencies=tuple(raw["agencies"]["telling"]),
        keys=frozenset(raw["details"]["keys"]),
        words=frozenset(raw["details"]["words"]),
    )


Said = Callable[[Iterable[int]], Iterable[str]]
_told: list[Said] = []


def told_by(source: Said) -> None:
    """Say where else places of people are kept: `source` gives every place known of these people, by their ids."""
    if source not in _told:
        _told.append(source)


def places_of(people: Iterable[int]) -> list[str]:
    """Every place known of these people, from every app that keeps some. Ask only for people who are withheld."""
    ids = list(people)
    return [place for source in _told for place in source(ids) if place]


@dataclass(frozen=True)
class Veil:
    """Takes places out of texts: those known of the people it was made for. An empty one changes nothing."""

    found: re.Pattern[str] | None = None

    def over(self, text: str) -> str:
        """The text without any known place; what stood there is said to be withheld."""
        return self.found.sub(WITHHELD, text) if self.found and text else text

    def over_all(self, values: Any) -> Any:
        """The same for a text, a list or the values of a mapping, however deep; keys that tell a place go whole."""
        if isinstance(values, str):
            return self.over(values)
        if isinstance(values, Mapping):
            return {key: WITHHELD if listed().tells(str(key)) else self.over_all(each) for key, each in values.items()}
        if isinstance(values, list | tuple):
            return [self.over_all(each) for each in values]
        return values


OPEN = Veil()


def veil_of(places: Iterable[str]) -> Veil:
    """A veil over these places, however they are spaced: a whole address, its street, a postcode, a number."""
    wanted = {pattern for place in places for pattern in _patterns(place)}
    if not wanted:
        return OPEN
    either = "|".join(sorted(wanted, key=len, reverse=True))
    return Veil(re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE))


def _patterns(place: str) -> set[str]:
    whole = place.strip()
    close = re.sub(r"[^0-9A-Za-z]", "", whole)
    if _POSTCODE.match(whole) or (close.isdigit() and len(close) >= SHORTEST):
        return {r"[\s-]*".join(map(re.escape, close))}
    parts = [whole, *_house_and_street(whole)]
    parts += [_NUMBER_FIRST.sub("", part) for part in parts]
    return {_spaced(part) for part in parts if len(re.sub(r"\W", "", part)) >= SHORTEST}


def _house_and_street(lines: str) -> list[str]:
    """The parts of an address, but for the town at its end: "12, Quay Street, Riverside" gives "12, Quay Street"."""
    parts = [part.strip() for part in lines.split(",") if part.strip()]
    inner = parts[:-1] if len(parts) > 1 else parts
    joined = ", ".join(inner)
    return [joined, *(part for part in inner if not part.isdigit())]


def _spaced(words: str) -> str:
    return r"[\s,]+".join(re.escape(word) for word in _SPLIT.split(words) if word)


def withhold(row: Any, veil: Veil = OPEN) -> Any:
    """A row with every column that says where somebody is emptied, and known places taken out of its other texts.

    Gives the row, whose `veiled` says whether a text of it lost a place: nobody may write over such a text, and what
    was taken out cannot be saved.
    """
    hidden, emptied, lost = listed().of(type(row)), set[str](), set[str]()
    for field in row._meta.concrete_fields:
        if field.attname not in row.__dict__:
            continue  # deferred: it was not read, and must not be now
        value = row.__dict__[field.attname]
        if field.name in hidden:
            emptied.add(field.name)
            setattr(row, field.attname, None if field.null else "")
        elif isinstance(value, dict | list) or (isinstance(field, TEXTS) and field.name != "ref" and value):
            setattr(row, field.attname, veil.over_all(value))
            lost |= {field.name} if getattr(row, field.attname) != value else set()
    row.veiled = getattr(row, "veiled", False) or bool(lost)
    row.save = partial(_save, row, emptied | lost)
    return row


def _save(row: Any, missing: set[str], *args: Any, update_fields: Iterable[str] | None = None, **how: Any) -> None:
    """Refuse to write a row over itself without its places; other columns of it may be written."""
    if update_fields is None or missing & set(update_fields):
        raise RuntimeError("A row from which whereabouts were withheld was saved over the whole one.")
    type(row).save(row, *args, update_fields=update_fields, **how)


def withheld_columns(table: str, values: Mapping[str, Any], veil: Veil = OPEN) -> dict[str, Any]:
    """A row as the history keeps it (column to value), by its table's name, without what says where somebody is."""
    hidden = _by_table().get(table, ())
    return {name: WITHHELD if name in hidden and value else veil.over_all(value) for name, value in values.items()}


@cache
def _by_table() -> dict[str, tuple[str, ...]]:
    from django.apps import apps

    return {apps.get_model(label)._meta.db_table: columns for label, columns in listed().columns.items()}
