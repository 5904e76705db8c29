"""A control: an expectation in a sentence, what raises it, and what must be there for it to hold."""

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

HowMany = Literal["at_least_one", "exactly_one", "at_most_one"]

# How many periods must run beside another at the end of a day, as the rule files and the refusals say it.
HOW_MANY: dict[HowMany, str] = {
    "at_least_one": "at least one such period running",
    "exactly_one": "exactly one such period running",
    "at_most_one": "no more than one such period running",
}

# One row for each turn of a clock, as the record or a dataset has worked it out; a promise is a clock with its own day.
TURNS_SCHEMA: dict[str, pl.DataType] = {
    "child": pl.String(),
    "rule": pl.String(),
    "ref": pl.String(),  # what opened it
    "due_on": pl.Date(),
    "met_on": pl.Date(),
    "met_by": pl.String(),
    "late": pl.Boolean(),  # met after it was due
    "ended_on": pl.Date(),  # no longer needed from this day
}

# One row for each stretch of time that one thing in a child's life ran: a period, or somebody's part in it.
SPANS_SCHEMA: dict[str, pl.DataType] = {
    "child": pl.String(),
    "kind": pl.String(),
    "ref": pl.String(),
    "started_on": pl.Date(),
    "ended_on": pl.Date(),
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
class OnFacts:
    """Each time a fact comes, another must follow in time (or be there, or not be)."""

    expects: Watch
    holds: Watch
    requires: Requires
    within: Count

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it looks at; a period that must be current is read with its end."""
        ends = (self.holds.fact.replace(".started", ".ended"),) if self.requires == "one_current" else ()
        return (self.expects.fact, self.holds.fact, *ends)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of step and period that it looks at."""
        return frozenset(fact.split(".")[0] for fact in self.facts)


@dataclass(frozen=True, slots=True)
class OnClocks:
    """Each turn of these clocks is met in time: it counts on the day it falls due."""

    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EachDay:
    """At the end of each day, whoever has a period running has so many of another beside it."""

    of: str
    has: str
    how_many: HowMany
    settled: int  # calendar days that `of` must have been running before it is asked


@dataclass(frozen=True, slots=True)
class Control:
    """One control, as its file has it."""

    id: str
    name: str
    sentence: str
    why: str
    citation: str
    row: str  # the row of docs/mission.md it serves
    checked: str
    standing: str
    owner: str  # the role it falls to
    one: str  # what is counted: "child discussed"
    many: str
    test: OnFacts | OnClocks | EachDay
    held_words: str
    not_held_words: str
    aim: float  # the percentage that is aimed for
    stopped_below: float  # under this percentage, lately, it is said to have stopped

    @property
    def each_day(self) -> bool:
        """Whether everybody is asked about anew each day, so that the days of a week are not added up."""
        return isinstance(self.test, EachDay)
