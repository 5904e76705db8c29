"""Rules about times when a child was missing, and about deprivation of liberty."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.lookups import THEIRS, has, is_first, matches, of, their
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    blank,
    either,
    every,
    filled,
    in_published_list,
    is_date,
    must_be_date,
    not_after,
    one_of,
    required_if,
    when,
    within_year,
)
from kith.statutory.returns.rules import Rules, rules_of
from kith.statutory.returns.ssda903.rules.words import period_end, period_start

rule = rules_of("Missing")
order = rules_of("DoLO")
_FIRST_YEAR = 2027  # deprivation of liberty is returned from 2026/27
_theirs_from = pl.col(THEIRS + period_start.meta.output_name())
_theirs_to = pl.col(THEIRS + period_end.meta.output_name())


def _overlaps(table: str, start: str, end: str) -> pl.Expr:
    """Another row of the child began by this one's start, or with it and above it, and had not ended by then."""
    first = (their(start) < pl.col(start)) | ((their(start) == pl.col(start)) & (their("_n") < pl.col("_n")))
    return matches(table, first & (their(end).is_null() | (pl.col(start) < their(end))))


def _outside_care(start: str, end: str) -> pl.Expr:
    """The child has episodes, and no period of care holds the whole of the time."""
    within = either(
        every(blank(end), _theirs_to.is_null(), pl.col(start) >= _theirs_from),
        every(
            filled(end),
            pl.col(end) >= _theirs_from,
            _theirs_to.is_null() | (pl.col(end) <= _theirs_to),
        ),
    )
    return every(filled(start), has("Episodes"), ~matches("Episodes", within))


def _dated(
    pen: Rules, codes: tuple[str, str, str, str, str], start: str, end: str, what: str, since: int | None
) -> None:
    """The rules that both tables have, in the order: starts too late, ends, overlaps, outlasts care, before birth."""
    late, ends, overlaps, outlasts, unborn = codes
    pen(late, f"{what} did not begin after the end of the year.", start, not_after(start, YEAR_END), since=since)
    pen(ends, f"{what} that ended did so within the year.", end, within_year(end), since=since)
    pen(
        overlaps,
        f"{what} does not overlap another of the child.",
        f"{start} {end}",
        when(_overlaps(pen.table, start, end)),
        since=since,
    )
    pen(outlasts, f"{what} ended by the time that care did.", end, when(_outside_care(start, end)), since=since)
    pen(unborn, f"{what} came after birth.", start, when(pl.col(start) <= pl.col("DOB")), since=since)


_dated(rule, ("570", "571", "574", "577", "586"), "MIS_START", "MIS_END", "A time missing", None)
_dated(order, ("703", "704", "705", "707", "708"), "DOLO_START", "DOLO_END", "A deprivation of liberty", _FIRST_YEAR)

