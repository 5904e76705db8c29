"""The plain kinds of work, read from their files: what each is called, which days it asks for, what it belongs to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kith.record.steps.kinds import Kind
from kith.statutory.timescales.facts import PERIOD_KINDS, STEP_MOMENTS
from kith.statutory.timescales.loading import rule_book

DATA = Path(__file__).with_name("data")
RECORD = "record_work"
HOME = "home"


@dataclass(frozen=True)
class PlainKind:
    """One plain kind, as its file has it.

    `asks` says the question for each moment asked (of STEP_MOMENTS, in their order); `under` the kinds of period it
    belongs to, the first that the child has; `under_of` the same for each code; `follows` what it follows, which must
    be named, and `may_follow` what may be. `closes`: it is finished by being saved, whatever day is asked.
    """

    key: str
    name: str
    plural: str
    asks: Mapping[str, str]
    words: str
    group: str = ""
    capability: str = RECORD
    code_asked: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    outcome_asked: str = ""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    under: tuple[str, ...] = ()
    under_of: Mapping[str, str] = field(default_factory=dict)
    follows: tuple[str, ...] = ()
    may_follow: tuple[str, ...] = ()
    closes: bool = False

    @property
    def closed_by_saving(self) -> bool:
        """Whether nothing more is to come: no end is asked for, or the kind says so."""
        return self.closes or not {"happened", "done"} & set(self.asks)

    @property
    def finishes(self) -> str:
        """The moment that ends one."""
        return "happened" if "happened" in self.asks and "done" not in self.asks and not self.closes else "done"

    @property
    def followed(self) -> tuple[str, ...]:
        """The kinds that it follows, or may."""
        return (*self.follows, *self.may_follow)

    def spans(self, code: str) -> tuple[str, ...]:
        """The kinds of period that one of this code belongs to."""
        return (self.under_of[code],) if code in self.under_of else self.under

    def as_kind(self) -> Kind:
        """The same as a kind of step."""
        return Kind(
            key=self.key,
            name=self.name,
            plural=self.plural,
            codes=self.codes,
            outcomes=self.outcomes,
            capability=self.capability,
            edit="plain_work:change",
            finishes=self.finishes,
        )


@cache
def plain_kinds() -> Mapping[str, PlainKind]:
    """Every plain kind by its key, in the order of the files. Raises ValueError where a file says what cannot be."""
    found: dict[str, PlainKind] = {}
    for file in sorted(DATA.glob("*.toml")):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        shared = {name: value for name, value in told.items() if name != "kind"}
        for row in told["kind"]:
            one = PlainKind(**shared, **{name: _frozen(value) for name, value in row.items()})
            for wrong in _wrong(one, found):
                raise ValueError(f"{file.name}, kind “{one.key}”: {wrong}.")
            found[one.key] = one
    return found


def groups() -> dict[str, list[PlainKind]]:
    """The plain kinds by their group, as a page lists them."""
    found: dict[str, list[PlainKind]] = {}
    for each in plain_kinds().values():
        found.setdefault(each.group, []).append(each)
    return found


@cache
def timed() -> frozenset[str]:
    """The facts of which a rule counts hours, or to a time of day: for these the time is asked for too."""
    rules = [rule for rule in rule_book().whole if rule.count.unit == "H" or rule.count.clock]
    return frozenset(watch.fact for rule in rules for watch in (*rule.opened_by, *rule.completed_by))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _wrong(one: PlainKind, known: Mapping[str, PlainKind]) -> Iterator[str]:
    if one.key in known:
        yield "there is another of that name"
    if not one.asks or set(one.asks) - set(STEP_MOMENTS):
        yield f"it must ask for some of {', '.join(STEP_MOMENTS)}, and for nothing else"
    if bool(one.codes) != bool(one.code_asked) or bool(one.outcomes) != bool(one.outcome_asked):
        yield "a choice needs its question, and a question its choice"
    if strange := {*one.under, *one.under_of.values()} - set(PERIOD_KINDS):
        yield f"{sorted(strange)[0]} is no kind of period"
    if set(one.under_of) - set(one.codes):
        yield "it says what a code belongs to that it does not have"
