"""A control: an expectation in a sentence, the fact that raises it, and what must be there for it to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from kith.statutory.timescales.counts import Count
from kith.statutory.timescales.rules import Watch

Requires = Literal["at_least_one", "exactly_one", "none", "one_current"]

# What each requirement asks for, as the rule files and the refusals say it.
REQUIRES: dict[Requires, str] = {
    "at_least_one": "at least one such fact, from the day it was expected until the day it is due",
    "exactly_one": "exactly one such fact in that time",
    "none": "no such fact in that time",
    "one_current": "exactly one such period running on the day it is due",
}

# One row for each time the expectation arose: whether it held, and whether that can be said yet.
EXPECTED_SCHEMA: dict[str, pl.DataType] = {
    "child": pl.String(),
    "ref": pl.String(),  # the fact that raised the expectation
    "day": pl.Date(),  # the day it arose: the day it counts on
    "due_on": pl.Date(),
    "found": pl.Int64(),  # how many matching facts there were in time
    "met_on": pl.Date(),  # the day of the first of them
    "later_on": pl.Date(),  # the day of the first after it was due, where there was one
    "met_by": pl.String(),
    "judged": pl.Boolean(),  # false while it can still go either way
    "held": pl.Boolean(),
}

DAYS_SCHEMA: dict[str, pl.DataType] = {"day": pl.Date(), "expected": pl.Int64(), "held": pl.Int64()}


@dataclass(frozen=True, slots=True)
class Control:
    """One control, as its file has it."""

    id: str
    name: str
    sentence: str
    why: str
    citation: str
    checked: str
    standing: str
    owner: str  # the role it falls to
    one: str  # what is counted: "child discussed"
    many: str
    expects: Watch
    holds: Watch
    requires: Requires
    within: Count
    held_words: str
    not_held_words: str
    aim: float  # the percentage that is aimed for
    stopped_below: float  # under this percentage, lately, it is said to have stopped

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it looks at; a period that must be current is read with its end."""
        ends = (self.holds.fact.replace(".started", ".ended"),) if self.requires == "one_current" else ()
        return (self.expects.fact, self.holds.fact, *ends)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of step and period that it looks at."""
        return frozenset(fact.split(".")[0] for fact in self.facts)
