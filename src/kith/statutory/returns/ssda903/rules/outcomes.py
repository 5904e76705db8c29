"""Rules about the health and outcomes of children looked after all year."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.lookups import has, is_first
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    YEAR_START,
    any_blank,
    any_filled,
    birthday,
    blank,
    either,
    every,
    filled,
    in_list,
    in_published_list,
    not_allowed_if,
    one_of,
    required_if,
    unique,
    when,
)
from kith.statutory.returns.rules import rules_of
from kith.statutory.returns.ssda903.rules.words import CONDITIONAL, HEALTH, in_care_all_year, leaver_items

rule = rules_of("OC2")
_ITEMS = (*HEALTH, *CONDITIONAL)


def _by(age: int, day: pl.Expr) -> pl.Expr:
    """The child reached the age by that day, the day itself included."""
    return (birthday("DOB", age) <= day).fill_null(False)


def _not_by(age: int, day: pl.Expr) -> pl.Expr:
    return (birthday("DOB", age) > day).fill_null(False)


_no_score = blank("SDQ_SCORE") & blank("SDQ_REASON")
rule(
    "157",
    "The reason SDQ1, not of the age for it, is given only for a child under 4 or over 16.",
    "SDQ_REASON DOB",
    when(
        every(
            in_care_all_year,
            _by(4, YEAR_START),
            birthday("DOB", 16) >= YEAR_END,
            blank("SDQ_SCORE"),
            one_of("SDQ_REASON", "SDQ1"),
        )
    ),
)
rule(
    "158",
    "Whether help was offered is said only when none was received.",
    "INTERVENTION_RECEIVED INTERVENTION_OFFERED",
    not_allowed_if("INTERVENTION_OFFERED", one_of("INTERVENTION_RECEIVED", "1")),
)
rule(
    "159",
    "Where substance misuse was found and no help received, it is said whether any was offered.",
    "SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
    required_if("INTERVENTION_OFFERED", one_of("SUBSTANCE_MISUSE", "1") & one_of("INTERVENTION_RECEIVED", "0")),
)
_score = pl.col("SDQ_SCORE").cast(pl.Int64, strict=False)
rule(
    "180",
    "The score of strengths and difficulties is a whole number from 0 to 40.",
    "SDQ_SCORE",
    when(
        filled("SDQ_SCORE") & ~(pl.col("SDQ_SCORE").str.contains(r"^\d+$") & _score.is_between(0, 40)).fill_null(False)
    ),
)
rule(
    "181",
    "Each answer about the child's twelve months is 0 or 1.",
    " ".join((*CONDITIONAL[:2], *HEALTH, *CONDITIONAL[2:])),
    when(either(*(in_list(each, "0 1").fails for each in _ITEMS))),
)
rule(
    "182",
    "Where one answer about the child's twelve months is given, the four about health are.",
    " ".join(_ITEMS),
    when(any_blank(*HEALTH) & any_filled(*CONDITIONAL)),
)
rule(
    "185",
    "A score is given only of a child looked after all year.",
    "SDQ_SCORE",
    not_allowed_if("SDQ_SCORE", ~in_care_all_year),
)
rule(
    "186",
    "A child looked after all year, aged 4 to 16, has a score, or a reason why there is none.",
    "SDQ_SCORE",
    when(every(in_care_all_year, _by(4, YEAR_START), _not_by(17, YEAR_END), _no_score)),
)
rule(
    "188",
    "A child under four has no score, and needs no reason why not.",
    "SDQ_SCORE SDQ_REASON",
    not_allowed_if("SDQ_SCORE SDQ_REASON", _not_by(4, YEAR_END)),
)
rule(
    "189",
    "Somebody of 17 or over when the year began has no score, and needs no reason why not.",
    "DOB SDQ_SCORE SDQ_REASON",
    not_allowed_if("SDQ_SCORE SDQ_REASON", birthday("DOB", 17) < YEAR_START),
)
rule(
    "190",
    "The answers about twelve months are given only of a child looked after all year.",
    " ".join(_ITEMS),
    not_allowed_if(" ".join(_ITEMS[4:] + _ITEMS[:4]), ~in_care_all_year),
)
rule(
    "191",
    "The four answers about health are given of every child looked after all year.",
    f"{' '.join(HEALTH)} CHILD",
    when(in_care_all_year & any_blank(*HEALTH)),
    also={"Episodes": every(is_first(), in_care_all_year, ~has("OC2"))},
)
rule(
    "192",
    "Where substance misuse was found, it is said whether help was received.",
    "SUBSTANCE_MISUSE INTERVENTION_RECEIVED",
    required_if("INTERVENTION_RECEIVED", one_of("SUBSTANCE_MISUSE", "1")),
)
rule(
    "193",
    "Help with substance misuse is spoken of only where misuse was found.",
    "SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
    not_allowed_if(
        "INTERVENTION_RECEIVED INTERVENTION_OFFERED",
        either(blank("SUBSTANCE_MISUSE"), one_of("SUBSTANCE_MISUSE", "0")),
    ),
)
rule(
    "196",
    "The reason for no score is one of SDQ1 to SDQ5.",
    "SDQ_REASON",
    in_published_list("SDQ_REASON", "sdq_reason"),
)


def _in_year(age: int) -> pl.Expr:
    return birthday("DOB", age).is_between(YEAR_START, YEAR_END)


rule(
    "197B",
    "A child looked after all year who turned 4 or 17 in it has a score, or a reason why there is none.",
    "SDQ_REASON DOB",
    when(every(in_care_all_year, either(_in_year(4), _in_year(17)), _no_score)),
)
rule(
    "197a",
    "A child with a score has no reason for there being none.",
    "SDQ_SCORE SDQ_REASON",
    when(filled("SDQ_SCORE") & filled("SDQ_REASON")),
)
rule(
    "198",
    "A reason for no score is given only of a child looked after all year.",
    "SDQ_REASON",
    not_allowed_if("SDQ_REASON", ~in_care_all_year),
)
rule(
    "215",
    "Nobody is both a care leaver and a child looked after all year.",
    f"IN_TOUCH ACTIV ACCOM {' '.join(_ITEMS)}",
    when(any_filled(*_ITEMS) & has("OC3", leaver_items)),
    also={"OC3": leaver_items & has("OC2", any_filled(*_ITEMS))},
)
rule(
    "542",
    "Whether a child was convicted is said only from the age of ten.",
    "CONVICTED",
    not_allowed_if("CONVICTED", _not_by(10, YEAR_END)),
)
rule(
    "543",
    "Whether a child of ten or over, looked after all year, was convicted is said.",
    "DOB CONVICTED",
    required_if("CONVICTED", in_care_all_year & _by(10, YEAR_END)),
)
rule(
    "544",
    "Where it is said whether a child was convicted, the four answers about health are given.",
    f"CONVICTED {' '.join(HEALTH)}",
    when(filled("CONVICTED") & any_blank(*HEALTH)),
    note="No as well as yes.",
)
rule(
    "545",
    "Whether a child under five, looked after all year, has had their health checks is said.",
    "DOB HEALTH_CHECK",
    required_if("HEALTH_CHECK", in_care_all_year & _not_by(5, YEAR_END)),
)
rule(
    "546",
    "Health checks are spoken of only under five.",
    "DOB HEALTH_CHECK",
    not_allowed_if("HEALTH_CHECK", in_care_all_year & _by(5, YEAR_END)),
)
rule(
    "547",
    "Where health checks are spoken of, the four answers about health are given.",
    f"HEALTH_CHECK {' '.join(HEALTH)}",
    when(filled("HEALTH_CHECK") & any_blank(*HEALTH)),
    note="No as well as yes.",
)
rule("INT33", "A child is in OC2 once.", "CHILD", unique("OC2", "CHILD"))
