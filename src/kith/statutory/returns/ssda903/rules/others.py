"""Rules about reviews, earlier permanence, and unaccompanied asylum-seeking children."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.statutory.returns.authority_numbers import ENGLISH
from kith.statutory.returns.lookups import has, of
from kith.statutory.returns.rule_shapes import (
    YEAR_START,
    any_blank,
    any_filled,
    birthday,
    blank,
    differs,
    either,
    every,
    filled,
    in_list,
    in_published_list,
    is_date,
    must_be_date,
    not_after,
    not_allowed_if,
    one_of,
    unique,
    when,
)
from kith.statutory.returns.rules import rules_of
from kith.statutory.returns.ssda903.rules.words import uasc

review = rules_of("Reviews")
permanence = rules_of("PrevPerm")
episode = rules_of("Episodes")
seeking = rules_of("UASC")

review("166", "The day of a review is given, and is a real date.", "REVIEW", must_be_date("REVIEW"))
_TOOK_PART = "PN1 PN2 PN3 PN4 PN5 PN6 PN7"
review(
    "167",
    "How the child took part is said of each review, by one of the codes PN0 to PN7.",
    "REVIEW_CODE",
    when(
        either(filled("REVIEW") & ~one_of("REVIEW_CODE", f"PN0 {_TOOK_PART}"), blank("REVIEW") & filled("REVIEW_CODE"))
    ),
)
review(
    "440",
    "A child of four or over takes part in their review: PN0 is for those under four.",
    "DOB REVIEW REVIEW_CODE",
    when(one_of("REVIEW_CODE", "PN0") & (pl.col("REVIEW") > birthday("DOB", 4))),
)
review(
    "441",
    "The review of a child under four has the code PN0.",
    "DOB REVIEW REVIEW_CODE",
    when(one_of("REVIEW_CODE", _TOOK_PART) & (pl.col("REVIEW") < birthday("DOB", 4))),
)

_details = any_blank("LA_PERM", "DATE_PERM")
episode(
    "630",
    "When a child starts to be looked after in the year, an earlier permanent home is returned, or that none was.",
    "RNE",
    when(
        every(
            one_of("RNE", "S"),
            pl.col("DECOM") >= YEAR_START,
            either(
                ~has("PrevPerm"),
                has("PrevPerm", either(blank("PREV_PERM"), ~one_of("PREV_PERM", "Z1") & _details)),
            ),
        )
    ),
)
permanence(
    "631",
    "The kind of earlier permanent home is one of P1 to P4, or Z1 for none.",
    "PREV_PERM",
    in_published_list("PREV_PERM", "previous_permanence"),
)
_said = pl.col("DATE_PERM")
_form = _said.str.contains(r"^(\d{2}|ZZ)/(\d{2}|ZZ)/(\d{4}|ZZZZ)$")
_LEAP = "2000"  # a year in which every day and month that can be is one
_no_day, _no_month = _said.str.starts_with("ZZ/"), _said.str.slice(3, 2) == "ZZ"
_no_year = _said.str.ends_with("ZZZZ")
_first_day = pl.concat_str(
    pl.when(_no_day).then(pl.lit("01")).otherwise(_said.str.slice(0, 2)),
    pl.when(_no_month).then(pl.lit("12")).otherwise(_said.str.slice(3, 2)),
    pl.when(_no_year).then(pl.lit(_LEAP)).otherwise(_said.str.slice(6, 4)),
    separator="/",
).str.to_date("%d/%m/%Y", strict=False)
_latest = pl.when(_no_day).then(_first_day.dt.month_end()).otherwise(_first_day)
permanence(
    "632",
    "The day of an earlier permanent home is a date, with ZZ for a part not known, and comes before care began.",
    "DATE_PERM DECOM",
    when(
        filled("DATE_PERM")
        & either(
            ~_form.fill_null(False),
            _first_day.is_null(),
            ~_no_year & (_latest >= of("Episodes", pl.col("DECOM").first())),
        )
    ),
    note="A part not known is taken as late as it can be; where the year is not known, nothing is compared.",
)
permanence(
    "633",
    "The authority of an earlier permanent home is an English one's number, WAL, SCO, NIR, NUK, or 999 if not known.",
    "LA_PERM",
    in_list("LA_PERM", " ".join((*ENGLISH, "999", "WAL", "SCO", "NIR", "NUK"))),
    note="Authorities made in 2021 and 2023 count; some tools do not know them.",
)
_COLLECTED_SINCE = date(2016, 4, 1)  # earlier permanent homes are asked about of care that began from this day
permanence(
    "634",
    "An earlier permanent home is returned only for care that began since April 2016.",
    "LA_PERM PREV_PERM DATE_PERM DECOM",
    when(
        any_filled("PREV_PERM", "LA_PERM", "DATE_PERM")
        & (of("Episodes", pl.col("DECOM").max()) < pl.lit(_COLLECTED_SINCE))
    ),
    note="The day is fixed: some tools take the first day of the year instead, and name most children.",
)
permanence(
    "635",
    "Where there was no earlier permanent home, neither an authority nor a day is given.",
    "LA_PERM DATE_PERM PREV_PERM",
    not_allowed_if("LA_PERM DATE_PERM", one_of("PREV_PERM", "Z1")),
    note="Read from the rule's own message, which speaks of Z1; some tools look for a blank.",
)
permanence("INT35", "A child is in PrevPerm once.", "CHILD", unique("PrevPerm", "CHILD"))

seeking(
    "104",
    "The day a child ceased to be an unaccompanied asylum-seeking child is a real date, not before the year.",
    "DUC",
    when(is_date("DUC").fails | (pl.col("DUC") < YEAR_START).fill_null(False)),
)
_then_duc = of("UASC_last", "DUC")
_last_start, _last_end = YEAR_START.dt.offset_by("-1y"), YEAR_START.dt.offset_by("-1d")
_not_then = ~_then_duc.is_between(_last_start, _last_end).fill_null(False)
_now, _then = uasc(), uasc(last_year=True)
_duc_now = of("UASC", "DUC").is_not_null()
_LAST = ("last_year",)


def _unsupported(duc: pl.Expr) -> dict[str, pl.Expr]:
    """Each part of the rules on the flag of two years, by code; `duc` says whether a day is given this year."""
    this_duc = of("UASC", "DUC")
    outside = either(this_duc.is_null(), this_duc < YEAR_START, this_duc > pl.col("_year_end"))
    of_age = birthday(of("UASC_last", "DOB"), 18)
    return {
        "205A": every(~_now, _then, either(duc, _not_then)),
        "205B": every(_now, _then, either(differs(_then_duc, of_age), outside & differs(this_duc, _then_duc))),
        "205C": every(~_now, ~_then, either(duc, _then_duc.is_not_null())),
        "205D": every(has("Header"), has("Header_last"), _now, ~_then),
    }


_SENTENCES = {
    "205A": "A child who is no longer an unaccompanied asylum-seeking child ceased to be one last year.",
    "205B": "Of a child who still is an unaccompanied asylum-seeking child, the day they cease to be one is their "
    "eighteenth birthday, or in this year.",
    "205C": "A child who never was an unaccompanied asylum-seeking child has no day of ceasing to be one.",
    "205D": "A child who was in care last year does not become an unaccompanied asylum-seeking child.",
}
for _code, _test in _unsupported(_duc_now).items():
    seeking(
        _code,
        _SENTENCES[_code],
        "UASC DUC" if _code in ("205B", "205C") else "CHILD UASC",
        when(_test),
        also={"Header": _test},
        needs=_LAST,
    )
seeking(
    "303",
    "A day of ceasing to be an unaccompanied asylum-seeking child is given only of one who was.",
    "DUC UASC",
    when(every(pl.col("_xml"), filled("DUC"), ~one_of(of("Header", "UASC"), "1"))),
    needs=("xml",),
)
seeking(
    "304",
    "A child ceases to be an unaccompanied asylum-seeking child by their eighteenth birthday.",
    "DUC",
    not_after("DUC", birthday("DOB", 18)),
)
seeking("INT36", "A child is in UASC once.", "CHILD", unique("UASC", "CHILD"))
