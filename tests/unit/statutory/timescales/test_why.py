"""Why is this due: the counting in words, and always the same day as the engine's."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from tests.unit.statutory.timescales.histories import random_histories

from kith.statutory.timescales.clocks import deadlines
from kith.statutory.timescales.counts import day_after
from kith.statutory.timescales.fact_words import fact_in_words
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.why import why
from kith.vocabulary.hours import from_london
from kith.vocabulary.working_days import england


def test_the_counting_is_told_in_one_sentence() -> None:
    shown = why(rule=rule_book().rule("assessment_complete"), opened_on=date(2026, 3, 2), calendar=england())
    assert shown.sentence == (
        "due 7 May 2026: 45 working days from 2 March 2026; Good Friday (3 April), Easter Monday (6 April) and "
        "Early May bank holiday (4 May) left out; Working Together to Safeguard Children 2023, chapter 3; "
        "CIN census item N00160"
    )
    assert shown.weekend_days == 18
    assert [left.day for left in shown.holidays] == [date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4)]


def test_the_lines_say_what_opened_it_what_was_left_out_and_the_source() -> None:
    shown = why(rule=rule_book().rule("contact_decision"), opened_on=date(2026, 12, 24), calendar=england())
    assert shown.lines == (
        "A decision is made on every contact within 1 working day of receiving it.",
        "It opened on 24 December 2026, when a contact was received.",
        "Counting 1 working day, it is due 29 December 2026.",
        "2 weekend days were left out.",
        "25 December 2026 was left out: Christmas Day.",
        "28 December 2026 was left out: Boxing Day (substitute day).",
        "Source: Local standard; mirrors Working Together on referrals (local default). How far it was checked: a "
        "local default with no legal force.",
    )


def test_weeks_and_months_leave_nothing_out() -> None:
    shown = why(rule=rule_book().rule("rcpc_first"), opened_on=date(2026, 3, 2), calendar=england())
    assert (shown.due_on, shown.weekend_days, shown.holidays) == (date(2026, 6, 2), 0, ())


def test_hours_are_told_by_the_london_clock_and_say_when_it_changed() -> None:
    opened = from_london(date(2026, 3, 28), "23:30")
    rule = rule_book().rule("rhi_completed")
    shown = why(rule=rule, opened_on=date(2026, 3, 28), opened_at=opened, calendar=england())
    assert "Counting 72 hours, it is due 1 April 2026 at 00:30." in shown.lines
    assert "The clocks changed in between; an hour is still an hour." in shown.lines


def test_a_same_day_rule_says_so() -> None:
    shown = why(rule=rule_book().rule("strategy_decision_same_day"), opened_on=date(2026, 3, 7), calendar=england())
    assert (shown.count, shown.due_on) == ("the same day", date(2026, 3, 7))


def test_a_later_interval_of_a_chain_is_counted_by_its_own_length() -> None:
    rule = rule_book().rule("short_break_visit")
    days = [why(rule=rule, opened_on=date(2026, 1, 31), cycle=cycle, calendar=england()).due_on for cycle in (1, 2, 5)]
    assert days == [date(2026, 4, 30), date(2026, 7, 31), date(2026, 7, 31)]


@pytest.mark.parametrize(("opened", "known"), [(date(2030, 11, 1), True), (date(2030, 12, 31), False)])
def test_it_says_when_the_bank_holidays_are_not_yet_published(opened: date, known: bool) -> None:
    shown = why(rule=rule_book().rule("core_group_first"), opened_on=opened, calendar=england())
    assert shown.calendar_known is known
    assert any("not published yet" in line for line in shown.lines) is not known


def test_the_counting_shown_is_the_engines_on_every_row() -> None:
    facts, people = random_histories(400, 12)
    rows = deadlines(facts=facts, rules=rule_book(), calendar=england(), on=date(2023, 6, 30), people=people)
    assert rows.height > 1000
    legs = []
    for row in rows.iter_rows(named=True):
        shown = why(
            rule=rule_book().rule(row["rule"], on=row["opened_on"]),
            opened_on=row["opened_on"],
            opened_at=row["opened_at"],
            opened_fact=row["opened_fact"],
            cycle=row["cycle"],
            calendar=england(),
            due_on=row["due_on"],
        )
        assert (shown.due_on, shown.due_at) == (row["due_on"], row["due_at"])
        assert shown.sentence
        assert shown.lines
        if shown.counted_from:
            legs.append((row["rule"], row["child"], shown))
    assert {rule for rule, _, _ in legs} >= {"prebirth_assessment_start", "rcpc_after_birth"}
    for rule, child, shown in legs:
        leg = rule_book().rule(rule, on=shown.opened_on).leg
        assert leg is not None
        days = facts.filter(child=child, fact=leg.fact)["on"].to_list()
        assert shown.due_on in [day_after(day=day, count=leg.count, calendar=england()) for day in days]
        assert shown.counted_from == fact_in_words(leg.fact) and shown.counted_from in shown.lines[2]


def test_every_rule_can_say_why_on_every_day_of_two_years() -> None:
    for rule, month in product(rule_book(), range(1, 25)):
        opened = date(2026 + (month - 1) // 12, (month - 1) % 12 + 1, 28)
        shown = why(rule=rule, opened_on=opened, calendar=england())
        assert (shown.due_on <= opened) if rule.backwards else (shown.due_on >= opened)


def test_what_is_due_by_the_end_of_a_term_and_opens_in_the_holidays_is_due_by_the_end_of_the_next() -> None:
    rule = rule_book().rule("ppp_plan")
    shown = {opened: why(rule=rule, opened_on=opened, calendar=england()).due_on for opened in SUMMER}
    assert shown == SUMMER


SUMMER = {
    date(2026, 7, 20): date(2026, 7, 21),
    date(2026, 7, 21): date(2026, 7, 21),
    date(2026, 7, 22): date(2026, 12, 18),
    date(2026, 8, 3): date(2026, 12, 18),
}
