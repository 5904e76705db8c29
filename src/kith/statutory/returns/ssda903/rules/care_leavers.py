"""Rules about care leavers."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.lookups import has, matches, of, their
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    YEAR_START,
    all_or_none,
    birthday,
    either,
    every,
    filled,
    must_be_in_list,
    must_be_in_published_list,
    not_allowed_if,
    one_of,
    unique,
    when,
)
from kith.statutory.returns.rules import rules_of
from kith.statutory.returns.ssda903.looked_after import ADOPTED, respite, touches_year
from kith.statutory.returns.ssda903.rules.words import born, leaver_items

rule = rules_of("OC3")
_LEAVER = "IN_TOUCH ACTIV ACCOM"

rule(
    "131",
    "Whether the care leaver is in touch is said, by one of the published codes.",
    "IN_TOUCH",
    must_be_in_published_list("IN_TOUCH", "in_touch"),
)
rule(
    "132",
    "What the care leaver does is said, by one of the published codes.",
    "ACTIV",
    must_be_in_list("ACTIV", "F1 P1 F2 P2 F4 P4 F5 P5 G4 G5 G6 0"),
)
rule(
    "133",
    "Where the care leaver lives is said, by one of the published codes.",
    "ACCOM",
    must_be_in_published_list("ACCOM", "accommodation"),
    note="With no fixed home, or in custody, a care leaver is never suitably housed: S2 and X2 only.",
)
rule("153", "What is returned of a care leaver is complete, or nothing is.", _LEAVER, all_or_none(_LEAVER))
rule(
    "344",
    "Of a care leaver who died or went home, nothing is said of what they do or where they live: 0.",
    _LEAVER,
    when(one_of("IN_TOUCH", "DIED RHOM") & either(~one_of("ACTIV", "0"), ~one_of("ACCOM", "0"))),
)
rule(
    "345",
    "Of a care leaver in touch it is said what they do and where they live.",
    _LEAVER,
    when(one_of("IN_TOUCH", "YES") & either(one_of("ACTIV", "0"), one_of("ACCOM", "0"))),
)
rule(
    "347",
    "Nobody lives in a foyer before they are 18.",
    "ACCOM DOB",
    when(one_of("ACCOM", "T1 T2") & (birthday("DOB", 18) > YEAR_START)),
    since=2024,
    note="Some tools look for the letter T alone, which is no code, and find nothing.",
)
rule(
    "348",
    "A care leaver returned last year as having died is returned so still.",
    "IN_TOUCH",
    when(one_of(of("OC3_last", "IN_TOUCH"), "DIED") & ~one_of("IN_TOUCH", "DIED")),
    since=2026,
    needs=("last_year",),
)
rule(
    "391",
    "A care leaver is at least 17 by the end of the year.",
    f"DOB {_LEAVER}",
    when(leaver_items & (birthday("DOB", 17) > YEAR_END)),
)
rule(
    "1000",
    "Somebody who died in care is not a care leaver.",
    _LEAVER,
    when(has("Episodes", one_of("REC", "E2")) | has("Episodes_last", one_of("REC", "E2"))),
    optional="Episodes_last",
)
_ended = pl.coalesce("DEC", YEAR_END)


def _days_from(age: int) -> pl.Expr:
    began = pl.max_horizontal(pl.col("DECOM"), birthday(born, age))
    days = (_ended - began).dt.total_days()
    return of("EpisodesOfAllYears", pl.when(~respite & (days > 0)).then(days).sum()).fill_null(0)


_last_reason = of("EpisodesOfAllYears", pl.col("REC").last())
rule(
    "1001",
    "A care leaver was in care for 13 weeks after turning 14, some of it after turning 16, and was not adopted.",
    _LEAVER,
    when(
        every(
            birthday(born, 20) > YEAR_END,
            either(_days_from(14) < 91, _days_from(16) < 1, one_of(_last_reason, ADOPTED)),
        )
    ),
    needs=("last_year",),
    note="Judged only of those under 20. Care that ended before last year is seen where earlier returns are given.",
)
rule(
    "1002",
    "A care leaver was looked after at some time.",
    _LEAVER,
    when(every(filled("CHILD"), ~has("EpisodesOfAllYears"))),
    needs=("last_year",),
    note="Care that ended before last year is seen where earlier returns are given.",
)


def _aged(age: int) -> pl.Expr:
    return (birthday("DOB", age) <= YEAR_END) & (birthday("DOB", age + 1) > YEAR_END)


def _birthday_in(age: int) -> pl.Expr:
    day = birthday(pl.col("DOB"), age)
    return matches("Episodes", (their("DECOM") <= day) & (their("DEC").is_null() | (their("DEC") > day)))


rule(
    "1007",
    "Nobody who was looked after on the seventeenth or eighteenth birthday that they had in the year is a care leaver "
    "in it.",
    _LEAVER,
    when(leaver_items & either(_aged(17) & _birthday_in(17), _aged(18) & _birthday_in(18))),
    note="Care that goes on counts; some tools see only care that has ended.",
)
_open_then = of("Episodes_last", pl.col("DEC").is_null().last()).fill_null(False)
rule(
    "1010",
    "A child whose care was going on last year has an episode this year.",
    _LEAVER,
    when(_open_then & ~has("Episodes")),
    needs=("last_year",),
)
rule(
    "1011",
    "Somebody whose care passed to another authority is not our care leaver.",
    _LEAVER,
    not_allowed_if(_LEAVER, one_of(of("Episodes", pl.col("REC").last()), "E3")),
)
_not_this_year = has("Episodes") & ~has("Episodes", touches_year)
rule(
    "1014",
    "A care leaver who was not looked after in the year is not returned as an unaccompanied asylum-seeking child.",
    f"{_LEAVER} DUC",
    when(every(leaver_items, has("UASC"), _not_this_year)),
    also={"UASC": _not_this_year & has("OC3", leaver_items)},
)


def _left_from(age: int) -> pl.Expr:
    return (of("Episodes", pl.col("DEC").max()) >= birthday("DOB", age)).fill_null(False)


rule(
    "1016",
    "Nobody who left care at 17 or 18, on the birthday that they had in the year or after it, is a care leaver in it.",
    _LEAVER,
    when(leaver_items & either(_aged(17) & _left_from(17), _aged(18) & _left_from(18))),
    since=2024,
)
rule(
    "3001",
    "Nobody of 17 lives with former foster carers.",
    "ACCOM DOB",
    when(one_of("ACCOM", "Z1 Z2") & birthday(born, 17).is_between(YEAR_START, YEAR_END)),
)
rule("INT34", "A child is in OC3 once.", "CHILD", unique("OC3", "CHILD"))
