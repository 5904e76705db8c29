"""The rule book as small tables, so that facts meet every rule in a handful of joins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from kith.statutory.timescales.counts import Count
from kith.statutory.timescales.fact_words import BIRTHDAY
from kith.statutory.timescales.matching import Matches
from kith.statutory.timescales.numbering import DAY_BITS, FEW, TIE_BITS
from kith.statutory.timescales.rules import Rule, Watch, While

RULE_BITS = 64 - DAY_BITS - TIE_BITS - 2
SLOT_BITS = 64 - DAY_BITS - TIE_BITS
_MATCH = {"fact": pl.String, "codes": pl.List(pl.String), "outcomes": pl.List(pl.String), "must_count": pl.Boolean}
_STEP = {"working_days": pl.Int32, "offset": pl.String, "hours": pl.Int32}
_WARN = {f"warn_{name}": kind for name, kind in _STEP.items()}

RULES = {
    "rule_ix": pl.UInt64,
    "rule": pl.String,
    "rule_version": pl.String,
    "since": pl.Date,
    "until": pl.Date,
    "opens_again": pl.Boolean,
    "chained": pl.Boolean,
    "beforehand": pl.Boolean,
    "backwards": pl.Boolean,
    "lapses": pl.Boolean,
    "nth_from": pl.Int64,
    "nth_until": pl.Int64,
    "stages": pl.Int64,
    "child_age_from": pl.Int32,
    "child_age_under": pl.Int32,
    "conditions": pl.Int32,
    "early": pl.String,
    "warn_before_due": pl.Boolean,
    **_WARN,
}
OPENERS = {"rule_ix": pl.UInt64, "link": pl.String, "base": pl.Boolean, "strict": pl.Boolean}
WATCHERS = {"slot": pl.UInt64, "link": pl.String}
SLOTS = {"rule_ix": pl.UInt64, "slot": pl.UInt64, "completes": pl.Boolean, "link": pl.String, "first": pl.Boolean}
STAGES = {
    **{"rule_ix": pl.UInt64, "stage": pl.Int64, **_STEP},
    **{"school_days": pl.Int32, "terms": pl.Int32, "clock": pl.Time, "until_month": pl.Int8, "until_day": pl.Int8},
}
CONDITIONS = {
    "rule_ix": pl.UInt64,
    "condition": pl.UInt64,
    "age_from": pl.String,
    "age_under": pl.String,
    "absent": pl.Boolean,
}
LEGS = {"rule_ix": pl.UInt64, "link": pl.String, "later": pl.Boolean, **{f"leg_{k}": v for k, v in _STEP.items()}}

# What only some rules ask, and the table and column that say so of a rule.
RARE = {
    "terms": ("stages", "terms"),
    "school_days": ("stages", "school_days"),
    "until_month": ("stages", "until_month"),
    "hours": ("stages", "hours"),
    "clock": ("stages", "clock"),
    "warn_hours": ("rules", "warn_hours"),
    "early": ("rules", "early"),
    "conditions": ("conditions", "condition"),
    "leg": ("legs", "link"),
    "gives_way": ("gives_way", "to"),
}


@dataclass(frozen=True)
class Tables:
    """The rules, their intervals, conditions and other ways to count; and what opens, completes or ends them."""

    rules: pl.DataFrame
    slots: pl.DataFrame
    stages: pl.DataFrame
    conditions: pl.DataFrame
    legs: pl.DataFrame
    gives_way: pl.DataFrame  # rule_ix, to
    openers: Matches
    watchers: Matches
    leg_facts: Matches
    periods: Matches  # the periods that each condition asks about
    period_ends: Matches
    birthdays: tuple[str, ...]  # the ages that rules open at, in years

    def of_rule(self, *columns: str) -> list[pl.Expr]:
        """Columns of `rules` for the rule that `rule_ix` numbers."""
        return [self._of_the_rule[name] for name in columns]

    @cached_property
    def _of_the_rule(self) -> dict[str, pl.Expr]:
        return {each.name: pl.lit(each).gather(pl.col("rule_ix")).alias(each.name) for each in self.rules}

    @cached_property
    def asks_age(self) -> bool:
        """Whether any rule asks the age of the child."""
        return self._any("child_age_from", "child_age_under")

    def asked_by(self, opened: pl.DataFrame) -> frozenset[str]:
        """Which rarer things (of `RARE`) the rules of these openings ask: what none of them asks is not worked out."""
        rules = range(len(self._asks)) if opened.height > FEW else opened["rule_ix"].unique().to_list()
        return frozenset[str]().union(*(self._asks[rule] for rule in rules))

    @cached_property
    def _asks(self) -> list[frozenset[str]]:
        """Which of them each rule asks, in the order of their numbers."""
        has = {name: set(self._having(*where)) for name, where in RARE.items()}
        return [frozenset(name for name, rules in has.items() if rule in rules) for rule in self.rules["rule_ix"]]

    def _having(self, table: str, column: str) -> pl.Series:
        frame: pl.DataFrame = getattr(self, table)
        held = pl.col(column) != 0 if column == "school_days" else pl.col(column).is_not_null()
        return frame.filter(held)["rule_ix"]

    def _any(self, *columns: str) -> bool:
        return any(self.rules[name].null_count() < self.rules.height for name in columns)


def tables_of(rules: Sequence[Rule]) -> Tables:
    """The tables of the rules, numbered in the order given."""
    slots, watchers = _watching(rules)
    if len(rules) >= 2**RULE_BITS or len(slots) >= 2**SLOT_BITS:
        raise ValueError("there are more rules than the clocks can number")
    numbers = {rule.id: ix for ix, rule in enumerate(rules)}
    conditions = [(ix, each) for ix, rule in enumerate(rules) for each in rule.conditions]
    openers = [row for ix, rule in enumerate(rules) for row in _opener_rows(ix, rule)]
    yields = [(ix, numbers[other]) for ix, rule in enumerate(rules) for other in rule.gives_way_to if other in numbers]
    born = {code for rule in rules for watch in rule.opened_by if watch.fact == BIRTHDAY for code in watch.codes}
    return Tables(
        rules=_frame(RULES, (_rule_row(ix, rule) for ix, rule in enumerate(rules))),
        slots=_frame(SLOTS, slots),
        stages=_frame(STAGES, (row for ix, rule in enumerate(rules) for row in _stage_rows(ix, rule))),
        conditions=_frame(CONDITIONS, (_condition_row(number, *each) for number, each in enumerate(conditions))),
        legs=_frame(LEGS, (row for ix, rule in enumerate(rules) for row in _leg_rows(ix, rule))),
        gives_way=_frame({"rule_ix": pl.UInt64, "to": pl.UInt64}, yields),
        openers=Matches(openers),
        watchers=Matches(watchers),
        leg_facts=Matches(_leg_match(ix, rule) for ix, rule in enumerate(rules) if rule.leg),
        periods=Matches(_period_match(number, each) for number, (_, each) in enumerate(conditions)),
        period_ends=Matches(_ending_match(kind) for kind in sorted({each.period for _, each in conditions})),
        birthdays=tuple(sorted(born, key=float)),
    )


def _frame(schema: Any, rows: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _step(count: Count) -> tuple[int, str, int | None]:
    return count.working_days, count.offset, count.hours


def _match(watch: Watch) -> dict[str, Any]:
    return {
        "fact": watch.fact,
        "codes": watch.codes or None,
        "outcomes": watch.outcomes or None,
        "must_count": watch.counts,
    }


def _rule_row(ix: int, rule: Rule) -> tuple[Any, ...]:
    return (
        *(ix, rule.id, rule.version, rule.since, rule.until, rule.opens_again, bool(rule.then)),
        *(rule.beforehand, rule.backwards, rule.lapses),
        *(rule.nth_from, rule.nth_until, len(rule.stages), rule.child_age_from, rule.child_age_under),
        *(len(rule.conditions), rule.early.offset if rule.early else None),
        *(rule.warn.n < 0, *_step(rule.warn)),
    )


def _opener_rows(ix: int, rule: Rule) -> Iterable[dict[str, Any]]:
    done = {watch.fact for watch in rule.completed_by}
    for watch in rule.opened_by:
        yield {"rule_ix": ix, "link": rule.link, "base": True, "strict": watch.fact in done, **_match(watch)}
    for watch in rule.completed_by if rule.then else ():
        yield {"rule_ix": ix, "link": rule.link, "base": False, "strict": True, **_match(watch)}


def _watching(rules: Sequence[Rule]) -> tuple[list[tuple[Any, ...]], list[dict[str, Any]]]:
    slots: dict[tuple[int, bool, str, bool], int] = {}
    watchers = []
    for ix, rule in enumerate(rules):
        for completes, watches in ((True, rule.completed_by), (False, rule.ends)):
            for watch in watches:
                slot = slots.setdefault((ix, completes, watch.link, watch.first), len(slots))
                watchers.append({"slot": slot, "link": watch.link, **_match(watch)})
    return [(ix, slot, completes, link, first) for (ix, completes, link, first), slot in slots.items()], watchers


def _stage_rows(ix: int, rule: Rule) -> Iterable[tuple[Any, ...]]:
    for stage, count in enumerate(rule.stages, start=1):
        month, day = count.until or (None, None)
        yield ix, stage, *_step(count), count.school_days, count.terms, count.clock, month, day


def _condition_row(number: int, rule_ix: int, condition: While) -> tuple[Any, ...]:
    ages = [age.offset if age else None for age in (condition.age_from, condition.age_under)]
    return rule_ix, number, *ages, condition.absent


def _period_match(number: int, condition: While) -> dict[str, Any]:
    start = Watch(f"{condition.period}.started", condition.codes)
    ended = f"{condition.period}.ended"
    return {"condition": number, "ended_fact": ended, "unwanted": condition.not_codes, **_match(start)}


def _ending_match(kind: str) -> dict[str, Any]:
    return {"ended_fact": f"{kind}.ended", **_match(Watch(f"{kind}.ended"))}


def _leg_rows(ix: int, rule: Rule) -> Iterable[tuple[Any, ...]]:
    if rule.leg:
        yield ix, rule.leg.link, rule.leg.later, *_step(rule.leg.count)


def _leg_match(ix: int, rule: Rule) -> dict[str, Any]:
    leg = rule.leg
    return {"rule_ix": ix, "link": leg.link if leg else "", **_match(Watch(leg.fact if leg else ""))}
