"""The measures that come with Kith, read once from their file; one that could mislead is refused by name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kith.record.deadlines.measuring import BASES
from kith.statutory.timescales.loading import rule_book
from kith.vocabulary.errors import KithError

TABLE = Path(__file__).with_name("data") / "timeliness.toml"
COUNTS = {"in_time": "met in time", "late": "past their day", "met": "met, whenever that was"}


class BadMeasure(KithError):
    """A measure asks for something that is not there."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure, as its file has it."""

    id: str
    name: str
    theme: str
    rules: tuple[str, ...]
    basis: str  # one of BASES
    counts: str  # one of COUNTS
    better: str  # high or low
    published_numerator: str
    published_denominator: str
    filters: str
    source: str

    @property
    def running(self) -> tuple[str, ...]:
        """Its rules that run: the others wait for a fact that Kith does not hold."""
        kept = {rule.id for rule in rule_book().rules}
        return tuple(rule for rule in self.rules if rule in kept)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The facts that its other rules wait for."""
        facts = [fact for rule in rule_book().waiting if rule.id in self.rules for fact in rule.waits_for]
        return tuple(dict.fromkeys(facts))


@cache
def measures() -> dict[str, Measure]:
    """Every measure by its id, in the order of the file. Raises BadMeasure."""
    return read_measures(tomllib.loads(TABLE.read_text(encoding="utf-8")))


def read_measures(data: Mapping[str, Any]) -> dict[str, Measure]:
    """Measures from their parsed table. Raises BadMeasure, naming the measure and the mend."""
    found: dict[str, Measure] = {}
    for row in data["measure"]:
        measure = Measure(**{**row, "rules": tuple(row["rules"])})
        _check(measure, found)
        found[measure.id] = measure
    return found


def _check(measure: Measure, found: Mapping[str, Measure]) -> None:
    book = rule_book()
    known = {rule.id for rule in (*book.rules, *book.waiting)}
    if measure.id in found:
        raise BadMeasure(f"Two measures are called “{measure.id}”.", mend="Give each an id of its own.")
    for name, allowed in (("basis", BASES), ("counts", COUNTS), ("better", {"high": "", "low": ""})):
        if getattr(measure, name) not in allowed:
            raise BadMeasure(f"{measure.id}: {name} is “{getattr(measure, name)}”.", mend=f"Use {', '.join(allowed)}.")
    if unknown := [rule for rule in measure.rules if rule not in known] or ([] if measure.rules else ["no rule"]):
        raise BadMeasure(f"{measure.id} counts {unknown[0]}, which is no rule.", mend="Name rules of the book.")


def measures_of(rules: frozenset[str]) -> list[Measure]:
    """The measures that count any of these rules."""
    return [each for each in measures().values() if rules & set(each.running)]
