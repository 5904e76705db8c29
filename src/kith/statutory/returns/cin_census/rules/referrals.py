"""Rules about referrals: the episodes of need."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.statutory.returns.cin_census.rules.words import EPISODE, born, died, no_further_action, went_on
from kith.statutory.returns.lookups import has, matches, of, their
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    YEAR_START,
    any_filled,
    blank,
    days_after,
    either,
    every,
    filled,
    in_order,
    in_published_list,
    must_be_in_list,
    one_of,
    required_if,
    when,
    within_year,
)
from kith.statutory.returns.rules import QUERY, rules_of
from kith.vocabulary.working_days import england

rule = rules_of("CINdetails")

_after_assessment = one_of("ReasonForClosure", "RC8 RC9")
_open = blank("CINclosureDate") & went_on()


def _has(table: str, condition: pl.Expr | None = None) -> pl.Expr:
    return has(table, condition, by=EPISODE)


def _latest(table: str, *fields: str) -> pl.Expr:
    return pl.max_horizontal(of(table, pl.col(field).max(), by=EPISODE) for field in fields)


rule(
    "2884",
    "An initial conference is recorded once: with the referral, or with the enquiry that led to it.",
    "DateOfInitialCPC",
    when(
        matches("Section47", pl.col("DateOfInitialCPC") == their("DateOfInitialCPC"), by=EPISODE),
    ),
    note="Within one referral: some tools compare with the child's other referrals too.",
)
rule(
    "2990",
    "A case closed after assessment had no enquiry, conference, child in need plan or child protection plan.",
    "ReasonForClosure DateOfInitialCPC",
    when(
        _after_assessment
        & either(filled("DateOfInitialCPC"), _has("Section47"), _has("ChildProtectionPlans"), _has("CINPlanDates"))
    ),
)
rule(
    "2991Q",
    "A referral with a section 47 enquiry has an assessment.",
    "S47ActualStartDate AssessmentActualStartDate",
    when(_has("Section47") & ~_has("Assessments")),
    severity=QUERY,
)
rule(
    "8555Q",
    "Nobody is referred after their death.",
    "PersonDeathDate CINreferralDate",
    when(pl.col("CINreferralDate") > died()),
    severity=QUERY,
)
_last_activity = pl.max_horizontal(
    _latest("Assessments", "AssessmentActualStartDate", "AssessmentAuthorisationDate"),
    _latest("Section47", "S47ActualStartDate", "DateOfInitialCPC"),
    _latest("ChildProtectionPlans", "CPPendDate"),
    _latest("CINPlanDates", "CINPlanStartDate", "CINPlanEndDate"),
    pl.col("DateOfInitialCPC"),
)
rule(
    "8565",
    "Nothing in a referral is dated after its case was closed.",
    "CINclosureDate DateOfInitialCPC AssessmentActualStartDate AssessmentAuthorisationDate S47ActualStartDate "
    "CPPendDate CINPlanStartDate CINPlanEndDate",
    when(_last_activity > pl.col("CINclosureDate")),
    note="Child protection plans and child in need plans are looked at too; some tools leave them out.",
)
rule(
    "8568",
    "It is said whether the referral led to no further action: 1 or true, 0 or false.",
    "ReferralNFA",
    must_be_in_list("ReferralNFA", "0 1"),
)
_eve = england().add_column(YEAR_START, pl.lit(-1))
rule(
    "8569Q",
    "A referral from before the year is in the census only if it went on.",
    "CINreferralDate ReferralNFA",
    when((pl.col("CINreferralDate") < _eve) & ~went_on()),
    severity=QUERY,
    note="One working day before the year began still counts as its own, as the rule says.",
)
rule(
    "8585Q",
    "A child whose case was closed because they died has a date of death.",
    "ReasonForClosure PersonDeathDate",
    when(one_of("ReasonForClosure", "RC2") & died().is_null()),
    severity=QUERY,
)
rule(
    "8600",
    "A referral has a date, not after the end of the census year.",
    "CINreferralDate",
    when(either(blank("CINreferralDate"), pl.col("CINreferralDate") > YEAR_END)),
)
rule(
    "8606",
    "A child is not referred more than 280 days before birth, or before the expected day of it.",
    "CINreferralDate PersonBirthDate ExpectedPersonBirthDate",
    when(
        either(
            pl.col("CINreferralDate") < days_after(born(), -280),
            pl.col("CINreferralDate") < days_after(of("Child", "ExpectedPersonBirthDate"), -280),
        )
    ),
)
rule(
    "8610",
    "A referral that went on has a primary need.",
    "ReferralNFA PrimaryNeedCode",
    required_if("PrimaryNeedCode", went_on()),
)
rule("8620", "A case closed is closed within the census year.", "CINclosureDate", within_year("CINclosureDate"))
rule(
    "8630",
    "A case is not closed before it was referred.",
    "CINreferralDate CINclosureDate",
    in_order("CINreferralDate", "CINclosureDate"),
)
rule(
    "8640",
    "The reason for closing a case is one of RC1 to RC9.",
    "ReasonForClosure",
    in_published_list("ReasonForClosure", "closure_reason"),
)
rule(
    "8650",
    "The primary need is one of N0 to N9.",
    "PrimaryNeedCode",
    in_published_list("PrimaryNeedCode", "primary_need"),
)
rule(
    "8805",
    "A closed case has the reason for closing it.",
    "CINclosureDate ReasonForClosure",
    required_if("ReasonForClosure", filled("CINclosureDate")),
)
rule(
    "8810",
    "A case with a reason for closing it has the date of closing.",
    "ReasonForClosure CINclosureDate",
    required_if("CINclosureDate", filled("ReasonForClosure")),
)
rule(
    "8815",
    "A child has one open case at a time.",
    "ReferralNFA CINclosureDate",
    when(_open & (of("CINdetails", _open.sum()) > 1)),
    note="Only the open cases are named: some tools name referrals with no further action beside them.",
)
_latest_day = of("CINdetails", pl.col("CINreferralDate").max())
rule(
    "8816",
    "Only the latest of a child's referrals may still be open.",
    "CINreferralDate ReferralNFA",
    when(_open & (pl.col("CINreferralDate") < _latest_day)),
    note="Of two referrals on the latest day, either may be open.",
)
_runs_into = (their("_n") != pl.col("_n")) & (pl.col("CINreferralDate") >= their("CINreferralDate"))
_their_open = their("CINclosureDate").is_null() & one_of(their("ReferralNFA"), "0")
rule(
    "8820",
    "A child's cases do not overlap.",
    "CINreferralDate CINclosureDate",
    when(
        matches(
            "CINdetails",
            _runs_into
            & either(
                pl.col("CINreferralDate") < their("CINclosureDate"),
                _their_open & (pl.col("CINreferralDate") < YEAR_END),
            ),
        )
    ),
)
rule(
    "8825Q",
    "A case closed after assessment had an assessment.",
    "ReasonForClosure",
    when(_after_assessment & ~_has("Assessments")),
    severity=QUERY,
)
_assessed = _has("Assessments", any_filled("AssessmentActualStartDate", "AssessmentAuthorisationDate"))
_enquired = _has("Section47", any_filled("S47ActualStartDate", "DateOfInitialCPC"))
rule(
    "8831",
    "A referral with no further action has no assessment, enquiry or conference.",
    "AssessmentActualStartDate AssessmentAuthorisationDate S47ActualStartDate DateOfInitialCPC",
    when(no_further_action() & either(filled("DateOfInitialCPC"), _assessed, _enquired)),
    note="A conference is looked for with the referral and with its enquiries.",
)
rule(
    "8832",
    "A referral with no further action has no child protection plan.",
    "ReferralNFA",
    when(no_further_action() & _has("ChildProtectionPlans")),
)
_SOURCES = date(2013, 4, 1)  # from when the published list of sources holds
rule(
    "8866",
    "A referral since April 2013 says who made it, by one of the published codes.",
    "CINreferralDate ReferralSource",
    when(
        (pl.col("CINreferralDate") >= _SOURCES)
        & either(blank("ReferralSource"), in_published_list("ReferralSource", "referral_source").fails)
    ),
)
rule(
    "8867",
    "Each assessment of a closed case is finished.",
    "CINclosureDate AssessmentAuthorisationDate",
    when(filled("CINclosureDate") & _has("Assessments", blank("AssessmentAuthorisationDate"))),
)
rule(
    "8868",
    "Each enquiry of a closed case led to a conference, or to the decision that none was needed.",
    "ICPCnotRequired CINclosureDate DateOfInitialCPC",
    when(filled("CINclosureDate") & _has("Section47", blank("DateOfInitialCPC") & ~one_of("ICPCnotRequired", "1"))),
    note="An enquiry that says both is sound here: some tools reject it.",
)
_none_found = pl.col("AssessmentFactors").list.contains("21")
rule(
    "8873Q",
    "A case whose one assessment found no factors is closed after assessment.",
    "ReasonForClosure AssessmentFactors",
    when(every(of("Assessments", pl.len(), by=EPISODE) == 1, _has("Assessments", _none_found), ~_after_assessment)),
    severity=QUERY,
    note="The factor is 21 itself, not a code with 21 in it. A case still open is queried, as the rule says.",
)
_both_open = has("CINPlanDates", filled("CINPlanStartDate") & blank("CINPlanEndDate"), by=EPISODE)
rule(
    "4001",
    "A child does not have an open child in need plan and an open child protection plan at once.",
    "CINPlanEndDate CPPendDate",
    when(_both_open & _has("ChildProtectionPlans", blank("CPPendDate"))),
)
rule(
    "4004",
    "A referral has one open child in need plan at a time.",
    "CINPlanEndDate",
    when(of("CINPlanDates", blank("CINPlanEndDate").sum(), by=EPISODE) > 1),
)
rule(
    "8839",
    "A referral has one section 47 enquiry in progress at a time.",
    "DateOfInitialCPC",
    when(of("Section47", (blank("DateOfInitialCPC") & ~one_of("ICPCnotRequired", "1")).sum(), by=EPISODE) > 1),
)
rule(
    "8896",
    "A referral has one unfinished assessment at a time.",
    "AssessmentAuthorisationDate",
    when(of("Assessments", blank("AssessmentAuthorisationDate").sum(), by=EPISODE) > 1),
)
rule(
    "4000",
    "A referral with no further action has no child in need plan.",
    "ReferralNFA",
    when(no_further_action() & _has("CINPlanDates")),
)
