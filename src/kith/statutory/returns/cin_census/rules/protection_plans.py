"""Rules about child protection plans and their reviews."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.cin_census.rules.words import EPISODE, PLAN, died, referred, until
from kith.statutory.returns.lookups import has, matches, of, their
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    blank,
    differs,
    either,
    every,
    in_order,
    must_be_in_list,
    not_same_day,
    one_of,
    outside_year,
    required,
    when,
    within_year,
)
from kith.statutory.returns.rules import QUERY, rules_of

rule = rules_of("ChildProtectionPlans")
review = rules_of("Reviews")
_start, _end = pl.col("CPPstartDate"), pl.col("CPPendDate")
_CATEGORIES = "NEG PHY SAB EMO MUL"

rule(
    "1105",
    "A child protection plan does not start before its referral.",
    "CPPstartDate CINreferralDate",
    when(_start < referred()),
)
_led_on = ~one_of("ICPCnotRequired", "1")
_of_enquiry = matches(
    "Section47",
    every(~one_of(their("ICPCnotRequired"), "1"), pl.col("CPPstartDate") == their("DateOfInitialCPC")),
    by=EPISODE,
)
_of_referral = of("CINdetails", "DateOfInitialCPC", by=EPISODE)
rule(
    "2885",
    "A child protection plan starts on the day of the initial conference that decided it.",
    "CPPstartDate DateOfInitialCPC",
    when(
        every(
            ~outside_year("CPPstartDate"),
            pl.when(has("Section47", _led_on, by=EPISODE)).then(~_of_enquiry).otherwise(differs(_start, _of_referral)),
        )
    ),
)
_in_need = (_start >= their("CINPlanStartDate")) & either(
    _start < their("CINPlanEndDate"), their("CINPlanEndDate").is_null() & (_start <= YEAR_END)
)
rule(
    "4017",
    "A child protection plan does not start while the child has a child in need plan.",
    "CINPlanStartDate CINPlanEndDate CPPstartDate",
    when(matches("CINPlanDates", _in_need, by=EPISODE)),
    note="It may start on the day the child in need plan ends. Within one referral, as the rule means.",
)
rule(
    "8720",
    "A child protection plan has a start, not after the end of the census year.",
    "CPPstartDate ReferenceDate",
    when(either(blank("CPPstartDate"), _start > YEAR_END)),
)
rule(
    "8730",
    "It is said how many child protection plans the child had before: 0 or more.",
    "NumberOfPreviousCPP",
    when(either(blank("NumberOfPreviousCPP"), pl.col("NumberOfPreviousCPP") < 0)),
    note="What is not a whole number counts as missing.",
)
rule(
    "8840",
    "A child protection plan does not start and end on one day.",
    "CPPstartDate CPPendDate",
    not_same_day("CPPstartDate", "CPPendDate"),
)
for _code, _field, _words in (
    ("8905", "InitialCategoryOfAbuse", "the plan began with"),
    ("8910", "LatestCategoryOfAbuse", "the plan has now"),
):
    rule(
        _code,
        f"The category of abuse {_words} is NEG, PHY, SAB, EMO or MUL.",
        _field,
        must_be_in_list(_field, _CATEGORIES),
    )
rule(
    "8915",
    "A child protection plan does not start after the child's death.",
    "CPPstartDate PersonDeathDate",
    when(_start > died()),
)
rule(
    "8920",
    "A child protection plan does not end after the child's death.",
    "PersonDeathDate CPPendDate",
    when(_end > died()),
)
rule(
    "8925",
    "A child protection plan does not end before it starts.",
    "CPPstartDate CPPendDate",
    in_order("CPPstartDate", "CPPendDate"),
)
rule(
    "8930",
    "A child protection plan that ended did so within the census year.",
    "CPPendDate ReferenceDate",
    within_year("CPPendDate"),
)
rule(
    "8935",
    "A child has one open child protection plan at a time.",
    "CPPendDate",
    when(blank("CPPendDate") & (of("ChildProtectionPlans", blank("CPPendDate").sum()) > 1)),
    note="Two open plans of one referral are found too; some tools miss them.",
)
_begins_in = (their("_n") != pl.col("_n")) & (_start >= their("CPPstartDate"))
rule(
    "8940",
    "A child's child protection plans do not overlap.",
    "CPPstartDate CPPendDate",
    when(matches("ChildProtectionPlans", _begins_in & (_start <= until(their("CPPendDate"))))),
    note="Every pair of the child's plans is compared, of one referral or several.",
)
_day = pl.col("CPPreviewDate")
_plan_end = of("ChildProtectionPlans", "CPPendDate", by=PLAN)
_while_in_need = (_day >= their("CINPlanStartDate")) & either(
    _day < their("CINPlanEndDate"), their("CINPlanEndDate").is_null()
)
review(
    "4003",
    "A child protection plan is not reviewed while the child has a child in need plan, save on the day it ends.",
    "CINPlanStartDate CINPlanEndDate CPPreviewDate",
    when(matches("CINPlanDates", _while_in_need, by=EPISODE) & differs(_day, _plan_end)),
    note="Plans still open are tested too, and only plans of the same referral; some tools do neither.",
)
review(
    "8841",
    "A child protection plan is first reviewed after the day it starts.",
    "CPPstartDate CPPreviewDate",
    when(_day <= of("ChildProtectionPlans", "CPPstartDate", by=PLAN)),
)
review(
    "8842Q",
    "Each review has its date.",
    "CPPreviewDate",
    required("CPPreviewDate"),
    severity=QUERY,
)
