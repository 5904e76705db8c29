"""The policy table: which role may do what, by which relationships a record opens, what a restriction means."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("policy.toml")
ALL, OPENED, KNOWN = "all", "opened", "known"


@dataclass(frozen=True)
class Role:
    """One role of the policy table."""

    key: str
    title: str
    opens: frozenset[str]  # relationships that open a record to it
    knows: str  # "all", or "opened"
    lists: str  # "opened", or "known"
    duty: tuple[str, ...]
    may: frozenset[str]


@dataclass(frozen=True)
class Level:
    """What one restriction means. To all but `opened_by` there is no such record; empty leaves it to the role."""

    key: str
    title: str
    opened_by: frozenset[str] = frozenset()
    withholds: frozenset[str] = frozenset()
    except_from: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Emergency:
    """What opening a record in an emergency allows, and how soon somebody looks at it."""

    minutes: int
    review_working_days: int
    restrictions: frozenset[str]
    whereabouts: frozenset[str]  # roles to which a shielded place is shown
    enquiry: tuple[str, ...]  # kinds of unfinished work about the child that show it to others


@dataclass(frozen=True)
class Policy:
    """The whole table."""

    capabilities: dict[str, str]
    relationships: dict[str, str]  # the nearest first
    levels: dict[str, Level]
    lingering: int  # days
    emergency: Emergency
    grants: dict[str, dict[str, Any]]
    roles: dict[str, Role]

    def may(self, *, role: str, capability: str) -> bool:
        """Whether `role` may do `capability`; an unknown role may do nothing, an unknown capability is a bug."""
        if capability not in self.capabilities:
            raise KeyError(f"No such capability in policy.toml: {capability}")
        return role in self.roles and capability in self.roles[role].may

    @property
    def hiding(self) -> tuple[str, ...]:
        """The restrictions by which there is no such record for those whom they do not let in."""
        return tuple(key for key, level in self.levels.items() if level.opened_by)


@cache
def policy() -> Policy:
    """Read policy.toml, refusing a row that names what the table does not define."""
    return read_policy(tomllib.loads(TABLE.read_text(encoding="utf-8")))


def read_policy(raw: Mapping[str, Any]) -> Policy:
    """A policy from its parsed table. Raises ValueError, naming the row and the word."""
    ties = raw["relationships"]
    _known("grants", raw["grants"], ties)
    return Policy(
        capabilities=raw["capabilities"],
        relationships=ties,
        levels={key: _level(key, row, ties) for key, row in raw["restrictions"].items()},
        lingering=int(raw["lingering"]["days"]),
        emergency=_emergency(raw),
        grants=raw["grants"],
        roles={key: _role(key, row, raw) for key, row in raw["roles"].items()},
    )


def _role(key: str, row: Mapping[str, Any], raw: Mapping[str, Any]) -> Role:
    _known(f"role {key}", row["may"], raw["capabilities"])
    _known(f"role {key}", row["opens"], raw["relationships"])
    _known(f"role {key}", row["duty"], raw["duties"])
    _known(f"role {key}", [row["knows"]], (ALL, OPENED))
    _known(f"role {key}", [row["lists"]], (OPENED, KNOWN))
    return Role(
        key=key,
        title=str(row["title"]),
        opens=frozenset(row["opens"]),
        knows=row["knows"],
        lists=row["lists"],
        duty=tuple(row["duty"]),
        may=frozenset(row["may"]),
    )


def _level(key: str, row: Mapping[str, Any], ties: Mapping[str, str]) -> Level:
    for name in ("opened_by", "except_from"):
        _known(f"restriction {key}", row.get(name, ()), ties)
    sets = {name: frozenset(row.get(name, ())) for name in ("opened_by", "withholds", "except_from")}
    if sets["withholds"] and sets["opened_by"]:  # what is withheld is read only when a page would show it
        raise ValueError(f"policy.toml: restriction {key} hides the record and fields of it; make it two.")
    return Level(key=key, title=row["title"], **sets)


def _emergency(raw: Mapping[str, Any]) -> Emergency:
    row = raw["break_glass"]
    _known("break_glass", row["restrictions"], raw["restrictions"])
    _known("break_glass", row["whereabouts"], raw["roles"])
    return Emergency(
        minutes=int(row["minutes"]),
        review_working_days=int(row["review_working_days"]),
        restrictions=frozenset(row["restrictions"]),
        whereabouts=frozenset(row["whereabouts"]),
        enquiry=tuple(row["enquiry"]),
    )


def _known(where: str, words: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(words) - set(known))
    if unknown:
        raise ValueError(f"policy.toml: {where} names {', '.join(unknown)}, which the table does not define.")
