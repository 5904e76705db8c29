"""The engine and a slow, simple reading of the same rules say the same of thousands of random histories."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from tests.unit.statutory.timescales.histories import random_histories
from tests.unit.statutory.timescales.reference import Reference

from kith.statutory.timescales import clocks
from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.clocks import deadlines, state_on
from kith.statutory.timescales.counts import Count, read_count
from kith.statutory.timescales.fact_words import BIRTHDAY
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.rules import Leg, Rule, Watch, While
from kith.statutory.timescales.shapes import DEADLINES_SCHEMA, EXCUSED_SCHEMA, FLAGS, STATES
from kith.vocabulary.working_days import england

ON = date(2023, 6, 30)
CHILDREN = 5_000


WAYS = {
    "fixed_day": "=31 Mar",
    "months_to_a_fixed_day": "M+12>31 Mar",
    "by_nine": "WD+1@09:00",
    "school_days": "SD+20",
    "this_term": "TERM+0",
    "next_term": "TERM+1",
}
GATES = ("=before", "=date", "WD-3", "W-2", "M-1")
CHANGE = date(2022, 6, 2)


def variations() -> RuleBook:
    """The rule book, and rules in every shape that none of those that run uses: each of the engine's ways to count."""
    book = rule_book()
    first, back = book.rule("cla_review_first"), book.rule("rhi_completed")
    in_turn = (Count("M", 3), Count("M", 6))
    return RuleBook(
        (
            *book,
            *(replace(first, id=name, count=read_count(text), warn=Count("CD", -7)) for name, text in WAYS.items()),
            *(
                replace(back, id=f"gate {text}", count=read_count(text), warn=Count("WD", -2), ends=())
                for text in GATES
            ),
            *_of_plans(book.rule("core_group_first")),
            *_of_visits(book.rule("cp_visit"), book.rule("cla_visit_first")),
            replace(first, id="inclusive_weeks", count=Count("W", 26), inclusive=True),
            replace(first, id="inclusive_days", count=Count("WD", 12), inclusive=True),
            replace(first, id="before_or_within", count=Count("WD", 5), before_or_within=True),
            replace(first, id="early", count=Count("M", 1), early=Count("M", -3)),
            replace(first, id="in_turn", count=Count("WD", 20), then=in_turn, warn=Count("M", -1)),
            replace(first, id="terms_in_turn", count=read_count("TERM+0"), then=(read_count("TERM+1"),)),
        )
    )


def _of_plans(plan: Rule) -> list[Rule]:
    return [
        replace(plan, id="sooner", leg=Leg("need.started", Count("M", 3), "child")),
        replace(plan, id="later", leg=Leg("need.started", Count("M", 3), "child", True)),
        replace(plan, id="sooner_back", leg=Leg("care.started", Count("W", -10), "child")),
        replace(plan, id="changed", until=CHANGE - timedelta(days=1)),
        replace(plan, id="changed", since=CHANGE, count=Count("CD", 14)),
    ]


def _of_visits(visit: Rule, home: Rule) -> list[Rule]:
    birthday = Watch(BIRTHDAY, ("2.5", "4", "16"), link="child")
    return [
        replace(visit, id="lapses", count=Count("WD", 3), warn=Count("WD", 1), lapses=True),
        replace(visit, id="gives_way", gives_way_to=("comes_first", "lapses_in_care")),
        replace(visit, id="comes_first", conditions=(While("need"),)),
        replace(visit, id="lapses_in_care", conditions=(While("care"),), lapses=True),
        replace(home, id="birthdays", opened_by=(birthday,), link="child", conditions=()),
    ]


def excuses(facts: pl.DataFrame, seed: int) -> list[dict[str, Any]]:
    """Some of what is due is said not to be required: for every turn or for one, rightly or without a reason."""
    chance = random.Random(seed)
    rules = ("cp_visit", "core_group_first", "cla_review_first", "rhi_completed", "cin_visit")
    found = facts.filter(pl.col("ref").is_not_null()).select("child", "ref", "on").sample(2_000, seed=seed).to_dicts()
    return [
        {
            "child": row["child"],
            "rule": rule,
            "opened_by": row["ref"],
            "cycle": chance.choice((None, None, 1, 2)),
            "on": row["on"] + timedelta(days=chance.randint(0, 60)),
            "reason": chance.choice(("the family moved", "the family moved", " ", None)),
            "authorised_by": chance.choice(("a manager", "a manager", "")),
        }
        for row in found
        for rule in rules
    ]


PATTERN = (((1, 5), (3, 31)), ((4, 15), (7, 21)), ((9, 3), (12, 19)))
BREAKS = (((2, 14), (2, 20)), ((5, 25), (5, 31)), ((10, 25), (10, 31)))


