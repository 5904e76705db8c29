"""Local numbers: dated, by somebody, for a reason; the past keeps the rule it was measured by, and the law stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from kith.statutory.timescales.clocks import deadlines
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.overrides import Override, OverrideError, with_overrides
from kith.statutory.timescales.shapes import FACTS_SCHEMA
from kith.vocabulary.working_days import england

CHANGE = Override("cp_visit", "count", "WD+15", date(2026, 3, 16), "Director", "agreed by the partnership")


def changed(**more: Any) -> Override:
    values = {name: getattr(CHANGE, name) for name in ("rule", "field", "value", "since", "by", "why")}
    return Override(**{**values, **more})


def test_what_opened_before_keeps_its_rule_and_what_opens_after_has_the_new() -> None:
    book = with_overrides(rule_book(), [CHANGE])
    days = [date(2026, 3, 2), date(2026, 3, 13), date(2026, 3, 16), date(2026, 4, 1)]
    facts = [
        {"child": "A", "fact": "visit.happened", "code": "cp", "on": day, "ref": f"{day}", "span": "p", "counts": True}
        for day in days
    ]
    frame = pl.DataFrame(facts, schema=FACTS_SCHEMA)
    rows = deadlines(facts=frame, rules=book.only("cp_visit"), calendar=england(), on=date(2026, 6, 1))
    add = england().add
    assert rows["due_on"].to_list() == [add(days[0], 10), add(days[1], 10), add(days[2], 15), add(days[3], 15)]
    assert rows["rule_version"].to_list() == ["2010-04-01", "2010-04-01", "2026-03-16", "2026-03-16"]
    assert rows["cycle"].to_list() == [1, 2, 3, 4]
    assert rows["met_on"].to_list() == [*days[1:], None]


def test_changes_follow_one_another_and_each_says_by_whom_and_why() -> None:
    later = changed(field="warn", value="WD+12", since=date(2026, 6, 1), why="too late a warning")
    book = with_overrides(rule_book(), [later, CHANGE])
    before, first, second = (book.rule("cp_visit", on=day) for day in (date(2026, 3, 15), CHANGE.since, later.since))
    assert [str(rule.count) for rule in (before, first, second)] == ["WD+10", "WD+15", "WD+15"]
    assert [str(rule.warn) for rule in (before, first, second)] == ["WD+8", "WD+8", "WD+12"]
    assert (before.set_by, first.set_by) == ("", "Director: agreed by the partnership")
    assert second.set_by == "Director: too late a warning"
    assert before.until == date(2026, 3, 15)
    assert {rule.id for rule in book.whole} == {rule.id for rule in rule_book().whole}


def test_a_rule_with_no_day_set_comes_into_force_on_the_day_that_is_set() -> None:
    start = Override("fgdm_offer", "from", "", date(2027, 10, 1), "Head of law", "the regulations were made")
    book = with_overrides(rule_book(), [start])
    assert book.rule("fgdm_offer", on=date(2027, 10, 1)).since == date(2027, 10, 1)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (changed(rule="icpc_15wd"), "the law sets it"),
        (changed(rule="teatime"), "no rule named"),
        (changed(field="sentence"), "not what a council may change"),
        (changed(value="15 days"), "is not a count"),
        (changed(value="WD+15, WD+20"), "more than one count"),
        (changed(value="WD+5"), "its warning comes after it is due"),
        (changed(value="CD+0"), "for ever"),
        (changed(by=" "), "nobody is named"),
        (changed(why=""), "no reason"),
        (changed(since=date(1999, 1, 1)), "not in force on 1999-01-01"),
        (changed(field="falls_to", value="the cat"), "nobody a rule may fall to"),
        (changed(field="from"), "it is in force already"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_plain_words(change: Override, what: str) -> None:
    with pytest.raises(OverrideError, match=what):
        with_overrides(rule_book(), [change])
