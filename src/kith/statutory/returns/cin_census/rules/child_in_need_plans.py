"""Rules about child in need plans."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.cin_census.rules.words import EPISODE, died, referred, until
from kith.statutory.returns.lookups import matches, their
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    blank,
    either,
    in_order,
    not_same_day,
    when,
    within_year,
)
from kith.statutory.returns.rules import QUERY, rules_of

rule = rules_of("CINPlanDates")
_start, _end = pl.col("CINPlanStartDate"), pl.col("CINPlanEndDate")

rule(
    "4008",
    "A child in need plan does not start after the child's death.",
    "PersonDeathDate CINPlanStartDate",
    when(_start > died()),
)
rule(
    "4009Q",
    "A child in need plan does not end after the child's death.",
    "PersonDeathDate CINPlanEndDate",
    when(_end > died()),
    severity=QUERY,
)
rule(
    "4010",
    "A child in need plan has a start, not after the end of the census year.",
    "CINPlanStartDate",
    when(either(blank("CINPlanStartDate"), _start > YEAR_END)),
)
rule(
    "4011",
    "A child in need plan does not end before it starts.",
    "CINPlanEndDate CINPlanStartDate",
    in_order("CINPlanStartDate", "CINPlanEndDate"),
)
rule(
    "4012Q",
    "A child in need plan does not start and end on one day.",
    "CINPlanStartDate CINPlanEndDate",
    not_same_day("CINPlanStartDate", "CINPlanEndDate"),
    severity=QUERY,
)
rule(
    "4013",
    "A child in need plan that ended did so within the census year.",
    "CINPlanEndDate ReferenceDate",
    within_year("CINPlanEndDate"),
)
_begins_in = (their("_n") != pl.col("_n")) & (_start >= their("CINPlanStartDate"))
rule(
    "4014",
    "The child in need plans of one referral do not overlap.",
    "CINPlanStartDate CINPlanEndDate",
    when(matches("CINPlanDates", _begins_in & (_start <= until(their("CINPlanEndDate"))), by=EPISODE)),
    note="A plan that starts on the day another ends overlaps it. Within one referral, as the rule means.",
)
rule(
    "4015",
    "A child in need plan does not start before its referral.",
    "CINPlanStartDate CINreferralDate",
    when(_start < referred()),
)
_within_protection = (_start >= their("CPPstartDate")) & either(
    _start < their("CPPendDate"), their("CPPendDate").is_null() & (_start <= YEAR_END)
)
rule(
    "4016",
    "A child in need plan does not start while the child has a child protection plan.",
    "CINPlanStartDate CPPstartDate CPPendDate",
    when(matches("ChildProtectionPlans", _within_protection, by=EPISODE)),
    note="It may start on the day the child protection plan ends. Within one referral, as the rule means.",
)
