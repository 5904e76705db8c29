"""What must be answered, read from the reviewed tables beside this file. It shares no code with the application."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
OPEN, KNOW, NOTHING = "open", "know", "nothing"

# What a child of the world is to the viewer, and the relationship that the policy should see in it. Work makes a
# relationship only for the roles that have it as a duty; a part in a child's life that ended long ago makes none.
TIES = {
    "allocated": "allocated",
    "allocated_lately": "allocated",
    "allocated_long_ago": "",
    "co_worker": "co_worker",
    "reviewing_officer": "reviewing_officer",
    "team": "team_duty",
    "team_below": "supervisor_chain",
    "another_team": "",
    "work_of_team": "unfinished_work",
    "front_door": "front_door",
    "missing_lately": "missing",
    "family": "family",
    "night": "night_team_on_shift",
    "named": "named",
    "adoption_officers": "adoption_officers",
    "audit_sample": "audit_sample",
    "records_request": "records_request",
    "partner_purpose": "partner_purpose",
    "break_glass": "break_glass",
    "grant_over": "",
    "none": "",
}
LEVELS = ("R0", "R1", "R2", "R3", "R4", "R5", "barred", "closed")


@dataclass(frozen=True)
class Route:
    """One address: which methods it takes, what somebody must be able to do, and what its number is of."""

    pattern: str
    methods: tuple[str, ...]
    capability: str
    about: str

    @property
    def judged_when_open(self) -> bool:
        """Whether being let in can be told from the answer: a few answer 404 for what an empty form leaves out."""
        return not self.about.endswith("?")

    @property
    def kind(self) -> str:
        """What the number in the address is of."""
        return self.about.rstrip("?")


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _route(row: dict[str, str]) -> Route:
    return Route(row["pattern"], tuple(row["methods"].split()), row["capability"], row["about"])


ROUTES = {row["pattern"]: _route(row) for row in _rows("routes")}
ROLES = {row["role"]: {name: set(row[name].split()) for name in ("opens", "duties")} for row in _rows("roles")}
KNOWING = {row["role"] for row in _rows("roles") if row["knows"] == "all"}
EMERGENCY = {row["role"] for row in _rows("roles") if row["emergency"] == "yes"}
SHUT = {row["level"]: set(row["opened_by"].split()) for row in _rows("levels")}
IN_EMERGENCY = {row["level"] for row in _rows("levels") if row["emergency"] == "yes"}
MAY = {(role, row["capability"]) for row in _rows("capabilities") for role in ROLES if row[role] == "x"}


def tie_of(role: str, tie: str) -> str:
    """The relationship that a tie of the world is to this role; nothing where it is none."""
    said = TIES[tie]
    if said in ("unfinished_work", "front_door", "missing"):
        if said not in ROLES[role]["duties"]:
            return ""
        return "supervisor_chain" if "supervisor_chain" in ROLES[role]["opens"] else "team_duty"
    if tie == "team" and "supervisor_chain" in ROLES[role]["opens"]:
        return "supervisor_chain"  # a manager supervises the work of her own team
    return said


def reach(role: str, tie: str, level: str) -> str:
    """How far somebody of this role may go with a record: open, know, or nothing."""
    if level == "barred":
        return NOTHING
    said = tie_of(role, tie)
    if SHUT.get(level) and said not in SHUT[level]:
        return NOTHING
    if said and said in ROLES[role]["opens"]:
        return OPEN
    return KNOW if role in KNOWING else NOTHING


def expected(route: Route, method: str, role: str, found: str) -> str:
    """What the answer must be: "forbidden", "no such method", "nothing there" or "let in"."""
    if (role, route.capability) not in MAY:
        return "forbidden"
    if method not in route.methods:
        return "no such method"
    if route.kind == "known":
        return "nothing there" if found == NOTHING else "let in"
    return "let in" if found == OPEN else "nothing there"
