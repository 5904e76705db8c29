"""Rules about section 47 enquiries and the conferences they led to."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.cin_census.rules.words import EPISODE, referred
from kith.statutory.returns.lookups import matches, their
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    YEAR_START,
    blank,
    either,
    every,
    filled,
    one_of,
    when,
    within_year,
)
from kith.statutory.returns.rules import QUERY, rules_of
from kith.vocabulary.working_days import england

rule = rules_of("Section47")
_start, _conference = pl.col("S47ActualStartDate"), pl.col("DateOfInitialCPC")
_unfinished = blank("DateOfInitialCPC") & one_of("ICPCnotRequired", "0")
_SATURDAY = 6
_LIMIT = 15  # working days from the strategy discussion to the conference

rule(
    "1104",
    "An initial conference is not held before the referral it belongs to.",
    "CINreferralDate DateOfInitialCPC",
    when(_conference < referred()),
)
rule(
    "2889",
    "An enquiry does not start before its referral.",
    "S47ActualStartDate CINreferralDate",
    when(_start < referred()),
)
rule(
    "8615",
    "An enquiry that led to a conference has a start, not after the conference.",
    "S47ActualStartDate DateOfInitialCPC",
    when(filled("DateOfInitialCPC") & either(blank("S47ActualStartDate"), _start > _conference)),
)
rule(
    "8675Q",
    "An enquiry that leads to a conference does so within 15 working days.",
    "DateOfInitialCPC S47ActualStartDate ICPCnotRequired",
    when(_unfinished & (_start < england().add_column(YEAR_END, pl.lit(-_LIMIT)))),
    severity=QUERY,
    note="15 working days back from the end of the year, as the rule says; some tools count 14.",
)
rule(
    "8715",
    "An initial conference is within the census year.",
    "DateOfInitialCPC ReferenceDate",
    within_year("DateOfInitialCPC"),
)
rule(
    "8740",
    "An enquiry still in progress started within the census year.",
    "S47ActualStartDate DateOfInitialCPC ICPCnotRequired",
    when(every(_unfinished, either(_start < YEAR_START, _start > YEAR_END))),
    note="“false” says the same as 0; some tools know only 0.",
)
rule(
    "8870Q",
    "The day by which an initial conference is due is a working day of the week.",
    "InitialCPCtarget",
    when(pl.col("InitialCPCtarget").dt.weekday() >= _SATURDAY),
    severity=QUERY,
    note="Some tools never find this, because they read the date in another form than the census has.",
)
rule(
    "8875",
    "An initial conference is not held on a Saturday or Sunday.",
    "DateOfInitialCPC",
    when(_conference.dt.weekday() >= _SATURDAY),
)
_begins_in = (their("_n") != pl.col("_n")) & (_start >= their("S47ActualStartDate"))
_going_on = every(their("DateOfInitialCPC").is_null(), ~one_of(their("ICPCnotRequired"), "1"), _start <= YEAR_END)
rule(
    "8890",
    "The section 47 enquiries of one referral do not overlap.",
    "S47ActualStartDate",
    when(matches("Section47", _begins_in & either(_start <= their("DateOfInitialCPC"), _going_on), by=EPISODE)),
    note="Two enquiries with the same days overlap too; some tools pass over them.",
)
