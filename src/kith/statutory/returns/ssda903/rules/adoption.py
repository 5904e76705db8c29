"""Rules about adoption, and decisions that a child should be placed for it."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.lookups import has, how_many, is_last, matches, of, prev, their
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    YEAR_START,
    all_or_none,
    any_blank,
    any_filled,
    blank,
    either,
    every,
    filled,
    in_list,
    in_order,
    in_published_list,
    is_date,
    not_allowed_if,
    one_of,
    required_if,
    together,
    unique,
    when,
)
from kith.statutory.returns.rules import rules_of
from kith.statutory.returns.ssda903.looked_after import ADOPTED, respite
from kith.statutory.returns.ssda903.rules.words import (
    ADOPTION,
    ADOPTION_ITEMS,
    adopted_in_year,
    in_care_all_year,
    leaver_items,
    left_care,
)

rule = rules_of("AD1")
decision = rules_of("PlacedAdoption")
episode = rules_of("Episodes")
_items = any_filled(*ADOPTION_ITEMS)
_ITEMS = " ".join(ADOPTION_ITEMS)
_reversal = any_filled("DATE_PLACED_CEASED", "REASON_PLACED_CEASED")
_adopted = one_of("REC", ADOPTED)

rule("112", "The day of the decision that the child should be placed is a real date.", "DATE_INT", is_date("DATE_INT"))
rule("113", "The day of the match is a real date.", "DATE_MATCH", is_date("DATE_MATCH"))
rule(
    "114",
    "Whether the adopters were the child's foster carers is 0 or 1.",
    "FOSTER_CARE",
    in_list("FOSTER_CARE", "0 1"),
)
rule(
    "134",
    "Nobody is both adopted and a care leaver.",
    f"IN_TOUCH ACTIV ACCOM {_ITEMS}",
    when(_items & has("OC3", leaver_items)),
)
rule("151", "What is returned of an adoption is complete, or nothing is.", _ITEMS, all_or_none(_ITEMS))
rule("175", "The number of adopters is 1 or 2.", "NB_ADOPTR", in_list("NB_ADOPTR", "1 2"))
rule(
    "176",
    "The sex of the adopters is M1, F1, MM, FF or MF.",
    "SEX_ADOPTR",
    in_published_list("SEX_ADOPTR", "adopter_sex"),
)
rule(
    "177",
    "The legal status of the adopters is one of the published codes.",
    "LS_ADOPTR",
    in_published_list("LS_ADOPTR", "adopter_status"),
)
rule(
    "187",
    "A child in care all year is neither adopted nor a care leaver.",
    f"{_ITEMS} IN_TOUCH ACTIV ACCOM",
    when(_items & in_care_all_year),
    also={"OC3": leaver_items & in_care_all_year},
)
_matched_late = one_of(their("REC"), ADOPTED) & (pl.col("DATE_MATCH") > their("DECOM"))
rule(
    "331",
    "A child is matched by the day they are placed with the adopters.",
    "DATE_MATCH DECOM REC",
    when(matches("Episodes", _matched_late)),
    also={"Episodes": _adopted & (of("AD1", pl.col("DATE_MATCH").max()) > pl.col("DECOM"))},
)
rule(
    "333",
    "The decision that the child should be placed is given, and came by the day of the match.",
    "DATE_INT",
    when(filled("DATE_MATCH") & either(blank("DATE_INT"), pl.col("DATE_INT") > pl.col("DATE_MATCH"))),
)
rule(
    "334",
    "The decision that a child should be placed does not come before care.",
    "DATE_INT DECOM RNE",
    when(pl.col("DATE_INT") < of("Episodes", pl.col("DECOM").filter(one_of("RNE", "S")).last())),
)
_with_carers, _with_others = one_of("PLACE", "A2 A3 A5"), one_of("PLACE", "A1 A4 A6")
_finally = one_of("REC", f"E1 {ADOPTED}")
rule(
    "335",
    "Whether the adopters were the foster carers agrees with the last home.",
    "PLACE FOSTER_CARE",
    when(
        either(
            one_of("FOSTER_CARE", "0") & has("Episodes", _finally & _with_carers),
            one_of("FOSTER_CARE", "1") & has("Episodes", _finally & _with_others),
        )
    ),
    also={
        "Episodes": _finally
        & either(
            _with_carers & has("AD1", one_of("FOSTER_CARE", "0")),
            _with_others & has("AD1", one_of("FOSTER_CARE", "1")),
        )
    },
)
_COUPLE, _ALONE = "MM FF MF", "M1 F1"
rule(
    "511",
    "Two adopters are a couple.",
    "NB_ADOPTR SEX_ADOPTR",
    when(one_of("NB_ADOPTR", "2") & one_of("SEX_ADOPTR", _ALONE)),
)
for _code, _status, _sexes, _words in (
    ("514", "L0", _ALONE, "A single adopter is one man or one woman."),
    ("517", "L3", "MF", "An unmarried couple of different sexes is a man and a woman."),
    ("518", "L4", "MM FF", "An unmarried couple of one sex is two men or two women."),
    ("519", "L2", _COUPLE, "Civil partners are a couple."),
    ("520", "L11", "MF", "A married couple of different sexes is a man and a woman."),
    ("524", "L12", "MM FF", "A married couple of one sex is two men or two women."),
):
    rule(_code, _words, "LS_ADOPTR SEX_ADOPTR", when(one_of("LS_ADOPTR", _status) & ~one_of("SEX_ADOPTR", _sexes)))
rule(
    "525",
    "Nothing is returned of an adoption once the decision has been reversed.",
    f"DATE_PLACED_CEASED {_ITEMS}",
    not_allowed_if(_ITEMS, has("PlacedAdoption", filled("DATE_PLACED_CEASED"))),
    also={"PlacedAdoption": filled("DATE_PLACED_CEASED") & has("AD1", _items)},
)
rule(
    "602",
    "What is returned of an adoption is of a child adopted in the year.",
    "CHILD",
    when(_items & ~has("Episodes", adopted_in_year)),
)
rule("INT31", "A child is in AD1 once.", "CHILD", unique("AD1", "CHILD"))

episode(
    "521",
    "The decision that a child should be placed for adoption comes by the day they are.",
    "PLACE DECOM DATE_INT",
    when(one_of("PLACE", ADOPTION) & (of("AD1", pl.col("DATE_INT").max()) > pl.col("DECOM"))),
)
episode(
    "551",
    "A child placed for adoption has the day of the decision.",
    "DATE_PLACED PLACE",
    when(one_of("PLACE", ADOPTION) & either(~has("PlacedAdoption"), has("PlacedAdoption", blank("DATE_PLACED")))),
)
_first_placed = of("Episodes", pl.col("DECOM").filter(one_of("PLACE", ADOPTION)).first())
_last_decided = of("PlacedAdoption", pl.col("DATE_PLACED").max())
episode(
    "552",
    "The decision comes by the day the child is placed for adoption.",
    "DATE_PLACED DECOM",
    when(every(one_of("PLACE", ADOPTION), pl.col("DECOM") == _first_placed, pl.col("DECOM") < _last_decided)),
    also={"PlacedAdoption": (pl.col("DATE_PLACED") == _last_decided) & (_first_placed < _last_decided)},
)
episode(
    "553",
    "A child with a placement order has a decision that has not been reversed.",
    "CHILD DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
    when(one_of("LS", "E1") & ~has("PlacedAdoption")),
    also={"PlacedAdoption": _reversal & has("Episodes", one_of("LS", "E1") & blank("DEC"))},
)
_no_reversal = either(
    ~has("PlacedAdoption"), has("PlacedAdoption", any_blank("DATE_PLACED_CEASED", "REASON_PLACED_CEASED"))
)
for _since, _until, _orders in ((None, 2024, "E1 D1"), (2025, None, "E1")):
    episode(
        "557",
        "When a child leaves care without being adopted, the decision that they should be is reversed.",
        "DATE_PLACED_CEASED REASON_PLACED_CEASED PLACE LS REC",
        when(every(either(one_of("PLACE", ADOPTION), one_of("LS", _orders)), left_care, ~_adopted, _no_reversal)),
        since=_since,
        until=_until,
    )
episode(
    "582",
    "A child is not adopted on the day of the match.",
    "DEC DATE_MATCH",
    when(_adopted & has("AD1", filled("DATE_MATCH")) & (pl.col("DEC") == of("AD1", "DATE_MATCH"))),
)
episode(
    "601",
    "What is returned of a child adopted in the year is complete.",
    f"REC {_ITEMS}",
    when(adopted_in_year & either(~has("AD1"), has("AD1", any_blank(*ADOPTION_ITEMS)))),
    note="A child with nothing returned at all is named too; some tools pass over them.",
)

decision("115", "The day of a decision is a real date.", "DATE_PLACED", is_date("DATE_PLACED"))
decision("116", "The day of a reversal is a real date.", "DATE_PLACED_CEASED", is_date("DATE_PLACED_CEASED"))
_care_ended = of("Episodes", pl.col("DEC").filter(~one_of("REC", "X1")).last())


def _late(field: str) -> pl.Expr:
    return either(pl.col(field) > YEAR_END, pl.col(field) > _care_ended)


decision(
    "117",
    "Decisions and reversals come by the end of the year, and by the end of care.",
    "DATE_PLACED_CEASED DATE_PLACED DEC REC DECOM",
    when(_late("DATE_PLACED") | _late("DATE_PLACED_CEASED")),
)
_care_began = of("Episodes", pl.col("DECOM").filter(~respite).first())
decision(
    "118",
    "A reversal comes within the year, and after care began.",
    "DATE_PLACED_CEASED DECOM LS",
    when(either(pl.col("DATE_PLACED_CEASED") < YEAR_START, pl.col("DATE_PLACED_CEASED") < _care_began)),
)
decision(
    "119",
    "A reversal has both its day and its reason.",
    "REASON_PLACED_CEASED DATE_PLACED_CEASED",
    together("DATE_PLACED_CEASED", "REASON_PLACED_CEASED"),
)
decision(
    "120",
    "The reason for a reversal is RD1, RD2, RD3 or RD4.",
    "REASON_PLACED_CEASED",
    in_published_list("REASON_PLACED_CEASED", "placed_ceased_reason"),
)
decision(
    "184",
    "A decision does not come before birth.",
    "DATE_PLACED DOB",
    when(filled("DATE_PLACED") & either(blank("DOB"), pl.col("DATE_PLACED") < pl.col("DOB"))),
    note="The date of birth is the one beside the decision.",
)
decision(
    "522",
    "A reversal comes after its decision.",
    "DATE_PLACED DATE_PLACED_CEASED",
    in_order("DATE_PLACED", "DATE_PLACED_CEASED"),
)
decision(
    "523",
    "The decision returned with an adoption is the one returned here.",
    "DATE_PLACED DATE_INT",
    when(matches("AD1", pl.col("DATE_PLACED") != their("DATE_INT"))),
    also={"AD1": matches("PlacedAdoption", their("DATE_PLACED") != pl.col("DATE_INT"))},
)
decision(
    "554",
    "A decision comes by the day of the placement order.",
    "DATE_PLACED DECOM LS",
    when(pl.col("DATE_PLACED") > of("Episodes", pl.col("DECOM").filter(one_of("LS", "E1")).first())),
)
_latest_reversed = of("PlacedAdoption", pl.col("DATE_PLACED_CEASED").last()).is_not_null()
decision(
    "558",
    "The latest decision about a child who was adopted is not reversed, and at most one before it is.",
    "DATE_PLACED_CEASED REC",
    when(
        every(
            filled("DATE_PLACED_CEASED"),
            has("Episodes", _adopted),
            either(_latest_reversed, how_many("PlacedAdoption", filled("DATE_PLACED_CEASED")) > 1),
        )
    ),
)
_LAST = ("last_year",)
decision(
    "559",
    "A decision from before the year is in last year's return.",
    "DATE_PLACED",
    when((pl.col("DATE_PLACED") < YEAR_START) & ~has("PlacedAdoption_last", filled("DATE_PLACED"))),
    needs=_LAST,
)
_open_then = their("DATE_PLACED").is_not_null() & their("DATE_PLACED_CEASED").is_null()
decision(
    "560",
    "A decision that was not reversed last year has the day it had.",
    "DATE_PLACED DATE_PLACED_CEASED",
    when(matches("PlacedAdoption_last", _open_then & pl.col("DATE_PLACED").ne_missing(their("DATE_PLACED")))),
    needs=_LAST,
)
_reversed_then = their("DATE_PLACED_CEASED").is_not_null() | their("REASON_PLACED_CEASED").is_not_null()
decision(
    "561",
    "A decision that was reversed last year is not returned again.",
    "DATE_PLACED",
    when(matches("PlacedAdoption_last", _reversed_then & (pl.col("DATE_PLACED") == their("DATE_PLACED")))),
    needs=_LAST,
)
decision(
    "563",
    "A reversal has the decision that it reverses.",
    "DATE_PLACED REASON_PLACED_CEASED DATE_PLACED_CEASED",
    required_if("DATE_PLACED", filled("REASON_PLACED_CEASED") & filled("DATE_PLACED_CEASED")),
)
_reversed_before = prev("DATE_PLACED_CEASED")
decision(
    "579",
    "One decision is reversed before the next is made.",
    "DATE_PLACED DATE_PLACED_CEASED",
    when(prev("_row").is_not_null() & either(_reversed_before.is_null(), _reversed_before > pl.col("DATE_PLACED"))),
)
decision(
    "583",
    "Every decision about a child but the latest is reversed.",
    "DATE_PLACED DATE_PLACED_CEASED",
    when(~is_last() & blank("DATE_PLACED_CEASED")),
)
_not_later = pl.col("DATE_PLACED").is_null() | (pl.col("DATE_PLACED") <= their("DATE_PLACED"))
decision(
    "584",
    "A decision after one that was reversed last year is later than it.",
    "DATE_PLACED",
    when(matches("PlacedAdoption_last", _reversed_then & _not_later)),
    needs=_LAST,
    note="The days are compared as days; some tools compare them as text.",
)
decision(
    "1003",
    "A decision does not come before the child starts to be looked after.",
    "DATE_PLACED DECOM RNE",
    when(pl.col("DATE_PLACED") < of("Episodes", pl.col("DECOM").filter(one_of("RNE", "S")).first())),
)
