"""The law's timescales as drawn tables: each case is a test, and all of them are printed as the manual."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.rules import Rule
from kith.statutory.timescales.why import why
from kith.vocabulary.working_days import england
from tests.spec import drawn
from tests.spec.printing import MANUAL, manual

STORIES = drawn.table("stories")
RULES = drawn.table("rules")
COUNTING = drawn.table("counting")


def opened_row(case: dict[str, Any], facts: list[dict[str, Any]], on: str) -> dict[str, Any]:
    rule = rule_book().rule(case["rule"], on=date.fromisoformat(case["opened"][:10]))
    rows = drawn.run(rules=[rule.id], facts=facts, on=on, born=drawn.born_for(rule, case["opened"]))
    return next(row for row in rows if row["opened_by"] == "opening")


@pytest.mark.parametrize("case", COUNTING, ids=lambda case: case["shows"])
def test_a_day_is_counted_as_drawn(case: dict[str, Any]) -> None:
    rule = rule_book().rule(case["rule"])
    row = opened_row(case, drawn.opening(rule, case["opened"]), case["opened"])
    assert drawn.as_written(row["due_on"], row["due_at"]) == case["due"]
    assert row["time_missing"] == (rule.count.unit == "H" and len(case["opened"]) == 10)
    day, moment = drawn.day_and_time(case["opened"])
    shown = why(rule=rule, opened_on=day, opened_at=moment, calendar=england())
    assert drawn.as_written(shown.due_on, shown.due_at) == case["due"]


@pytest.mark.parametrize("case", RULES, ids=lambda case: case["rule"])
def test_each_rule_falls_due_and_is_met_late_or_overdue_as_drawn(case: dict[str, Any]) -> None:
    rule, shown, due = drawn.whole_book().rule(case["rule"]), drawn.every_case()[case["rule"]], case["due"]
    after = drawn.later(due, days=1)
    undone = shown.on(shown.undone, after)
    assert drawn.as_written(undone["due_on"], undone["due_at"]) == due
    assert (undone["state"], undone["days_late"]) == (("ended", 0) if rule.lapses else ("overdue", 1))
    assert shown.on(shown.undone, due)["state"] == ("ended" if rule.lapses else "due_soon")
    on_time = shown.on(shown.on_time, after)
    assert (on_time["state"], on_time["days_late"]) == ("met", 0)
    late = shown.on(shown.late, after)
    assert (late["state"], late["met_on"] is None) == (("ended", True) if rule.lapses else ("met_late", False))


@pytest.mark.parametrize("case", RULES, ids=lambda case: case["rule"])
def test_the_counting_of_each_rule_is_explained_to_the_same_day(case: dict[str, Any]) -> None:
    day, moment = drawn.day_and_time(case["opened"])
    shown = why(rule=drawn.whole_book().rule(case["rule"]), opened_on=day, opened_at=moment, calendar=england())
    assert drawn.as_written(shown.due_on, shown.due_at) == case["due"]


@pytest.mark.parametrize("case", [case for case in RULES if "then" in case], ids=lambda case: case["rule"])
def test_a_chain_goes_on_from_when_it_was_done(case: dict[str, Any]) -> None:
    rule = drawn.whole_book().rule(case["rule"])
    facts = [*drawn.opening(rule, case["opened"]), drawn.completing(rule, case["due"])]
    rows = drawn.run(rules=[rule.id], facts=facts, on=case["due"], born=None)
    assert [(row["cycle"], row["due_on"].isoformat()) for row in rows] == [(1, case["due"]), (2, case["then"])]


def test_every_chain_has_its_second_interval_drawn() -> None:
    assert {case["rule"] for case in RULES if "then" in case} == {rule.id for rule in rule_book().whole if rule.then}


def test_every_rule_has_a_drawn_case_those_that_wait_too() -> None:
    assert [case["rule"] for case in RULES] == sorted({rule.id for rule in rule_book().whole})


def test_every_rule_is_drawn_met_and_drawn_late() -> None:
    """A right that closes by itself is never late: there, late is that it was used after that, and does not count."""
    drawn_so = {rule.id: _drawn_states(rule) for rule in rule_book().whole}
    lacking = {rule: states for rule, states in drawn_so.items() if states != {"met", "late"}}
    assert not lacking, "draw it in tests/spec/rules.toml; a right that closes by itself in tests/spec/stories.toml too"


def _drawn_states(rule: Rule) -> set[str]:
    """Which of the two are drawn for a rule."""
    shown = drawn.every_case().get(rule.id)
    case = next((case for case in RULES if case["rule"] == rule.id), None)
    if shown is None or case is None:
        return set()
    if rule.lapses:
        told = [
            story for story in STORIES if story["rules"] == [rule.id] and len(story["facts"]) == 2 * len(story["rows"])
        ]
        states = {row["state"] for story in told for row in story["rows"]}  # each opening is followed by its use
        return {name for name, state in (("met", "met"), ("late", "ended")) if state in states}
    after = drawn.later(case["due"], days=1)
    states = (shown.on(shown.on_time, after)["state"], shown.on(shown.late, after)["state"])
    return {name for name, there in (("met", states[0] == "met"), ("late", states[1] == "met_late")) if there}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["shows"])
def test_a_story_makes_the_deadlines_drawn(story: dict[str, Any]) -> None:
    facts = drawn.story_facts(story)
    found = drawn.run(rules=story["rules"], facts=facts, on=story["on"], born=story.get("born"))
    assert [_row_as_drawn(row) for row in found] == [_expected(row, story) for row in story["rows"]]


def _row_as_drawn(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "rule": row["rule"],
        "by": row["opened_by"],
        "due": drawn.as_written(row["due_on"], row["due_at"]),
        "state": row["state"],
        "met": drawn.as_written(row["met_on"], row["met_at"]),
        "ended": None if row["state"] != "ended" else row["ended_on"].isoformat(),
        "late": row["days_late"],
        "time_missing": row["time_missing"],
    }


def _expected(row: dict[str, Any], story: dict[str, Any]) -> dict[str, Any]:
    blank = {"rule": story["rules"][0], "met": None, "ended": None, "late": 0, "time_missing": False}
    return blank | row


def test_the_printed_manual_is_what_the_tables_say_today() -> None:
    printed = Path(MANUAL).read_text(encoding="utf-8") if Path(MANUAL).exists() else ""
    assert printed == manual(), "docs/generated/timescales.md is stale: run python -m tests.spec.printing"
