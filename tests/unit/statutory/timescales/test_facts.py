"""Facts are made from steps and periods: one for each date held, tied as the clocks need."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
from tests.unit.statutory.timescales.histories import random_histories, random_lives
from tests.unit.statutory.timescales.reference_facts import following

from kith.statutory.timescales.fact_words import authority_facts
from kith.statutory.timescales.facts import KNOWN_FACTS, facts_from
from kith.statutory.timescales.following import FOLLOWING
from kith.statutory.timescales.shapes import FACTS_SCHEMA, PERIODS_SCHEMA, STEPS_SCHEMA

NO_STEPS = pl.DataFrame(schema=STEPS_SCHEMA)
NO_PERIODS = pl.DataFrame(schema=PERIODS_SCHEMA)


def test_a_step_makes_a_fact_for_each_date_it_has() -> None:
    step = {
        "ref": "visit:1",
        "kind": "visit",
        "code": "cp",
        "child": "A",
        "happened_on": date(2026, 3, 2),
        "happened_at": datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
        "done_on": date(2026, 3, 4),
        "counts": None,
        "span": "cp_plan:7",
    }
    facts = facts_from(pl.DataFrame([step], schema=STEPS_SCHEMA), NO_PERIODS)
    assert facts.select("fact", "on", "span", "counts").rows() == [
        ("visit.happened", date(2026, 3, 2), "cp_plan:7", True),
        ("visit_record.opened", date(2026, 3, 2), "cp_plan:7", True),
        ("visit.done", date(2026, 3, 4), "cp_plan:7", True),
    ]
    assert facts["at"].to_list() == [datetime(2026, 3, 2, 15, 0, tzinfo=UTC)] * 2 + [None]
    assert dict(facts.schema) == FACTS_SCHEMA


def test_a_period_is_its_own_span_but_a_home_belongs_to_its_period_of_care() -> None:
    periods = [
        {"ref": "care:1", "kind": "care", "child": "A", "started_on": date(2026, 1, 5), "ended_on": date(2026, 2, 1)},
        {"ref": "home:1", "kind": "home", "child": "A", "started_on": date(2026, 1, 5), "parent": "care:1"},
        {"ref": "legal:1", "kind": "legal_status", "child": "A", "started_on": date(2026, 1, 5)},
        {"ref": "plan:1", "kind": "cp_plan", "child": "A", "started_on": date(2026, 1, 5), "parent": "need:1"},
    ]
    facts = facts_from(NO_STEPS, pl.DataFrame(periods, schema=PERIODS_SCHEMA))
    spans = {(row["fact"], row["span"], row["parent"]) for row in facts.to_dicts()}
    assert spans == {
        ("care.started", "care:1", None),
        ("care.ended", "care:1", None),
        ("home.started", "care:1", "care:1"),
        ("legal_status.started", "legal:1", None),
        ("cp_plan.started", "plan:1", "need:1"),
    }


def test_the_end_of_a_period_carries_why_it_ended() -> None:
    period = {"ref": "care:1", "kind": "care", "child": "A", "started_on": date(2026, 1, 5), "start_reason": "S"}
    ended = period | {"ended_on": date(2026, 2, 1), "end_reason": "E4A"}
    facts = facts_from(NO_STEPS, pl.DataFrame([ended], schema=PERIODS_SCHEMA))
    assert facts.select("fact", "outcome").rows() == [("care.started", "S"), ("care.ended", "E4A")]


def test_an_answer_held_without_a_day_is_a_fact_of_its_own() -> None:
    steps = [
        {"ref": "s47:1", "kind": "section47", "child": "A", "opened_on": date(2026, 1, 5), "outcome": "nfa"},
        {"ref": "talk:1", "kind": "return_interview", "child": "A", "outcome": "declined", "span": "missing:1"},
        {"ref": "talk:2", "kind": "return_interview", "child": "A", "outcome": "declined", "span": "missing:unknown"},
    ]
    away = {"ref": "missing:1", "kind": "missing", "child": "A", "started_on": date(2026, 1, 1)}
    periods = pl.DataFrame([away | {"ended_on": date(2026, 1, 3)}], schema=PERIODS_SCHEMA)
    facts = facts_from(pl.DataFrame(steps, schema=STEPS_SCHEMA), periods)
    undated = facts.filter(pl.col("fact").str.ends_with(".undated"))
    assert undated.select("fact", "on", "outcome", "ref").rows() == [
        ("return_interview.undated", date(2026, 1, 3), "declined", "talk:1"),
        ("section47.undated", date(2026, 1, 5), "nfa", "s47:1"),
    ]


def test_nothing_makes_no_facts() -> None:
    assert facts_from(NO_STEPS, NO_PERIODS).is_empty()


def test_every_fact_made_is_one_that_rules_may_name() -> None:
    facts, _ = random_histories(200, 1)
    assert set(facts["fact"]) <= KNOWN_FACTS | FOLLOWING | set(authority_facts())


def test_what_follows_from_what_is_held_is_what_a_plain_reading_says() -> None:
    lives = random_lives(1_500, 4)
    rows = {name: getattr(lives, name) for name in ("steps", "periods", "parts", "births", "promises")}
    ours = lives.facts.filter(pl.col("fact").is_in(FOLLOWING))
    theirs = pl.DataFrame(list(following(**rows)), schema=FACTS_SCHEMA)
    assert set(theirs["fact"]) == FOLLOWING
    order = ["child", "on", "fact", "ref", "span", "at"]
    assert ours.sort(order).to_dicts() == theirs.sort(order).to_dicts()


def test_nobody_is_known_to_be_named_or_unborn_where_that_is_not_asked() -> None:
    lives = random_lives(200, 5)
    steps, periods = pl.DataFrame(lives.steps, schema=STEPS_SCHEMA), pl.DataFrame(lives.periods, schema=PERIODS_SCHEMA)
    assert set(facts_from(steps, periods)["fact"]) & FOLLOWING == {
        *("seen_alone.done", "visit_record.opened", "return_interview_record.opened")
    }
