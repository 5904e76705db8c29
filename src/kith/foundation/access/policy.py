"""The policy table: which role may do what. Deny by default."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("policy.toml")


@dataclass(frozen=True)
class Role:
    """One role of the policy table."""

    key: str
    title: str
    children: str
    may: frozenset[str]


@dataclass(frozen=True)
class Policy:
    """The whole table."""

    capabilities: dict[str, str]
    roles: dict[str, Role]

    def may(self, *, role: str, capability: str) -> bool:
        """Whether `role` may do `capability`; an unknown role may do nothing, an unknown capability is a bug."""
        if capability not in self.capabilities:
            raise KeyError(f"No such capability in policy.toml: {capability}")
        return role in self.roles and capability in self.roles[role].may


@cache
def policy() -> Policy:
    """Read policy.toml, refusing a role that names a capability the table does not define."""
    raw = tomllib.loads(TABLE.read_text())
    roles = {key: _role(key, row, raw["capabilities"]) for key, row in raw["roles"].items()}
    return Policy(capabilities=raw["capabilities"], roles=roles)


def _role(key: str, row: dict[str, object], known: dict[str, str]) -> Role:
    may = frozenset(row["may"])  # type: ignore[call-overload]
    unknown = sorted(may - set(known))
    if unknown:
        raise ValueError(f"policy.toml: role {key} names {', '.join(unknown)}, which [capabilities] does not define.")
    return Role(key=key, title=str(row["title"]), children=str(row["children"]), may=may)
