"""Rules about which social worker held a child's case."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.statutory.returns.lookups import has, is_last, matches, prev, their
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    YEAR_START,
    blank,
    days_after,
    either,
    every,
    filled,
    in_published_list,
    is_date,
    not_after,
    not_same_day,
    one_of,
    when,
)
from kith.statutory.returns.rules import rules_of
from kith.statutory.returns.ssda903.looked_after import respite

rule = rules_of("SWEpisodes")
episode = rules_of("Episodes")
_FIRST_YEAR = 2024  # returned from 2023/24
_begins_well = pl.col("SW_ID").str.contains(r"^(SW|XX)").fill_null(False)
_YEAR_BEFORE = YEAR_START.dt.offset_by("-1y")

rule(
    "SW02STG1",
    "A social worker is known by their registration number, which begins with SW, or XX for others.",
    "SW_ID",
    when(~_begins_well),
    since=_FIRST_YEAR,
    until=2025,
)
rule(
    "SW02STG1",
    "A social worker is known by their registration number: SW, or XX for others, and at least two more characters.",
    "SW_ID",
    when(~_begins_well | (pl.col("SW_ID").str.len_chars() < 4)),
    since=2026,
)
rule(
    "SW04STG1",
    "The day a social worker took the case is a real date.",
    "SW_DECOM",
    is_date("SW_DECOM"),
    since=_FIRST_YEAR,
)
rule(
    "SW05STG1",
    "The day a social worker gave up the case is a real date.",
    "SW_DEC",
    is_date("SW_DEC"),
    since=_FIRST_YEAR,
)
rule(
    "SW06STG2",
    "No social worker takes a case after the end of the year.",
    "SW_DECOM",
    not_after("SW_DECOM", YEAR_END),
    since=_FIRST_YEAR,
)
for _since, _until, _from, _words in (
    (_FIRST_YEAR, 2024, YEAR_START, "A social worker who gave up the case did so within the year."),
    (2025, None, _YEAR_BEFORE, "A social worker who gave up the case did so within the year or the one before."),
):
    rule(
        "SW07STG2",
        _words,
        "SW_DEC",
        when(either(pl.col("SW_DEC") < _from, pl.col("SW_DEC") > YEAR_END)),
        since=_since,
        until=_until,
    )
rule(
    "SW08STG2",
    "Every social worker but the latest has given up the case.",
    "SW_DEC",
    when(every(~is_last(), filled("SW_DECOM"), blank("SW_DEC"))),
    since=_FIRST_YEAR,
)
rule(
    "SW09STG2",
    "A social worker holds a case for more than a day.",
    "SW_DECOM SW_DEC",
    not_same_day("SW_DECOM", "SW_DEC"),
    since=_FIRST_YEAR,
)
_WEEK = 7
_gap = every(
    prev("_row").is_not_null(),
    ~pl.col("SW_DECOM")
    .is_between(days_after(prev("SW_DEC"), -_WEEK), days_after(prev("SW_DEC"), _WEEK))
    .fill_null(False),
)
for _since, _until, _test in (
    (_FIRST_YEAR, 2024, _gap),
    (2025, None, _gap & ~one_of("SW_REASON", "FCONTA")),
):
    rule(
        "SW10STG2",
        "One social worker takes over within seven days of the other giving up the case.",
        "SW_DECOM",
        when(_test),
        since=_since,
        until=_until,
    )
_left_care = has("Episodes") & ~has("Episodes", blank("DEC"))
_IN_CARE = (
    "Not asked of a child who left care in the year: their case may rightly be closed. Some tools ask it of them."
)
rule(
    "SW11bSTG2",
    "When a social worker gives up a case in the last days of the year, another takes it.",
    "SW_DEC",
    when(every(is_last(), pl.col("SW_DEC").is_between(days_after(YEAR_END, -5), YEAR_END), ~_left_care)),
    since=_FIRST_YEAR,
    optional="Episodes",
    note=_IN_CARE,
)
_ended = pl.coalesce(pl.col("DEC"), YEAR_END)
_begun, _left = one_of("RNE", "S"), ~one_of("REC", "X1")
_held = matches(
    "SWEpisodes",
    either(_left & (their("SW_DECOM") <= _ended), _begun & (their("SW_DECOM") >= pl.col("DECOM"))),
)
for _since, _until, _recent in (
    (_FIRST_YEAR, 2024, pl.lit(True)),
    (2025, None, either(blank("DEC"), pl.col("DEC").is_between(_YEAR_BEFORE, YEAR_END))),
):
    episode(
        "SW12STG2",
        "A child looked after has a social worker from the start of care to its end.",
        "SW_DECOM",
        when(every(~respite, _recent, _begun | _left, ~_held)),
        since=_since,
        until=_until,
        note="One row that fits is enough; some tools ask that every row fits.",
    )
_ASKED_SINCE = date(2023, 4, 1)  # the reason is asked for from this day
_not_listed = in_published_list("SW_REASON", "worker_change_reason").fails
rule(
    "SW13STG1",
    "Why the social worker changed is said, by one of the published codes.",
    "SW_REASON",
    when(_not_listed | blank("SW_REASON")),
    since=_FIRST_YEAR,
    until=2024,
)
rule(
    "SW13STG1",
    "Why the social worker changed is said of changes since April 2023, by one of the published codes.",
    "SW_REASON",
    when(either(_not_listed, blank("SW_REASON") & (pl.col("SW_DECOM") >= pl.lit(_ASKED_SINCE)))),
    since=2025,
)
rule(
    "SW17STG2",
    "A child whose care goes on has a social worker at the end of the year.",
    "SW_DEC SW_DECOM",
    when(every(is_last(), filled("SW_DEC"), ~_left_care)),
    since=2026,
    optional="Episodes",
    note=_IN_CARE,
)
