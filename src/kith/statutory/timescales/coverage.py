"""Which rules a source can be judged by: a clock means nothing where what would meet it is never held."""

from __future__ import annotations

import polars as pl

from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.rules import Rule


def judgeable(*, rules: RuleBook, facts: pl.DataFrame) -> tuple[RuleBook, tuple[Rule, ...]]:
    """The rules that these facts can judge, and those they cannot.

    `facts` (`FACTS_SCHEMA`) is everything a source holds, for all its children. A rule cannot be judged when nothing
    in the source could ever complete it: an extract with no core group in it holds no core groups, and says nothing
    about whether they met. A rule that nothing completes, such as a limit, can always be judged. Say which were left
    out; never leave them out silently.
    """
    held = set(facts.select("fact", "code").unique().iter_rows())
    facts_held = {fact for fact, _ in held}
    cannot = tuple(rule for rule in rules if not _can_be_met(rule, held, facts_held))
    left_out = {rule.id for rule in cannot}
    kept = tuple(rule for rule in rules if rule.id not in left_out)
    return RuleBook(kept, rules.waiting), cannot


def _can_be_met(rule: Rule, held: set[tuple[str, str | None]], facts_held: set[str]) -> bool:
    return not rule.completed_by or any(
        any((watch.fact, code) in held for code in watch.codes) if watch.codes else watch.fact in facts_held
        for watch in rule.completed_by
    )
