"""The one decision: may this role, in these relationships, open a record with these restrictions? Pure; no database."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from .policy import ALL, KNOWN, Policy, policy

NO_TIE = "none"
SEALED, DISPOSED = "sealed", "disposed"


class Reach(StrEnum):
    """How far somebody may go: open the record, know that there is one, or nothing at all."""

    OPEN = "open"
    KNOW = "know"
    NOTHING = "nothing"


class Reason(StrEnum):
    """Why a decision fell as it did: every one that there is. The words are shown, and kept in the history."""

    RELATIONSHIP = "relationship"
    NO_RELATIONSHIP = "no_relationship"
    NO_POST = "no_post"
    BARRED = "barred"
    R1_NOT_NAMED = "r1_not_named"
    R3_SEALED = "r3_sealed"
    R4_WITHHELD = "r4_withheld"
    R5_APART = "r5_apart"
    DISPOSED = "disposed"

    @property
    def words(self) -> str:
        """The sentence for it."""
        return WORDS[self]


WORDS = {
    Reason.RELATIONSHIP: "A relationship to the child opens the record to this role.",
    Reason.NO_RELATIONSHIP: "No relationship to the child that opens the record to this role.",
    Reason.NO_POST: "No post today, so nothing opens.",
    Reason.BARRED: "Barred from this person: a relative, or an interest.",
    Reason.R1_NOT_NAMED: "The record is for named people only, and this worker is not one of them.",
    Reason.R3_SEALED: "The record is sealed by an adoption.",
    Reason.R4_WITHHELD: "The record is withheld by a court or the police.",
    Reason.R5_APART: "The record is kept apart, and this worker is not named for it.",
    Reason.DISPOSED: "The record has been disposed of.",
}
_SHUT = {"R1": Reason.R1_NOT_NAMED, "R3": Reason.R3_SEALED, "R4": Reason.R4_WITHHELD, "R5": Reason.R5_APART}


@dataclass(frozen=True)
class Decision:
    """What was decided, and why. `withheld` are the classes of field kept back although the record opens."""

    reach: Reach
    reason: Reason
    relationship: str = NO_TIE
    withheld: frozenset[str] = frozenset()

    @property
    def allowed(self) -> bool:
        """Whether the record opens."""
        return self.reach == Reach.OPEN

    @property
    def known(self) -> bool:
        """Whether it may be known that there is such a record."""
        return self.reach != Reach.NOTHING


def decide(
    *,
    role: str,
    ties: Set[str],
    levels: Set[str] = frozenset(),
    barred: bool = False,
    state: str = "open",
    shown_anyway: bool = False,
    table: Policy | None = None,
) -> Decision:
    """Decide. `ties` are the relationships to this person today, `levels` the restrictions on the record.

    `shown_anyway` is a grant that says it shows where somebody is. Whatever the table does not allow is refused.
    """
    rules = table or policy()
    if role not in rules.roles:
        return Decision(Reach.NOTHING, Reason.NO_POST)
    if barred:
        return Decision(Reach.NOTHING, Reason.BARRED)
    if state == DISPOSED:
        return Decision(Reach.NOTHING, Reason.DISPOSED)
    shut = _shut_by(rules, levels | ({"R3"} if state == SEALED else set()), ties)
    if shut is not None:
        return Decision(Reach.NOTHING, shut)
    opening = ties & rules.roles[role].opens
    if not opening:
        reach = Reach.KNOW if rules.roles[role].knows == ALL else Reach.NOTHING
        return Decision(reach, Reason.NO_RELATIONSHIP, withheld=_withheld(rules, levels, frozenset(), False))
    nearest = next(each for each in rules.relationships if each in opening)
    kept_back = _withheld(rules, levels, opening, shown_anyway)
    return Decision(Reach.OPEN, Reason.RELATIONSHIP, relationship=nearest, withheld=kept_back)


def may_break_glass(
    *, role: str, levels: Set[str] = frozenset(), barred: bool = False, state: str = "open", table: Policy | None = None
) -> bool:
    """Whether the record may open to this role in an emergency: never to the barred, never what is sealed."""
    rules = table or policy()
    if role not in rules.roles or barred or state in (SEALED, DISPOSED):
        return False
    return "break_glass" in rules.roles[role].opens and (levels or {"R0"}) <= rules.emergency.restrictions


def may_list(role: str, decision: Decision, table: Policy | None = None) -> bool:
    """Whether a list or a count may hold this person: those one may open, or, for some roles, all one may know of."""
    rules = table or policy()
    return decision.allowed or (decision.known and rules.roles[role].lists == KNOWN)


def _shut_by(rules: Policy, levels: Set[str], ties: Set[str]) -> Reason | None:
    """Why a restriction shuts the record to somebody with these ties, the strictest first; nothing if none does.

    A level that the table does not know shuts it too: a slip of the pen must not open a record.
    """
    for level in sorted(levels, reverse=True):
        row = rules.levels.get(level)
        if row is None:
            return Reason.R4_WITHHELD
        if row.opened_by and not row.opened_by & ties:
            return _SHUT.get(level, Reason.R4_WITHHELD)
    return None


def _withheld(rules: Policy, levels: Set[str], ties: Set[str], shown_anyway: bool) -> frozenset[str]:
    rows = [rules.levels[level] for level in levels if level in rules.levels]
    kept = [row.withholds for row in rows if not (row.except_from & ties) and not shown_anyway]
    return frozenset().union(*kept)