def by_reference(
    facts: pl.DataFrame, people: pl.DataFrame, book: RuleBook, on: date, excused: Iterable[dict[str, Any]] = ()
) -> pl.DataFrame:
    births = dict(people.iter_rows())
    years = range(2008, 2050)
    terms, breaks = ([(date(y, *a), date(y, *b)) for y in years for a, b in spans] for spans in (PATTERN, BREAKS))
    slow = Reference(book, england().holidays, terms=terms, breaks=breaks, excused=excused)
    openers = {rule: {watch.fact for watch in rule.opened_by} for rule in book}
    rows = []
    for (child,), held in sorted(facts.partition_by("child", as_dict=True).items()):
        there = {BIRTHDAY, *held["fact"]}
        slow.rules = [rule for rule in book if openers[rule] & there]  # the others have nothing to open: most of them
        rows += slow.deadlines(held.to_dicts(), {child: births.get(child)}, on)
    return pl.DataFrame(rows, schema=DEADLINES_SCHEMA)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_engine_agrees_with_the_reference_on_every_row(seed: int) -> None:
    facts, people = random_histories(CHILDREN, seed)
    book, excused = variations(), excuses(facts, seed)
    said = pl.DataFrame(excused, schema=EXCUSED_SCHEMA)
    ours = deadlines(facts=facts, rules=book, calendar=england(), on=ON, people=people, excused=said)
    theirs = by_reference(facts, people, book, ON, excused)
    assert ours.height > 3 * CHILDREN
    assert set(theirs["state"]) == set(STATES)
    assert set(theirs["flag"]) == {None, *FLAGS}
    assert set(theirs["rule"]) == {rule.id for rule in book if rule.commenced}
    differing = pl.concat([ours, theirs]).filter(pl.concat([ours, theirs]).is_unique())
    assert differing.to_dicts()[:2] == []
    assert ours.equals(theirs)


def test_the_comparison_would_notice_a_wrong_calendar() -> None:
    facts, people = random_histories(200, 3)
    no_holidays = replace(england(), holidays={})
    ours = deadlines(facts=facts, rules=rule_book(), calendar=no_holidays, on=ON, people=people)
    assert not ours.equals(by_reference(facts, people, rule_book(), ON))


def test_no_two_rows_are_the_same_clock() -> None:
    facts, people = random_histories(2_000, 8)
    rows = deadlines(facts=facts, rules=rule_book(), calendar=england(), on=ON, people=people)
    assert rows.select("child", "rule", "opened_by", "cycle").is_unique().all()
    assert rows["due_on"].null_count() == rows["warn_on"].null_count() == rows["state"].null_count() == 0


def test_the_order_of_the_facts_changes_nothing() -> None:
    facts, people = random_histories(300, 4)
    one = deadlines(facts=facts, rules=rule_book(), calendar=england(), on=ON, people=people)
    shuffled = facts.sample(fraction=1.0, shuffle=True, seed=7)
    assert one.equals(deadlines(facts=shuffled, rules=rule_book(), calendar=england(), on=ON, people=people))


def test_one_child_alone_has_the_rows_it_has_among_the_rest() -> None:
    facts, people = random_histories(120, 5)
    together = deadlines(facts=facts, rules=rule_book(), calendar=england(), on=ON, people=people)
    for child in facts["child"].unique().sort().to_list()[:40]:
        own = facts.filter(child=child)
        alone = deadlines(facts=own, rules=rule_book(), calendar=england(), on=ON, people=people)
        assert alone.equals(together.filter(child=child))


def test_another_days_states_need_no_fact_read_again() -> None:
    facts, people = random_histories(300, 6)
    rows = deadlines(facts=facts, rules=rule_book(), calendar=england(), on=ON, people=people)
    for day in (date(2022, 1, 1), date(2023, 12, 25), date(2030, 1, 1)):
        fresh = deadlines(facts=facts, rules=rule_book(), calendar=england(), on=day, people=people)
        assert state_on(rows, day).equals(fresh)


def test_children_counted_in_parts_have_the_rows_they_have_together(monkeypatch: pytest.MonkeyPatch) -> None:
    facts, people = random_histories(300, 9)
    said = pl.DataFrame(excuses(facts, 9), schema=EXCUSED_SCHEMA)
    asked = {"facts": facts, "rules": rule_book(), "calendar": england(), "on": ON, "people": people, "excused": said}
    together = deadlines(**asked)
    for at_once in (1, 97, facts.height - 1):  # one child has more facts than that: she is counted whole all the same
        monkeypatch.setattr(clocks, "AT_ONCE", at_once)
        assert deadlines(**asked).equals(together)
        in_no_order = facts.sample(fraction=1.0, shuffle=True, seed=at_once)
        assert deadlines(**asked | {"facts": in_no_order}).equals(together)
