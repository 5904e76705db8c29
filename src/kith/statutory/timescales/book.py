"""The book of all the rules of time, every version of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from kith.statutory.timescales.rules import Rule
from kith.statutory.timescales.tables import Tables, tables_of
from kith.vocabulary.errors import KithError


class UnknownRuleError(KithError):
    """No rule has that name, or none of its versions was in force on the day."""


@dataclass(frozen=True)
class RuleBook:
    """The rules that run, every version of each, in a fixed order; and those that wait for facts Kith does not hold."""

    rules: tuple[Rule, ...]
    waiting: tuple[Rule, ...] = ()

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    @cached_property
    def whole(self) -> RuleBook:
        """Every rule, as if all of their facts were held: for facts that come from somewhere else."""
        return RuleBook(tuple(sorted((*self.rules, *self.waiting), key=lambda rule: (rule.id, rule.since))))

    def rule(self, rule_id: str, *, on: date | None = None) -> Rule:
        """The version in force on the day, or the latest when no day is given. Raises UnknownRuleError.

        A rule that waits for its facts is found too: its due day can be counted all the same.
        """
        versions = [rule for rule in (*self.rules, *self.waiting) if rule.id == rule_id]
        if not versions:
            raise UnknownRuleError(
                f"There is no rule named “{rule_id}”.", mend="Run “kith due --list” to see every rule."
            )
        in_force = [rule for rule in versions if on is None or rule.in_force(on)]
        if not in_force:
            raise UnknownRuleError(f"“{rule_id}” was not in force on {on}.", mend=_since_when(versions[0]))
        return in_force[-1]

    def only(self, *rule_ids: str) -> RuleBook:
        """A book of these rules alone, which all run. Raises UnknownRuleError if one is missing."""
        for rule_id in rule_ids:
            self.rule(rule_id)
        return RuleBook(tuple(rule for rule in self.whole.rules if rule.id in rule_ids))

    @cached_property
    def tables(self) -> Tables:
        """The book as the engine's tables; made once."""
        return tables_of(self.rules)

    @cached_property
    def falls_to(self) -> pl.DataFrame:
        """Who each version of each rule falls to (`rule`, `rule_version`, `falls_to`); made once."""
        rows = [(rule.id, rule.version, rule.falls_to) for rule in self.rules]
        return pl.DataFrame(rows, schema=dict.fromkeys(("rule", "rule_version", "falls_to"), pl.String), orient="row")


def _since_when(rule: Rule) -> str:
    if not rule.commenced:
        return "No day is set yet for it to come into force."
    return f"It has been in force since {rule.since}."
