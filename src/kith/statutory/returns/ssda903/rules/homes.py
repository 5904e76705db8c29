"""Rules about the home of an episode: its type, provider, register number and postcodes."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.statutory.returns.lookups import after, of, own, prev
from kith.statutory.returns.rule_shapes import (
    YEAR_START,
    birthday,
    blank,
    days_after,
    either,
    every,
    filled,
    in_published_list,
    not_allowed_if,
    one_of,
    required_if,
    when,
)
from kith.statutory.returns.rules import rules_of
from kith.statutory.returns.ssda903.looked_after import ADOPTED, OTHER, TEMPORARY, respite
from kith.statutory.returns.ssda903.rules.words import (
    ADOPTION,
    FOSTER,
    NOT_INSPECTED,
    OUTSIDE_ENGLAND,
    born,
    ended,
    left_care,
    temporary,
    uasc,
)

rule = rules_of("Episodes")
_start, _end = pl.col("DECOM"), pl.col("DEC")
_registered = filled("URN") & ~one_of("URN", NOT_INSPECTED)

rule("146", "The type of home is one of the published codes.", "PLACE", in_published_list("PLACE", "placement_type"))
for _since, _until, _none in ((None, 2025, f"{TEMPORARY} Z1"), (2026, None, f"T0 T1 T2 T3 {OTHER}")):
    rule(
        "178",
        "The provider of the home is one of PR0 to PR5, and is given only for a home that has one.",
        "PLACE_PROVIDER",
        when(
            filled("PLACE_PROVIDER")
            & either(~one_of("PLACE_PROVIDER", "PR0 PR1 PR2 PR3 PR4 PR5"), one_of("PLACE", _none))
        ),
        since=_since,
        until=_until,
    )
for _since, _until, _none in ((None, 2025, TEMPORARY), (2026, None, f"{TEMPORARY} {OTHER}")):
    rule(
        "213",
        "A temporary or other home has no provider.",
        "PLACE_PROVIDER",
        not_allowed_if("PLACE_PROVIDER", one_of("PLACE", _none)),
        since=_since,
        until=_until,
    )
rule(
    "214",
    "A short break has neither the postcode of the home nor its register number.",
    "PL_POST URN",
    not_allowed_if("PL_POST URN", respite),
)
_SINCE_2015 = date(2015, 4, 1)
rule(
    "217",
    "Somebody placed for adoption with their foster carers begins a new episode for S, T or U.",
    "PLACE DECOM RNE",
    when(every(one_of("PLACE", "A3 A5"), _start >= pl.lit(_SINCE_2015), ~one_of("RNE", "S T U"))),
)
_BASE = f"P1 P3 R1 R2 R5 {TEMPORARY}"
for _since, _until, _exempt in (
    (None, 2024, f"{_BASE} H5 P2 Z1"),
    (2025, 2025, f"{_BASE} Z1"),
    (2026, None, f"{_BASE} {OTHER}"),
):
    rule(
        "218",
        "A home in England that is inspected has its register number.",
        "URN",
        required_if(
            "URN",
            every(
                either(blank("DEC"), _end >= YEAR_START),
                ~one_of("PLACE", _exempt),
                ~one_of("PL_LA", OUTSIDE_ENGLAND),
            ),
        ),
        since=_since,
        until=_until,
        needs=("postcodes",),
    )
for _since, _until, _exempt in (
    (None, 2024, f"{_BASE} P2 Z1"),
    (2025, 2025, f"{_BASE} Z1"),
    (2026, None, f"{_BASE} {OTHER}"),
):
    rule(
        "222",
        "A home that is not inspected has no register number.",
        "URN",
        when(_registered & one_of("PLACE", _exempt)),
        since=_since,
        until=_until,
    )


_moved = one_of(after("RNE"), "P B T U")
rule(
    "225",
    "The reason for a change of home is given on the episode that ends with it.",
    "REASON_PLACE_CHANGE",
    required_if(
        "REASON_PLACE_CHANGE",
        every(_moved, one_of("REC", "X1"), ~temporary, ~one_of(after("PLACE"), TEMPORARY)),
    ),
)
rule(
    "226",
    "A temporary move has no reason for a change of home, nor has the episode before it.",
    "REASON_PLACE_CHANGE PLACE",
    when(temporary & either(filled("REASON_PLACE_CHANGE"), prev("REASON_PLACE_CHANGE").is_not_null())),
)
rule(
    "233",
    "An episode that goes on has no reason for a change of home.",
    "REASON_PLACE_CHANGE DEC",
    not_allowed_if("REASON_PLACE_CHANGE", blank("DEC")),
    since=2026,
    note="Some tools break on this rule, and so never apply it.",
)
_at_ten = birthday(born, 10) > _start
_to_custody = one_of(prev("REASON_PLACE_CHANGE"), "CUSTOD") & _at_ten
rule(
    "234",
    "Nobody moves to custody before they are ten.",
    "REASON_PLACE_CHANGE DOB",
    when(_to_custody),
    since=2026,
    note="The reason stands on the episode that ended; the age is that on the day the next began.",
    also={"Header": of("Episodes", own("Episodes", _to_custody).fill_null(False).any()).fill_null(False)},
)
rule(
    "242",
    "XXXXXXX stands for the register number only of fostering and adoption.",
    "URN",
    when(one_of("URN", NOT_INSPECTED) & ~one_of("PLACE", f"{ADOPTION} {FOSTER}")),
    since=2026,
)
rule(
    "243",
    "A home outside England has no register number.",
    "URN",
    not_allowed_if("URN", one_of("PL_LA", OUTSIDE_ENGLAND)),
    since=2026,
    needs=("postcodes",),
)
rule(
    "336",
    "Somebody placed for adoption with their foster carers lived with foster carers, or was placed, before.",
    "PLACE",
    when(every(one_of("PLACE", "A3 A5"), prev("_row").is_not_null(), ~one_of(prev("PLACE"), f"{ADOPTION} {FOSTER}"))),
    note="The codes for adoption by the present carers are A3 and A5; some tools look at A4.",
)
for _since, _until, _place, _age, _code, _words in (
    (None, 2023, "H5", 14, "371", "Nobody lives in semi-independent accommodation before they are 14."),
    (2024, 2024, "H5", 16, "371", "Nobody lives in semi-independent accommodation before they are 16."),
    (2025, None, "K3", 16, "371", "Nobody lives in supported accommodation before they are 16."),
    (None, None, "R5", 10, "372", "Nobody is in youth custody before they are ten."),
    (None, None, "S1", 4, "373", "Nobody lives in a residential school before they are four."),
    (None, None, "P3", 14, "374", "Nobody is in residential employment before they are 14."),
):
    rule(
        _code,
        _words,
        "DECOM PLACE",
        when(one_of("PLACE", _place) & (_start < birthday(born, _age))),
        since=_since,
        until=_until,
        note="Homes that go on are tested as well as those that have ended; some tools test only the latter.",
    )
for _code, _place, _most, _words in (
    ("375", "T1", 42, "A stay in hospital is a temporary move for no longer than six weeks."),
    ("376", "T3", 21, "A carer's holiday is a temporary move for no longer than three weeks."),
    ("379", "T4", 7, "Any other temporary move is for no longer than seven days."),
):
    rule(
        _code,
        _words,
        "DECOM PLACE",
        when(one_of("PLACE", _place) & (ended > days_after("DECOM", _most))),
        note="A move that goes on is counted to the end of the year; some tools leave it out.",
    )
rule(
    "377",
    "A child has no more than two temporary moves for carers' holidays.",
    "PLACE",
    when(one_of("PLACE", "T3") & (of("Episodes", one_of("PLACE", "T3").sum()) > 2)),
)
rule(
    "378",
    "A child accommodated under section 20 is not placed with their parents.",
    "PLACE LS",
    when(one_of("PLACE", "P1") & one_of("LS", "V2")),
)
rule(
    "380",
    "A temporary move begins with a change of home: P or B.",
    "PLACE RNE",
    when(temporary & ~one_of("RNE", "P B")),
)
rule("381", "Care does not end during a temporary move.", "PLACE REC", when(temporary & left_care))
rule("382", "A short break is not a temporary move.", "LS PLACE", when(respite & temporary))
_back = every(one_of(prev("PLACE"), TEMPORARY), prev(prev("_row")).is_not_null())


def _as_before(field: str) -> pl.Expr:
    return (pl.col(field) == prev(prev(field))).fill_null(False)


for _since, _until, _returned in (
    (None, 2025, every(one_of("RNE", "P"), _as_before("PLACE"))),
    (2026, None, every(one_of("RNE", "P"), _as_before("PLACE"), _as_before("PL_POST"))),
):
    rule(
        "383",
        "After a temporary move the child goes back to the home they lived in before it.",
        "PLACE RNE PL_POST",
        when(_back & ~_returned),
        since=_since,
        until=_until,
    )
rule(
    "384",
    "A short break is not long-term fostering.",
    "PLACE LS",
    when(respite & one_of("PLACE", "U1 U4")),
)
rule(
    "390",
    "Somebody adopted was placed for adoption.",
    "PLACE REC",
    when(one_of("REC", ADOPTED) & ~one_of("PLACE", ADOPTION)),
)
rule(
    "392b",
    "The postcodes of the child's own home and of the home they live in are given.",
    "HOME_POST PL_POST",
    when(every(~uasc(), ~uasc(last_year=True), ~respite, either(blank("HOME_POST"), blank("PL_POST")))),
    optional="UASC_last",
)
rule(
    "392d",
    "A child who does not live with their parents lives at another postcode.",
    "HOME_POST PL_POST PLACE",
    when(~one_of("PLACE", "P1") & (pl.col("HOME_POST") == pl.col("PL_POST"))),
)
rule("398", "A short break has no postcodes.", "LS HOME_POST PL_POST", not_allowed_if("HOME_POST PL_POST", respite))
rule(
    "408",
    "Somebody placed for adoption under a placement order has one.",
    "PLACE LS",
    when(one_of("PLACE", "A5 A6") & ~one_of("LS", "E1")),
)
rule(
    "516",
    "Special guardianship with a former foster carer follows a foster home.",
    "REC PLACE",
    when(one_of("REC", "E45 E46") & ~one_of("PLACE", FOSTER)),
)
for _since, _until, _none in ((None, 2025, f"{TEMPORARY} Z1"), (2026, None, f"{TEMPORARY} {OTHER}")):
    rule(
        "526",
        "A home has its provider.",
        "PLACE PLACE_PROVIDER",
        required_if("PLACE_PROVIDER", ~one_of("PLACE", _none)),
        since=_since,
        until=_until,
    )
for _code, _kind, _places, _words in (
    ("527", "PR1", "P1 R2 R5", "Our own authority provides neither parents' homes, hospitals nor youth custody."),
    ("528", "PR2", "P1 R2 R5", "Another authority provides neither parents' homes, hospitals nor youth custody."),
    (
        "529",
        "PR3",
        f"P1 {ADOPTION} K1 K2 {FOSTER}",
        "Another public body provides no home with parents, carers or adopters.",
    ),
    ("530", "PR4", "P1", "A home with parents is not private provision."),
    ("531", "PR5", "P1", "A home with parents is not voluntary provision."),
):
    rule(_code, _words, "PLACE PLACE_PROVIDER", when(one_of("PLACE_PROVIDER", _kind) & one_of("PLACE", _places)))
rule(
    "550",
    "Parents provide a home only with parents.",
    "PLACE PLACE_PROVIDER",
    when(one_of("PLACE_PROVIDER", "PR0") & ~one_of("PLACE", "P1")),
)
rule(
    "1009",
    "The reason for a change of home is one of the published codes.",
    "REASON_PLACE_CHANGE",
    in_published_list("REASON_PLACE_CHANGE", "placement_change_reason"),
)
