"""What each role's first page shows, read from data/today.toml; a plan that cannot be followed is refused by name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kith.foundation.access.policy import policy
from kith.vocabulary.errors import KithError

TABLE = Path(__file__).with_name("data") / "today.toml"
SOURCES = ("window", "work", "due", "running", "promises", "counts", "emergencies", "returns")
WHOSE = ("mine", "my_team", "everybody")


class BadPlan(KithError):
    """today.toml asks for something that is not there."""


@dataclass(frozen=True)
class Group:
    """One group: where its lines come from, and by which filters they are counted and listed."""

    key: str
    source: str
    title: str
    filters: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    by: str = ""


@dataclass(frozen=True)
class RolePlan:
    """One role's page: whose work it begins with, the subject it keeps to (if any), and its groups in order."""

    whose: str
    groups: tuple[Group, ...]
    subject: str = ""


@dataclass(frozen=True)
class Plan:
    """The whole table."""

    first: int
    groups: Mapping[str, Group]
    roles: Mapping[str, RolePlan]


@cache
def plan() -> Plan:
    """The plan that comes with Kith, read once."""
    return read_plan(tomllib.loads(TABLE.read_text(encoding="utf-8")))


def read_plan(data: Mapping[str, Any]) -> Plan:
    """A plan from its parsed table. Raises BadPlan, naming the group or the role."""
    groups = {key: _group(key, row) for key, row in data["groups"].items()}
    roles = {key: _role(key, row, groups) for key, row in data["roles"].items()}
    if missing := sorted(set(policy().roles) - set(roles)):
        raise BadPlan(f"today.toml has no page for {', '.join(missing)}.", mend="Give each role its groups.")
    return Plan(first=int(data["first"]), groups=groups, roles=roles)


def _group(key: str, row: Mapping[str, Any]) -> Group:
    if row.get("source") not in SOURCES:
        raise BadPlan(f"today.toml: group {key} has no known source.", mend=f"Use one of: {', '.join(SOURCES)}.")
    return Group(key=key, **row)


def _role(key: str, row: Mapping[str, Any], groups: Mapping[str, Group]) -> RolePlan:
    unknown = [name for name in row["groups"] if name not in groups]
    if unknown:
        raise BadPlan(f"today.toml: role {key} names the unknown group {unknown[0]}.", mend="Mend its name.")
    if row["whose"] not in WHOSE:
        raise BadPlan(f"today.toml: role {key} looks at “{row['whose']}”.", mend=f"Use one of: {', '.join(WHOSE)}.")
    if len(row["groups"]) > 9:
        raise BadPlan(f"today.toml: role {key} has more groups than a person can take in.", mend="Keep nine at most.")
    return RolePlan(row["whose"], tuple(groups[name] for name in row["groups"]), row.get("subject", ""))
