"""Rules about episodes: their codes, their days, and how one follows another."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.statutory.returns.lookups import after, has, is_first, is_last, matches, of, own, prev, their
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    YEAR_START,
    birthday,
    blank,
    days_after,
    either,
    every,
    filled,
    in_list,
    in_order,
    in_published_list,
    is_date,
    not_after,
    not_before,
    not_same_day,
    one_of,
    together,
    when,
)
from kith.statutory.returns.rules import rules_of
from kith.statutory.returns.ssda903.looked_after import ADOPTED, respite
from kith.statutory.returns.ssda903.rules.words import born, ended, left_care, run_of

rule = rules_of("Episodes")
_start, _end = pl.col("DECOM"), pl.col("DEC")

rule("141", "The day an episode began is a real date.", "DECOM", is_date("DECOM"))
rule(
    "142",
    "Every episode of a child but the last has ended, with the day and the reason.",
    "DEC REC",
    when(every(~is_last(), filled("DECOM"), either(blank("DEC"), blank("REC")))),
)
rule(
    "143",
    "The reason for a new episode is S, L, P, T, B or U.",
    "RNE",
    in_published_list("RNE", "episode_start_reason"),
)
rule("144", "The legal status is one of the published codes.", "LS", in_published_list("LS", "legal_status"))
rule("145", "The category of need is one of N1 to N8.", "CIN", in_list("CIN", "N1 N2 N3 N4 N5 N6 N7 N8"))
rule("147", "The day an episode ended is a real date.", "DEC", is_date("DEC"))
rule("148", "An episode that has ended has both the day and the reason.", "DEC REC", together("DEC", "REC"))
rule(
    "149",
    "The reason why an episode ended is one of the published codes.",
    "REC",
    in_published_list("REC", "episode_end_reason"),
)
_adopted_before = own("Episodes", one_of("REC", ADOPTED).cast(pl.Int32).cum_sum().over("_child")) > one_of(
    "REC", ADOPTED
).cast(pl.Int32)
rule(
    "199",
    "A child who was adopted comes back into care under a new id.",
    "CHILD",
    when(
        either(
            _adopted_before,
            matches("Episodes_last", one_of(their("REC"), ADOPTED) & (their("DECOM") < _start)),
        )
    ),
    optional="Episodes_last",
)
rule(
    "302",
    "Care does not begin before birth.",
    "DECOM DOB",
    when(is_first() & (_start < born)),
)
rule(
    "352",
    "Nobody starts to be looked after at 18 or over.",
    "DECOM RNE",
    when(one_of("RNE", "S") & (_start >= birthday(born, 18))),
)
_CHILDREN_ACT = date(1991, 10, 14)  # the day on which the Children Act 1989 came into force
rule("353", "No episode began before 14 October 1991.", "DECOM", not_before("DECOM", pl.lit(_CHILDREN_ACT)))
rule("354", "No episode began after the end of the year.", "DECOM", not_after("DECOM", YEAR_END))
rule("355", "An episode does not begin and end on one day.", "DECOM DEC", not_same_day("DECOM", "DEC"))
rule("356", "An episode does not end before it began.", "DECOM DEC", in_order("DECOM", "DEC"))
rule(
    "357",
    "A child whose first episode began in the year started to be looked after with it.",
    "RNE",
    when(every(is_first(), _start >= YEAR_START, ~one_of("RNE", "S"))),
)
rule(
    "358",
    "Nobody is remanded, detained or sentenced before they are ten.",
    "DECOM DOB LS",
    when(one_of("LS", "J1 J2 J3") & (_start < birthday(born, 10))),
    note="The tenth birthday itself is allowed.",
)
rule(
    "359",
    "Care ends at 18, save in a children's home under section 20.",
    "DEC LS PLACE",
    when(every(birthday(born, 18) < YEAR_END, blank("DEC"), ~(one_of("LS", "V2") & one_of("PLACE", "K2")))),
)
for _code, _status, _most, _words in (
    ("361", "L1", 3, "Police protection lasts no longer than 72 hours."),
    ("362", "L2", 21, "An emergency protection order lasts no longer than 21 days."),
):
    _mine, _run = one_of("LS", _status), run_of(_status, touching=True)
    _first = pl.when(_mine).then(_start).min().over(_run)
    _last = pl.when(_mine).then(ended).max().over(_run)
    rule(
        _code,
        _words,
        "DECOM LS DEC",
        when(_mine & (own("Episodes", _last - _first) > pl.duration(days=_most))),
    )
for _code, _status, _most, _words in (
    ("363", "L3", 7, "A child assessment order lasts no longer than seven days."),
    ("364", "J2", 21, "Detention in the authority's care lasts no longer than 21 days."),
):
    _mine, _run = one_of("LS", _status), run_of(_status, touching=False)
    _long = pl.when(_mine).then(ended - _start).sum().over(_run)
    rule(
        _code,
        _words,
        "LS DECOM DEC",
        when(_mine & (own("Episodes", _long) > pl.duration(days=_most))),
        note="Episodes are taken in the order of their days; some tools take them as they lie in the file.",
    )
rule(
    "365",
    "One short break lasts no longer than 17 days.",
    "LS DECOM DEC",
    when(one_of("LS", "V3") & (ended > days_after("DECOM", 17))),
)
rule("366", "Each short break starts anew.", "RNE", when(one_of("LS", "V3") & ~one_of("RNE", "S")))
_in_year = pl.min_horizontal(ended, YEAR_END) - pl.max_horizontal(_start, YEAR_START)
_break = one_of("LS", "V3") & filled("DECOM") & (_in_year > pl.duration(days=0))
rule(
    "367",
    "A child's short breaks come to no more than 75 days in the year.",
    "LS DECOM DEC",
    when(_break & (of("Episodes", pl.when(_break).then(_in_year).sum()) > pl.duration(days=75))),
)
rule("385", "No episode ended after the end of the year.", "DEC", not_after("DEC", YEAR_END))
rule(
    "386",
    "Nobody is adopted at 18 or over.",
    "REC",
    when(one_of("REC", ADOPTED) & (_end >= birthday(born, 18))),
)
rule(
    "387",
    "Nobody leaves care for independent living before they are 14.",
    "REC",
    when(every(one_of("REC", "E5 E6"), filled("DEC"), either(born.is_null(), _end < birthday(born, 14)))),
)
rule(
    "388",
    "An episode ends with X1 when another begins that day, and with another reason when none does.",
    "REC",
    when(
        either(
            every(~is_last(), one_of("REC", "X1"), after("DECOM") != _end),
            every(~is_last(), left_care, after("DECOM") == _end),
            every(is_last(), filled("DEC"), one_of("REC", "X1")),
        )
    ),
)
rule(
    "389",
    "Nobody goes on to adult social care before they are 16.",
    "REC",
    when(one_of("REC", "E7") & ~(_end >= birthday(born, 16)).fill_null(False)),
)
rule(
    "407",
    "Special guardianship begins before 18.",
    "DEC DOB REC",
    when(one_of("REC", "E45 E46 E47 E48") & (_end >= birthday(born, 18))),
    note="The eighteenth birthday itself is too late.",
)
rule(
    "426",
    "A child's short breaks are returned one by one or under one agreement, not both.",
    "LS",
    when(every(respite, has("Episodes", one_of("LS", "V3")), has("Episodes", one_of("LS", "V4")))),
)
rule(
    "431",
    "Somebody who starts to be looked after again does so after the day care ended.",
    "RNE DECOM",
    when(one_of("RNE", "S") & (_start <= prev("DEC"))),
)
_LEFT = "E11 E12 E2 E3 E4A E4B E13 E41 E45 E46 E47 E48 E5 E6 E7 E8 E9 E14 E15 E16 E17"
rule(
    "432",
    "After care has ended, the next episode starts it anew.",
    "RNE",
    when(one_of(prev("REC"), _LEFT) & ~one_of("RNE", "S")),
)
_not_first = prev("_row").is_not_null()
rule(
    "433",
    "An episode that carries on begins on the day the one before it ended.",
    "RNE DECOM",
    when(every(one_of("RNE", "P L T B U"), _not_first, ~(_start == prev("DEC")).fill_null(False))),
)
_PLACING = ("PLACE", "PL_POST", "URN", "PLACE_PROVIDER")


def _same(field: str, *, blanks: bool) -> pl.Expr:
    before = prev(field)
    return pl.col(field).eq_missing(before) if blanks else (pl.col(field) == before).fill_null(False)


_all_same = every(*(_same(field, blanks=True) for field in _PLACING))
rule(
    "434",
    "A new episode because the legal status changed has another legal status, and the same home.",
    "RNE LS PLACE PL_POST URN PLACE_PROVIDER",
    when(every(one_of("RNE", "L"), _not_first, either(_same("LS", blanks=False), ~_all_same))),
)
rule(
    "435",
    "A new episode because the home changed has another home, and the same legal status.",
    "LS PLACE PL_POST URN PLACE_PROVIDER",
    when(
        every(
            one_of("RNE", "P T"),
            _not_first,
            either(~_same("LS", blanks=True), every(*(_same(field, blanks=False) for field in _PLACING))),
        )
    ),
)
rule(
    "436",
    "A new episode because home and legal status changed has another home and another legal status.",
    "RNE LS PLACE PL_POST URN PLACE_PROVIDER",
    when(every(one_of("RNE", "U B"), _not_first, either(_same("LS", blanks=False), _all_same))),
)
rule(
    "437",
    "After death, or being found to be an adult, a child has no more episodes.",
    "REC",
    when(one_of("REC", "E2 E15") & ~is_last()),
)
_ADOPTION_ACT = date(2005, 12, 1)  # placement orders came with the Adoption and Children Act 2002
rule(
    "446",
    "No placement order was made before December 2005.",
    "LS DECOM",
    when(one_of("LS", "E1") & (_start < pl.lit(_ADOPTION_ACT))),
)
rule(
    "460",
    "Somebody who stayed with their carers on leaving care was 18.",
    "DEC REC",
    when(one_of("REC", "E17") & (_end < birthday(born, 18))),
)
rule("501", "A child's episodes do not overlap.", "DECOM DEC", when(_start < prev("DEC")))
rule(
    "504",
    "The category of need stays the same while care goes on.",
    "CIN",
    when(every(one_of(prev("REC"), "X1"), prev("DEC") == _start, ~_same("CIN", blanks=False))),
)
rule(
    "580",
    "A missing child whose care ended on their eighteenth birthday left for reason E8.",
    "REC",
    when(
        every(
            _end == birthday(born, 18),
            has("Missing", pl.col("MIS_END") == birthday(born, 18)),
            ~one_of("REC", "E8"),
        )
    ),
)
