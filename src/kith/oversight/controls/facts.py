"""The record as the controls see it: only what they look at, only since the day they need; and their days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl

from kith.analysis.charts import xmr
from kith.analysis.controls.evaluate import by_day, expectations
from kith.analysis.controls.loading import PARTS, PROMISE
from kith.analysis.controls.shapes import DAYS_SCHEMA, SPANS_SCHEMA, Control, EachDay, OnClocks, OnFacts
from kith.analysis.controls.turning import days_asked, of_each_day
from kith.record.deadlines import facts as deadlines
from kith.record.people import facts as people
from kith.record.periods import facts as periods
from kith.record.promises import facts as promises
from kith.record.steps import facts as steps
from kith.statutory.timescales.facts import PERIOD_KINDS, STEP_KINDS, facts_from
from kith.vocabulary.working_days import england


def facts_for(test: OnFacts, *, since: date | None = None) -> pl.DataFrame:
    """The facts of everybody that it looks at (FACTS_SCHEMA)."""
    return _facts([test], _periods([test], [], since), since)


def spans_for(test: EachDay, *, since: date | None = None) -> pl.DataFrame:
    """The periods of everybody, and the parts in their lives, that it looks at (SPANS_SCHEMA)."""
    return _spans([test], _periods([], [test], since), since)


def _periods(on_facts: Iterable[OnFacts], each_day: Iterable[EachDay], since: date | None) -> pl.DataFrame:
    """The periods that all of these look at, in one query."""
    kinds = {kind for test in on_facts for kind in test.kinds} | {k for test in each_day for k in (test.of, test.has)}
    return periods.of_kinds(kinds & set(PERIOD_KINDS), since=since)


def _facts(tests: Iterable[OnFacts], running: pl.DataFrame, since: date | None) -> pl.DataFrame:
    kinds = {kind for test in tests for kind in test.kinds}
    told = steps.of_kinds(kinds & set(STEP_KINDS), since=since)
    return facts_from(told, running.filter(pl.col("kind").is_in(kinds)))


def _spans(tests: Iterable[EachDay], running: pl.DataFrame, since: date | None) -> pl.DataFrame:
    kinds = {kind for test in tests for kind in (test.of, test.has)}
    rows = [(str(child), *rest) for child, *rest in people.parts(sorted(kinds & set(PARTS)), since=since)]
    parts = pl.DataFrame(rows, schema=SPANS_SCHEMA, orient="row")
    return pl.concat([running.select(pl.col(name).cast(kind) for name, kind in SPANS_SCHEMA.items()), parts])


def turns_counted(tests: Iterable[OnClocks], *, since: date | None, until: date) -> pl.DataFrame:
    """How many turns of each clock fell due on each day, and how many were met in time, for all of these."""
    rules = {rule for test in tests for rule in test.rules}
    found = deadlines.counted(rules - {PROMISE}, since=since, until=until)
    return pl.concat([found, promises.counted(since=since, until=until)]) if PROMISE in rules else found


def days_read(controls: Iterable[Control], *, on: date, since: date | None) -> dict[str, pl.DataFrame]:
    """The days (DAYS_SCHEMA) of each control from `since` until the day before `on`, from the record as it stands."""
    chosen = {each.id: each.test for each in controls}
    on_facts = {key: test for key, test in chosen.items() if isinstance(test, OnFacts)}
    on_clocks = {key: test for key, test in chosen.items() if isinstance(test, OnClocks)}
    each_day = {key: test for key, test in chosen.items() if isinstance(test, EachDay)}
    running = _periods(on_facts.values(), each_day.values(), since)
    facts = _facts(on_facts.values(), running, since)
    turns = turns_counted(on_clocks.values(), since=since, until=on - timedelta(days=1))
    first = since or on - timedelta(weeks=int(xmr.settings()["weekly"]["shown"]))
    spans = _spans(each_day.values(), running, since)
    found = {key: _on_facts(facts, test, on) for key, test in on_facts.items()}
    found |= {key: _on_clocks(turns, test) for key, test in on_clocks.items()}
    return found | {key: _each_day(spans, test, on, first) for key, test in each_day.items()}


def _on_facts(facts: pl.DataFrame, test: OnFacts, on: date) -> pl.DataFrame:
    return by_day(expectations(facts=facts, test=test, calendar=england(), on=on), on=on)


def _on_clocks(turns: pl.DataFrame, test: OnClocks) -> pl.DataFrame:
    days = turns.filter(pl.col("rule").is_in(test.rules)).group_by("day").agg(pl.col("expected", "held").sum())
    return days.select(pl.col(name).cast(kind) for name, kind in DAYS_SCHEMA.items()).sort("day")


def _each_day(spans: pl.DataFrame, test: EachDay, on: date, first: date) -> pl.DataFrame:
    asked = days_asked(since=first, on=on)
    return by_day(of_each_day(spans=spans, test=test, days=asked, on=on), on=on)