rule(
    "564",
    "A time missing has the day it began.",
    "MISSING MIS_START",
    required_if("MIS_START", one_of("MISSING", "M A")),
)
rule(
    "565",
    "It is said whether the child was missing or away: M or A.",
    "MISSING MIS_START",
    required_if("MISSING", filled("MIS_START")),
)
rule(
    "566",
    "Of a time that ended, it is said whether the child was missing or away.",
    "MISSING MIS_END",
    required_if("MISSING", filled("MIS_END")),
)
rule(
    "567",
    "A time missing does not end before it began.",
    "MIS_START MIS_END",
    when(pl.col("MIS_START") > pl.col("MIS_END")),
)
_within_closed = every(
    pl.col("MIS_START") >= their("DECOM"), pl.col("MIS_START") <= their("DEC"), their("DEC").is_not_null()
)
rule(
    "575",
    "A child's time missing ends by the day their placement does.",
    "MIS_END",
    when(blank("MIS_END") & matches("Episodes", _within_closed)),
)
_open_then = of("Missing_last", pl.col("MIS_START").filter(blank("MIS_END")).last())
_first_now = of("Missing", pl.col("MIS_START").min())
_dropped = _open_then.is_not_null() & _first_now.ne_missing(_open_then)
rule(
    "576",
    "A child who was still missing at the end of last year is missing from the same day in this year's return.",
    "CHILD",
    when(is_first() & _dropped),
    also={"Header": _dropped & ~has("Missing")},
    needs=("last_year",),
    note="A child with nothing about it this year is named too, in Header; some tools pass over them.",
)
_after_care = has("Episodes") & ~matches(
    "Episodes",
    (pl.col("MIS_START") >= _theirs_from) & (_theirs_to.is_null() | (pl.col("MIS_START") < _theirs_to)),
)
rule(
    "578",
    "A looked-after child goes missing while care goes on.",
    "MIS_START",
    when(filled("MIS_START") & _after_care),
    note="Going missing on the day that care ended is too late.",
)
_in_episode = (pl.col("MIS_START") >= their("DECOM")) & (their("DEC").is_null() | (pl.col("MIS_START") <= their("DEC")))
rule(
    "581",
    "A looked-after child goes missing during an episode of care.",
    "MIS_START",
    when(every(filled("MIS_START"), has("Episodes"), ~matches("Episodes", _in_episode))),
)
rule("1004", "The day a time missing began is given, and is a real date.", "MIS_START", must_be_date("MIS_START"))
rule("1005", "The day a time missing ended is a real date.", "MIS_END", is_date("MIS_END"))
rule("1006", "A child was missing or away: M or A.", "MISSING", in_published_list("MISSING", "missing_kind"))

order(
    "700",
    "The day a deprivation of liberty began is given, and is a real date.",
    "DOLO_START",
    must_be_date("DOLO_START"),
    since=_FIRST_YEAR,
)
order(
    "701", "The day a deprivation of liberty ended is a real date.", "DOLO_END", is_date("DOLO_END"), since=_FIRST_YEAR
)
order(
    "702",
    "A deprivation of liberty ends after the day it began.",
    "DOLO_START DOLO_END",
    when(pl.col("DOLO_END") <= pl.col("DOLO_START")),
    since=_FIRST_YEAR,
)
_order_then = of("DoLO_last", pl.col("DOLO_START").filter(blank("DOLO_END")).last())
_not_carried = _order_then.is_not_null() & ~has("DoLO")
order(
    "706",
    "A deprivation of liberty that went on at the end of last year is in this year's return, from the same day.",
    "DOLO_START",
    when(
        every(
            is_first(),
            _order_then.is_not_null(),
            of("DoLO", (pl.col("DOLO_START") == _order_then).any()).fill_null(False).not_(),
        )
    ),
    also={"Header": _not_carried},
    since=_FIRST_YEAR,
    needs=("last_year",),
)

for _code, _words, _places, _allowed in (
    (
        "709",
        "A child deprived of their liberty lives in a children's home, or another home with Z12 or Z13.",
        "K2 Z12 Z13",
        True,
    ),
    (
        "710",
        "Nobody under such an order lives with parents, in a secure home, supported or in youth custody.",
        "K1 P1 R5 K3",
        False,
    ),
):
    _their_place = one_of(their("PLACE"), _places)
    _overlap_here = every(
        filled("DOLO_START"),
        filled("DOLO_END"),
        their("DEC").is_null() | (pl.col("DOLO_START") <= their("DEC")),
        pl.col("DOLO_END") >= their("DECOM"),
    )
    _overlap_there = every(
        their("DOLO_START").is_not_null(),
        their("DOLO_END").is_not_null(),
        blank("DEC") | (their("DOLO_START") <= pl.col("DEC")),
        their("DOLO_END") >= pl.col("DECOM"),
    )
    _place = one_of("PLACE", _places)
    order(
        _code,
        _words,
        "DOLO_START PLACE",
        when(matches("Episodes", _overlap_here & (~_their_place if _allowed else _their_place))),
        also={"Episodes": (~_place if _allowed else _place) & matches("DoLO", _overlap_there)},
        since=_FIRST_YEAR,
        note="Some tools break on this rule, and so never apply it.",
    )
