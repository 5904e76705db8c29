"""What a rule of a return is: its code, its sentence, the years it holds, and which rows of which tables fail it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import polars as pl

from kith.statutory.returns.lookups import roots, tables_looked_up
from kith.statutory.returns.rule_guards import guards_of

ERROR, QUERY = "error", "query"


@dataclass(frozen=True)
class Test:
    """A named shape, and the rows that fail it: an expression over one row, true where the row fails; empty is not."""

    shape: str
    fails: pl.Expr


@dataclass(frozen=True)
class Rule:
    """One rule of one return.

    `sentence` says what must be true, and is the message shown. `parts` gives, for each table, the rows that fail.
    `since` and `until` are collection years, named by the year in which they end (2026: 1 April 2025 to 31 March 2026).
    `needs` names what must be given beside the return; `optional` the tables that count as empty where they are absent
    (any other table that it reads must be there). `note` says why we read it as we do, where others differ.
    """

    code: str
    sentence: str
    fields: tuple[str, ...]
    parts: Mapping[str, pl.Expr]
    shape: str
    severity: str = ERROR
    since: int | None = None
    until: int | None = None
    needs: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    about_return: bool = False
    note: str = ""

    def holds_in(self, year: int) -> bool:
        """Whether the rule is in force in the collection year."""
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose rows it judges."""
        return tuple(self.parts)

    @cached_property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """For each table, every table that judging its rows looks at, itself included."""
        return {table: frozenset({table}) | tables_looked_up(expr) for table, expr in self.parts.items()}

    @cached_property
    def roots(self) -> Mapping[str, list[str]]:
        """For each table, the columns that judging its rows looks at."""
        return {table: roots(expr) for table, expr in self.parts.items()}

    @cached_property
    def marks(self) -> Mapping[str, pl.Expr]:
        """For each table, whether a row of it fails, under the rule's code."""
        return {table: expr.fill_null(False).alias(self.code) for table, expr in self.parts.items()}

    @cached_property
    def guards(self) -> Mapping[str, Mapping[str, pl.Expr]]:
        """For each table, what must hold of a row of it before it can fail."""
        return {table: guards_of(expr) for table, expr in self.parts.items()}


@dataclass(frozen=True)
class Rules:
    """A pen for the rules of one table: called once for each rule, it keeps them in order."""

    table: str
    kept: list[Rule]

    def __call__(
        self,
        code: str,
        sentence: str,
        fields: str,
        test: Test,
        *,
        also: Mapping[str, pl.Expr] | None = None,
        severity: str = ERROR,
        since: int | None = None,
        until: int | None = None,
        needs: Sequence[str] = (),
        optional: str = "",
        about_return: bool = False,
        note: str = "",
    ) -> None:
        """One rule. `also` are rows of other tables that fail with it; `fields` is words with spaces between."""
        parts = MappingProxyType({self.table: test.fails, **(also or {})})
        self.kept.append(
            Rule(
                code=code,
                sentence=sentence,
                fields=tuple(fields.split()),
                parts=parts,
                shape=test.shape,
                severity=severity,
                since=since,
                until=until,
                needs=tuple(needs),
                optional=tuple(optional.split()),
                about_return=about_return,
                note=note,
            )
        )


def rules_of(table: str) -> Rules:
    """A pen for the rules of that table."""
    return Rules(table, [])


class RuleBook:
    """All the rules of one return, in order. A code may stand several times, never twice in one year."""

    def __init__(self, name: str, groups: Iterable[Rules]) -> None:
        self.name = name
        self.rules: tuple[Rule, ...] = tuple(rule for group in groups for rule in group.kept)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def of_year(self, year: int) -> tuple[Rule, ...]:
        """The rules in force in the collection year."""
        return tuple(rule for rule in self.rules if rule.holds_in(year))

    def codes(self, year: int | None = None) -> tuple[str, ...]:
        """The codes, each once, of every year or of one."""
        return tuple(dict.fromkeys(rule.code for rule in (self.rules if year is None else self.of_year(year))))
