"""Properties of clocks that recur: they run from what was done, one after another, and never lose a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.statutory.timescales.clocks import deadlines
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.shapes import FACTS_SCHEMA
from kith.vocabulary.months import add_months
from kith.vocabulary.working_days import england

FIRST = date(2025, 1, 1)
DAYS = st.lists(st.integers(0, 600).map(lambda n: FIRST + timedelta(days=n)), min_size=1, max_size=12)
ON = date(2026, 6, 30)


def fact(name: str, on: date, ref: str, **more: Any) -> dict[str, Any]:
    return {"child": "A", "fact": name, "on": on, "ref": ref, "span": "span", "counts": True} | more


def rows_of(rule: str, facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    frame = pl.DataFrame(facts, schema=FACTS_SCHEMA)
    return deadlines(facts=frame, rules=rule_book().only(rule), calendar=england(), on=ON).to_dicts()


def visits(days: list[date], **more: Any) -> list[dict[str, Any]]:
    return [fact("visit.happened", day, f"visit {n:02d}", code="cp", **more) for n, day in enumerate(days)]


@settings(deadline=None)  # a shared machine may pause
@given(DAYS)
def test_each_visit_closes_one_interval_and_opens_the_next(days: list[date]) -> None:
    rows = rows_of("cp_visit", visits(days))
    in_order = sorted(set(days))
    assert [row["opened_on"] for row in rows] == in_order
    assert [row["met_on"] for row in rows] == [*in_order[1:], None]
    assert [row["cycle"] for row in rows] == list(range(1, len(in_order) + 1))
    assert [row["due_on"] for row in rows] == [england().add(day, 10) for day in in_order]


@settings(deadline=None)  # a shared machine may pause
@given(DAYS, DAYS)
def test_visits_when_the_child_was_not_seen_change_nothing(days: list[date], unseen: list[date]) -> None:
    failed = [row | {"ref": f"failed {row['ref']}"} for row in visits(unseen, counts=False)]
    assert rows_of("cp_visit", visits(days) + failed) == rows_of("cp_visit", visits(days))


@settings(deadline=None)  # a shared machine may pause
@given(DAYS, st.integers(0, 600))
def test_nothing_stays_open_after_the_plan_ends(days: list[date], ends: int) -> None:
    last = FIRST + timedelta(days=ends)
    rows = rows_of("cp_visit", [*visits(days), fact("cp_plan.ended", last, "span")])
    assert [row for row in rows if row["opened_on"] >= last] == []
    assert [row for row in rows if row["met_on"] is None and row["ended_on"] != last] == []
    assert [row for row in rows if row["met_on"] is not None and row["met_on"] > last] == []


@settings(deadline=None)  # a shared machine may pause
@given(st.dates(date(2025, 1, 1), date(2026, 3, 1)), DAYS)
def test_a_chain_of_two_lengths_uses_the_first_once(began: date, days: list[date]) -> None:
    facts = [
        fact("care.started", began, "span"),
        fact("legal_status.started", began, "short breaks", code="V4"),
        *(fact("care_review.happened", day, f"review {n:02d}") for n, day in enumerate(days)),
    ]
    rows = rows_of("short_break_review", facts)
    expected = [began, *sorted({day for day in days if day >= began})]
    assert [row["opened_on"] for row in rows] == expected
    assert [row["due_on"] for row in rows] == [
        add_months(day, 3 if position == 0 else 6) for position, day in enumerate(expected)
    ]
