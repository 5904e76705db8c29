"""A return as it was read for its rules, and what reading it found."""

from __future__ import annotations

from dataclasses import dataclass

from kith.statutory.returns.results import Problem
from kith.statutory.returns.rule_running import Return


@dataclass(frozen=True)
class Returned:
    """A return for its rules. Always rows_in == rows_read + the rows that `problems` name.

    `problems` are rows that could not be divided into fields, and files that were not known.
    """

    said: Return
    rows_in: int
    rows_read: int
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
