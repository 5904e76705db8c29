"""The settings of the linkage, read from data/same_person.toml and checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("data") / "same_person.toml"


@dataclass(frozen=True)
class Level:
    """One degree of agreement: its condition (empty: all else), what it says, and how often each is so (m and u)."""

    says: str
    when: str
    m: float
    u: float


@dataclass(frozen=True)
class Comparison:
    """One thing two records are compared by; `unknown` is the condition under which it says nothing."""

    name: str
    unknown: str
    levels: tuple[Level, ...]

    def says(self, gamma: int) -> str:
        """What the level of this number says; levels count up from the worst, and -1 is not known."""
        return "" if gamma < 0 else self.levels[len(self.levels) - 1 - gamma].says


@dataclass(frozen=True)
class Settings:
    """All of them."""

    doubled: float
    likely: float
    not_a_name: frozenset[str]
    apart: frozenset[str]
    never: tuple[tuple[str, str], ...]
    comparisons: tuple[Comparison, ...]

    def prior(self, people: int) -> float:
        """The share of all pairs of so many records that are of one person: the more people, the rarer."""
        return min(2 * self.doubled / max(people, 2), 0.05)


@cache
def settings() -> Settings:
    """Read the table; a comparison whose last level has a condition is refused."""
    raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    comparisons = tuple(_comparison(each) for each in raw["comparisons"])
    return Settings(
        doubled=raw["doubled"],
        likely=raw["likely"],
        not_a_name=frozenset(raw["not_a_name"]),
        apart=frozenset(raw["apart"]),
        never=tuple((each["says"], each["when"]) for each in raw["never"]),
        comparisons=comparisons,
    )


def _comparison(raw: dict[str, Any]) -> Comparison:
    levels = [
        Level(each["says"], each.get("when", ""), each.get("m", 0.0), each.get("u", 0.0)) for each in raw["levels"]
    ]
    if levels[-1].when or not all(each.when for each in levels[:-1]):
        raise ValueError(f"same_person.toml: {raw['name']} must end with one level for all else.")
    return Comparison(name=raw["name"], unknown=raw["unknown"], levels=tuple(levels))
