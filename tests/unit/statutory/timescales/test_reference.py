"""The engine and a slow, simple reading of the same rules say the same of thousands of random histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from tests.unit.statutory.timescales.histories import random_histories
from tests.unit.statutory.timescales.reference import Reference

from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.clocks import deadlines, state_on
from kith.statutory.timescales.counts import Count
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.shapes import DEADLINES_SCHEMA
from kith.vocabulary.working_days import england

ON = date(2023, 6, 30)
CHILDREN = 5_000


def variations() -> RuleBook:
    """The rule book, and rules in every shape it does not yet use: inclusive counts, before-or-within, versions."""
    book = rule_book()
    first, plan = book.rule("cla_review_first"), book.rule("core_group_first")
    change = date(2022, 6, 2)
    return RuleBook(
        (
            *book,
            replace(first, id="inclusive_weeks", count=Count("W", 26), inclusive=True),
            replace(first, id="inclusive_days", count=Count("WD", 12), inclusive=True),
            replace(first, id="before_or_within", count=Count("WD", 5), before_or_within=True),
            replace(
                first, id="in_turn", count=Count("WD", 20), then=(Count("M", 3), Count("M", 6)), warn=Count("M", -1)
            ),
            replace(plan, id="changed", until=change - timedelta(days=1)),
            replace(plan, id="changed", since=change, count=Count("CD", 14)),
        )
    )


def by_reference(facts: pl.DataFrame, people: pl.DataFrame, book: RuleBook, on: date) -> pl.DataFrame:
    births = dict(people.iter_rows())
    rows = Reference(book, england().holidays).deadlines(facts.to_dicts(), births, on)
    return pl.DataFrame(rows, schema=DEADLINES_SCHEMA)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_engine_agrees_with_the_reference_on_every_row(seed: int) -> None:
    facts, people = random_histories(CHILDREN, seed)
    book = variations()
    ours = deadlines(facts=facts, rules=book, calendar=england(), on=ON, people=people)
    theirs = by_reference(facts, people, book, ON)
    assert ours.height > 3 * CHILDREN
    assert set(theirs["state"]) == {"not_due", "due_soon", "overdue", "met", "met_late", "ended", "voided"}
    assert set(theirs["rule"]) == {rule.id for rule in book}
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
