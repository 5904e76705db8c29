"""Where the dataset tells what the record holds: places.toml, read into expressions over facts."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from kith.statutory.returns.ssd.dataset import schema
from kith.statutory.returns.ssd.journey_parts import LONDON
from kith.statutory.timescales.fact_words import plain_kinds

ADDRESS = ("ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN", "UPRN", "EASTING", "NORTHING")
LINKS = ("span", "parent", "led_from")
_FIRST_WORD = r"^[a-z0-9_]+:"


@dataclass(frozen=True)
class Place:
    """One table as the place of one thing: which rows, under which key, and each field's columns and value."""

    table: str
    of: str
    ref: str
    key: str
    when: Mapping[str, Any]
    only: str
    unless: str
    more: bool
    uses: Mapping[str, tuple[str, ...]]
    values: Mapping[str, pl.Expr]

    def holds(self, columns: Sequence[str], *, ending: str = "") -> pl.Expr:
        """True of the rows that this place tells, by their columns (or by what they were, with an `ending`)."""
        asked = [
            _is(f"{name}{ending}" if f"{name}{ending}" in columns else name, wanted)
            for name, wanted in self.when.items()
        ]
        if self.only:
            asked.append(pl.col("ref").str.contains(f"^{self.only}"))
        if self.unless:
            asked.append(~pl.col("ref").str.contains(f"^{self.unless}"))
        return pl.all_horizontal(asked) if asked else pl.lit(True)

    @property
    def is_of_kind(self) -> pl.Expr:
        """True of the rows of the kind, and the code, that this place tells."""
        return pl.all_horizontal(_is(name, self.when[name]) for name in ("kind", "code") if name in self.when)

    @property
    def columns(self) -> set[str]:
        """The columns of the thing that decide whether it is told here, and what is."""
        return {*self.when, *(column for used in self.uses.values() for column in used)}

    @property
    def links(self) -> list[str]:
        """The fields that name another step or period."""
        return [name for name, uses in self.uses.items() if uses and uses[0] in LINKS]

    @property
    def id(self) -> pl.Expr:
        """The key of each row: what follows the beginning that a load gives its refs, or any other first word."""
        loaded = pl.col("ref").str.contains(f"^{self.ref}:")
        rest = pl.col("ref").str.replace(f"^{self.ref}:", "")
        return pl.when(loaded).then(rest).otherwise(_after_first_word("ref")).alias(self.key)


@cache
def places() -> tuple[Place, ...]:
    """Every place, in the order in which rows are put there."""
    told = tomllib.loads(Path(__file__).with_name("places.toml").read_text("utf-8"))["place"]
    return tuple(_place(each) for each in told)


def _place(said: Mapping[str, Any]) -> Place:
    kinds, fields = schema(said["table"]), {name: _form(form) for name, form in said["fields"].items()}
    return Place(
        table=said["table"],
        of=said["of"],
        ref=said["ref"],
        key=said["key"],
        when=said.get("when", {}) | ({"kind": list(plain_kinds())} if said.get("plain") else {}),
        only=said.get("only", ""),
        unless=said.get("unless", ""),
        more=said.get("more", False),
        uses={name: columns for name, (columns, _) in fields.items()},
        values={name: value.cast(kinds[name]).alias(name) for name, (_, value) in fields.items()},
    )


def _is(column: str, wanted: Any) -> pl.Expr:
    held = pl.col(column)
    return (held.is_in(wanted) if isinstance(wanted, list) else held == wanted).fill_null(False)


def _form(said: Any) -> tuple[tuple[str, ...], pl.Expr]:
    """The columns that a field is made of, and its value."""
    if isinstance(said, str):
        column, _, form = said.partition(" ")
        return (column,), _FORMS[form](column)
    if "says" in said:
        words = pl.col(said["of"]).cast(pl.String).replace_strict(said["says"], default=None, return_dtype=pl.String)
        return (said["of"],), words
    if "flags" in said:
        return tuple(said["flags"]), _flags(said["flags"], said["all"])
    if "first_of" in said:
        return tuple(said["first_of"]), pl.coalesce(said["first_of"])
    if "address" in said:
        return tuple(said["address"]), _address(*said["address"])
    if "gone_with" in said:
        return (said["gone_with"],), pl.lit(None)
    if "began_as" in said:
        return (), pl.coalesce(said["began_as"])
    if "own" in said:
        return (), _after_first_word("ref")
    return (), pl.lit(said["is"])


def _after_first_word(column: str) -> pl.Expr:
    return pl.col(column).str.replace(_FIRST_WORD, "")


def _meeting(column: str) -> pl.Expr:
    """A meeting's own number: of "meeting:conference:M1" and of "conference:kith-1" what stands last."""
    return pl.col(column).str.replace(r"^meeting:[a-z0-9_]+:", "").str.replace(_FIRST_WORD, "")


def _time(column: str) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone(LONDON).dt.strftime("%H:%M")


def _yes(column: str) -> pl.Expr:
    return pl.when(pl.col(column)).then(pl.lit("Y")).when(~pl.col(column)).then(pl.lit("N"))


def _codes(column: str) -> pl.Expr:
    """Codes of one text ("2B, 4B") as a JSON list; nothing where there is none."""
    return pl.lit('["') + pl.col(column).str.replace_all(", ", '","', literal=True) + pl.lit('"]')


_FORMS = {"": pl.col, "id": _after_first_word, "meeting": _meeting, "time": _time, "yes": _yes, "codes": _codes}


def _flags(flags: Mapping[str, Mapping[str, str]], every: Sequence[str]) -> pl.Expr:
    """An outcome as the standard writes it: every key is there, and those that are set say Y."""
    raised = [
        pl.when(pl.col(column) == value).then(pl.lit(flag)).alias(flag)
        for column, each in flags.items()
        for value, flag in each.items()
    ]
    text = pl.lit(json.dumps(dict.fromkeys(every, ""), separators=(",", ":")))
    for flag, when in zip([flag for each in flags.values() for flag in each.values()], raised, strict=True):
        text = (
            pl.when(when.is_not_null())
            .then(text.str.replace(f'"{flag}":""', f'"{flag}":"Y"', literal=True))
            .otherwise(text)
        )
    return pl.when(pl.any_horizontal(each.is_not_null() for each in raised)).then(text)


def _address(lines: str, uprn: str) -> pl.Expr:
    """The lines stand as the street: the record does not part them, and nothing is made up."""
    told = {"STREET": lines, "UPRN": uprn}
    parts = [
        pl.col(told[each]).fill_null("").alias(each) if each in told else pl.lit("").alias(each) for each in ADDRESS
    ]
    said = pl.any_horizontal(pl.col(each).is_not_null() for each in told.values())
    return pl.when(said).then(pl.struct(parts).struct.json_encode())
