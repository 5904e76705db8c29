"""Rules about each child: who they are, and whether the girls and women among them are mothers."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.lookups import has, of
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    YEAR_START,
    any_filled,
    birthday,
    blank,
    differs,
    either,
    every,
    filled,
    is_date,
    must_be_date,
    must_be_in_list,
    must_be_in_published_list,
    not_after,
    not_allowed_if,
    one_of,
    outside_year,
    required_if,
    unique,
    when,
)
from kith.statutory.returns.rules import QUERY, rules_of
from kith.statutory.returns.ssda903.looked_after import respite, touches_year
from kith.statutory.returns.ssda903.rules.words import (
    female,
    leaver_items,
    left_care,
    male,
    period_start,
    real_care,
    uasc,
)

rule = rules_of("Header")

_UNKNOWN = "UN1 UN2 UN3 UN4 UN5"
_upn = pl.col("UPN")

rule("101", "A child's sex is given, as M, F or U.", "SEX", must_be_in_list("SEX", "M F U"), since=2025)
rule("101", "A child's sex is given, as 1 or 2.", "SEX", must_be_in_list("SEX", "1 2"), until=2024)
rule("102", "A child's date of birth is given, written DD/MM/YYYY.", "DOB", must_be_date("DOB"))
rule(
    "103",
    "A child's ethnicity is given, by one of the published codes.",
    "ETHNIC",
    must_be_in_published_list("ETHNIC", "ethnicity"),
)
rule(
    "105",
    "It is said whether the child is an unaccompanied asylum-seeking child: 0 or 1.",
    "UASC",
    when(pl.col("_xml") & ~one_of("UASC", "0 1")),
    needs=("xml",),
)
_in_year = has("Episodes", ~respite & touches_year)
_leaver = has("OC3", leaver_items)
rule(
    "165",
    "Whether a child is a mother is said, as 0 or 1, of every girl or young woman looked after in the year, and of "
    "nobody else.",
    "MOTHER SEX ACTIV ACCOM IN_TOUCH DECOM",
    when(
        either(
            filled("MOTHER") & ~one_of("MOTHER", "0 1"),
            filled("MOTHER") & male,
            every(female, blank("MOTHER"), _in_year),
            every(female, filled("MOTHER"), ~_in_year, _leaver),
        )
    ),
    also={
        "OC3": every(
            one_of(of("Header", "SEX"), "F 2"),
            of("Header", "MOTHER").is_not_null(),
            ~_in_year,
            leaver_items,
        )
    },
    note="Sex is read as M and F or as 1 and 2; some tools still look for 1 and 2 alone, and find nothing.",
)
rule(
    "168",
    "A pupil number is a letter (not I, O or S), eleven digits, and a digit or a letter; or UN1 to UN5.",
    "UPN",
    when(filled("UPN") & ~one_of("UPN", _UNKNOWN) & ~_upn.str.contains(r"^[A-HJ-NP-RT-Z](\d{12}|\d{11}[A-Z])$")),
)
rule("171", "The date of birth of a mother's child is a real date.", "MC_DOB", is_date("MC_DOB"))
rule("174", "A boy or young man is not a mother.", "SEX MC_DOB", not_allowed_if("MC_DOB", male))
_both_years = has("Header_last")
_sex_then = of("Header_last", pl.col("SEX").replace({"1": "M", "2": "F"}).first())
rule(
    "202",
    "A child's sex is the one returned last year.",
    "SEX",
    when(_both_years & differs(pl.col("SEX").replace({"1": "M", "2": "F"}), _sex_then)),
    needs=("last_year",),
    note="1 and M say the same, and 2 and F: the change of codes in 2024/25 is no change of sex.",
)
rule(
    "203",
    "A child's date of birth is the one returned last year.",
    "DOB",
    when(_both_years & differs(pl.col("DOB"), of("Header_last", "DOB"))),
    needs=("last_year",),
)
rule(
    "204",
    "A child's ethnicity is the one returned last year.",
    "ETHNIC",
    when(_both_years & differs(pl.col("ETHNIC"), of("Header_last", "ETHNIC"))),
    needs=("last_year",),
)
rule(
    "207",
    "A child who was a mother last year is one still.",
    "MOTHER",
    when(every(_both_years, has("Episodes"), one_of(of("Header_last", "MOTHER"), "1"), ~one_of("MOTHER", "1"))),
    needs=("last_year",),
)
_upn_then = of("Header_last", "UPN")
_not_known_then = _upn_then.is_null() | one_of(_upn_then, _UNKNOWN)
_learnt = either(
    _not_known_then & filled("UPN") & ~one_of("UPN", _UNKNOWN),
    (_upn_then.is_null() | one_of(_upn_then, "UN1")) & one_of("UPN", _UNKNOWN),
)
rule(
    "208",
    "A child's pupil number is the one returned last year, unless it was not known then.",
    "UPN",
    when(every(_both_years, differs(_upn, _upn_then), ~_learnt)),
    needs=("last_year",),
    note="From nothing to UN1 is taken as allowed: nothing that was said last year has changed.",
)
rule(
    "209",
    "The reason UN1, not of school age, is given only for a child who was not yet four when the school year began.",
    "UPN DOB",
    when(one_of("UPN", "UN1") & (birthday("DOB", 4) <= pl.date(YEAR_START.dt.year() - 1, 8, 31))),
)
_A_WEEK_BEFORE = pl.date(YEAR_END.dt.year(), 3, 24)
_long_enough = every(blank("DEC"), ~respite, period_start < _A_WEEK_BEFORE)
rule(
    "210",
    "The reason UN4, newly looked after, is given only for a child in care for a week or less.",
    "UPN DECOM",
    when(one_of("UPN", "UN4") & has("Episodes", _long_enough)),
    also={"Episodes": one_of(of("Header", "UPN"), "UN4") & _long_enough},
    note="It names children in care for more than a week; some tools name those in care for less.",
)
rule(
    "231",
    "An unaccompanied asylum-seeking child is over 11: check the date of birth.",
    "DOB UASC",
    when(uasc() & (birthday("DOB", 11) >= YEAR_END)),
    since=2025,
)
rule("232", "A child's sex is known: check where it is U.", "SEX", when(one_of("SEX", "U")), since=2025, severity=QUERY)
rule("301", "A child's date of birth is not after the end of the year.", "DOB", not_after("DOB", YEAR_END))
rule("351", "Nobody in the return was over 25 when the year began.", "DOB", when(birthday("DOB", 25) < YEAR_START))
rule(
    "393",
    "Whether she is a mother is said of every girl or young woman looked after.",
    "MOTHER",
    required_if("MOTHER", female & real_care),
)
_only_respite = has("Episodes") & ~real_care
rule(
    "399",
    "A child who has only short breaks has no reviews in the return, and nothing about being a mother.",
    "MOTHER LS REVIEW REVIEW_CODE",
    not_allowed_if("MOTHER", _only_respite),
    also={
        "Reviews": any_filled("REVIEW", "REVIEW_CODE") & _only_respite,
        "Episodes": _only_respite
        & either(of("Header", "MOTHER").is_not_null(), has("Reviews", any_filled("REVIEW", "REVIEW_CODE"))),
    },
)
rule(
    "442",
    "A child looked after has a pupil number, or a reason why there is none.",
    "UPN",
    required_if("UPN", real_care),
)
rule(
    "444",
    "No two children have the same pupil number.",
    "UPN",
    unique("Header", "UPN", apart_from=_UNKNOWN),
    since=2026,
)
_left_in_year = every(left_care, filled("DEC"), ~outside_year("DEC"), ~respite)
rule(
    "607",
    "Whether she is a mother is said of every girl or young woman who left care in the year.",
    "DEC REC MOTHER LS SEX",
    required_if("MOTHER", female & has("Episodes", _left_in_year)),
    also={
        "Episodes": every(
            _left_in_year,
            one_of(of("Header", "SEX"), "F 2"),
            of("Header", "MOTHER").is_null(),
            has("Header"),
        )
    },
)
rule(
    "611",
    "The date of birth of a mother's child is given.",
    "MOTHER MC_DOB",
    required_if("MC_DOB", one_of("MOTHER", "1")),
)
rule(
    "612",
    "A date of birth of her child is given only of a girl or young woman who is a mother.",
    "SEX MOTHER MC_DOB",
    not_allowed_if("MC_DOB", female & ~(filled("MOTHER") & ~one_of("MOTHER", "0"))),
)
rule(
    "620",
    "A mother was at least 11 when the year began: check.",
    "DOB MOTHER",
    when(one_of("MOTHER", "1") & (birthday("DOB", 11) > YEAR_START)),
)
rule(
    "621",
    "A mother is older than her child.",
    "DOB MC_DOB",
    when(pl.col("MC_DOB") <= pl.col("DOB")),
)
rule(
    "624",
    "The date of birth of a mother's child is the one returned last year.",
    "MC_DOB",
    when(of("Header_last", "MC_DOB").is_not_null() & differs(pl.col("MC_DOB"), of("Header_last", "MC_DOB"))),
    needs=("last_year",),
)
rule(
    "625",
    "A mother's child was born by the end of the year, and by the day she left care.",
    "MC_DOB DEC",
    when(either(pl.col("MC_DOB") > YEAR_END, pl.col("MC_DOB") > of("Episodes", pl.col("DEC").last()))),
)
rule(
    "626",
    "The child of somebody who became a mother since last year's return was born in the year.",
    "MOTHER MC_DOB",
    when(every(one_of("MOTHER", "1"), one_of(of("Header_last", "MOTHER"), "0"), pl.col("MC_DOB") < YEAR_START)),
    needs=("last_year",),
)
rule(
    "628",
    "Whether she is a mother is not said of a care leaver who was not looked after in the year.",
    "MOTHER",
    not_allowed_if("MOTHER", ~has("Episodes") & _leaver),
)
rule(
    "EPI",
    "A child in the return has an episode of care, or is a care leaver.",
    "CHILD",
    when(every(filled("CHILD"), ~has("Episodes"), ~has("OC3"))),
    optional="Episodes OC3",
    note="Not in the published list; it is what the collection's own system does.",
)
rule("INT32", "A child is in Header once.", "CHILD", unique("Header", "CHILD"))
