"""The rule book as small tables, so that facts meet every rule in a handful of joins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from kith.statutory.timescales.counts import Count
from kith.statutory.timescales.rules import Rule, Watch

_MATCH = {"fact": pl.String, "codes": pl.List(pl.String), "outcomes": pl.List(pl.String), "must_count": pl.Boolean}
_STEP = {"working_days": pl.Int32, "offset": pl.String, "hours": pl.Int32}
_WARN = {f"warn_{name}": kind for name, kind in _STEP.items()}

_RULES = {
    "rule_ix": pl.Int32,
    "rule": pl.String,
    "rule_version": pl.String,
    "since": pl.Date,
    "until": pl.Date,
    "recurs": pl.Boolean,
    "chained": pl.Boolean,
    "before_or_within": pl.Boolean,
    "nth_from": pl.Int64,
    "nth_until": pl.Int64,
    "stages": pl.Int64,
    "child_age_from": pl.Int32,
    "child_age_under": pl.Int32,
    "conditions": pl.Int32,
    "warn_before_due": pl.Boolean,
    **_WARN,
}
_OPENERS = {"rule_ix": pl.Int32, "link": pl.String, "base": pl.Boolean, "strict": pl.Boolean, **_MATCH}
_WATCHERS = {"rule_ix": pl.Int32, "slot": pl.Int32, "link": pl.String, **_MATCH}
_SLOTS = {"rule_ix": pl.Int32, "slot": pl.Int32, "completes": pl.Boolean, "link": pl.String, "first": pl.Boolean}
_STAGES = {"rule_ix": pl.Int32, "stage": pl.Int64, **_STEP}
_CONDITIONS = {
    "rule_ix": pl.Int32,
    "condition": pl.Int32,
    "started_fact": pl.String,
    "wanted": pl.List(pl.String),
    "unwanted": pl.List(pl.String),
    "age_from": pl.String,
    "age_under": pl.String,
    "absent": pl.Boolean,
}


@dataclass(frozen=True, slots=True)
class Tables:
    """The rules; what opens them; what completes or ends them (by slot); their intervals; and their conditions."""

    rules: pl.DataFrame
    openers: pl.DataFrame
    watchers: pl.DataFrame
    slots: pl.DataFrame
    stages: pl.DataFrame
    conditions: pl.DataFrame

    @property
    def opening_facts(self) -> list[str]:
        """Every fact that can start a clock."""
        return self.openers["fact"].unique().sort().to_list()


def tables_of(rules: Sequence[Rule]) -> Tables:
    """The tables of the rules, numbered in the order given."""
    slots, watchers = _watching(rules)
    return Tables(
        rules=_frame(_RULES, (_rule_row(ix, rule) for ix, rule in enumerate(rules))),
        openers=_frame(_OPENERS, (row for ix, rule in enumerate(rules) for row in _opener_rows(ix, rule))),
        watchers=_frame(_WATCHERS, watchers),
        slots=_frame(_SLOTS, slots),
        stages=_frame(_STAGES, (row for ix, rule in enumerate(rules) for row in _stage_rows(ix, rule))),
        conditions=_frame(_CONDITIONS, (row for ix, rule in enumerate(rules) for row in _condition_rows(ix, rule))),
    )


def _frame(schema: Any, rows: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _step(count: Count) -> tuple[int, str, int | None]:
    return count.working_days, count.offset, count.hours


def _match(watch: Watch) -> tuple[Any, ...]:
    return watch.fact, list(watch.codes) or None, list(watch.outcomes) or None, watch.counts


def _rule_row(ix: int, rule: Rule) -> tuple[Any, ...]:
    return (
        *(ix, rule.id, rule.version, rule.since, rule.until, rule.recurs, bool(rule.then), rule.before_or_within),
        *(rule.nth_from, rule.nth_until, len(rule.stages), rule.child_age_from, rule.child_age_under),
        *(len(rule.conditions), rule.warn.n < 0, *_step(rule.warn)),
    )


def _opener_rows(ix: int, rule: Rule) -> Iterable[tuple[Any, ...]]:
    done = {watch.fact for watch in rule.completed_by}
    for watch in rule.opened_by:
        yield ix, rule.link, True, watch.fact in done, *_match(watch)
    for watch in rule.completed_by if rule.then else ():
        yield ix, rule.link, False, True, *_match(watch)


def _watching(rules: Sequence[Rule]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    slots: dict[tuple[int, bool, str, bool], int] = {}
    watchers = []
    for ix, rule in enumerate(rules):
        for completes, watches in ((True, rule.completed_by), (False, rule.ends)):
            for watch in watches:
                slot = slots.setdefault((ix, completes, watch.link, watch.first), len(slots))
                watchers.append((ix, slot, watch.link, *_match(watch)))
    return [(ix, slot, completes, link, first) for (ix, completes, link, first), slot in slots.items()], watchers


def _stage_rows(ix: int, rule: Rule) -> Iterable[tuple[Any, ...]]:
    for stage, count in enumerate(rule.stages, start=1):
        yield ix, stage, *_step(count)


def _condition_rows(ix: int, rule: Rule) -> Iterable[tuple[Any, ...]]:
    for number, condition in enumerate(rule.conditions):
        ages = [age.offset if age else None for age in (condition.age_from, condition.age_under)]
        codes = [list(codes) or None for codes in (condition.codes, condition.not_codes)]
        yield ix, number, f"{condition.period}.started", *codes, *ages, condition.absent
