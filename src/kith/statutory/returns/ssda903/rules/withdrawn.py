"""Rules that were withdrawn, for the years in which they held."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.statutory.returns.lookups import has, is_last, of, prev
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    any_blank,
    any_filled,
    birthday,
    blank,
    days_after,
    either,
    every,
    filled,
    one_of,
    when,
)
from kith.statutory.returns.rules import rules_of
from kith.statutory.returns.ssda903.looked_after import respite
from kith.statutory.returns.ssda903.rules.words import NOT_INSPECTED, OUTSIDE_ENGLAND, born

rule = rules_of("Episodes")
decision = rules_of("PlacedAdoption")
worker = rules_of("SWEpisodes")
_LAST_OF_P2 = date(2023, 10, 28)  # supported accommodation has been registered since
_FREEING_ENDED = date(2005, 12, 31)  # the Adoption and Children Act 2002 put placement orders in their place
_SINCE = date(2023, 4, 1)  # from when a social worker's every change is returned

rule(
    "217t",
    "Nobody lives independently in care after 28 October 2023.",
    "PLACE DECOM",
    when(one_of("PLACE", "P2") & either(blank("DEC"), pl.col("DEC") > pl.lit(_LAST_OF_P2))),
    since=2024,
    until=2024,
)
rule(
    "230",
    "Semi-independent accommodation in England has its register number from 29 October 2023.",
    "PLACE DEC URN",
    when(
        every(
            one_of("PLACE", "H5"),
            either(blank("DEC"), pl.col("DEC") > pl.lit(_LAST_OF_P2)),
            either(blank("URN"), one_of("URN", NOT_INSPECTED)),
            ~one_of("PL_LA", OUTSIDE_ENGLAND),
        )
    ),
    since=2024,
    until=2024,
    needs=("postcodes",),
)
for _since, _until, _age in ((None, 2023, 15), (2024, 2024, 16)):
    rule(
        "370",
        f"Nobody lives independently before they are {_age}.",
        "DECOM PLACE",
        when(one_of("PLACE", "P2") & (pl.col("DECOM") < birthday(born, _age))),
        since=_since,
        until=_until,
    )
rule(
    "445",
    "No freeing order was made after December 2005.",
    "LS DECOM",
    when(one_of("LS", "D1") & (pl.col("DECOM") > pl.lit(_FREEING_ENDED))),
    until=2024,
)
rule(
    "451",
    "Nobody is still freed for adoption.",
    "DEC REC LS",
    when(every(one_of("LS", "D1"), blank("DEC"), blank("REC"))),
    until=2024,
)
rule(
    "555",
    "A child freed for adoption has a decision that has not been reversed.",
    "CHILD DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
    when(one_of("LS", "D1") & ~has("PlacedAdoption")),
    also={
        "PlacedAdoption": any_filled("DATE_PLACED_CEASED", "REASON_PLACED_CEASED")
        & has("Episodes", one_of("LS", "D1") & blank("DEC"))
    },
    until=2024,
)
decision(
    "556",
    "A decision comes by the day of the freeing order.",
    "DATE_PLACED DECOM",
    when(pl.col("DATE_PLACED") > of("Episodes", pl.col("DECOM").filter(one_of("LS", "D1")).first())),
    until=2024,
)
rule(
    "SW01STG1",
    "A child looked after at the end of the year has a social worker, wholly returned.",
    "DEC",
    when(
        every(
            blank("DEC"),
            ~respite,
            either(~has("SWEpisodes"), has("SWEpisodes", any_blank("SW_ID", "SW_DECOM", "SW_REASON"))),
        )
    ),
    since=2024,
    until=2024,
)
worker(
    "SW01aSTG1",
    "A social worker who took the case before April 2023 is known, and the day they took it.",
    "SW_DECOM SW_ID",
    when(either(blank("SW_DECOM"), (pl.col("SW_DECOM") < pl.lit(_SINCE)) & blank("SW_ID"))),
    since=2025,
    until=2025,
)
worker(
    "SW01bSTG1",
    "A social worker who took the case since April 2023 is known, and the day and the reason.",
    "SW_DECOM SW_ID SW_REASON",
    when(either(blank("SW_DECOM"), (pl.col("SW_DECOM") >= pl.lit(_SINCE)) & any_blank("SW_ID", "SW_REASON"))),
    since=2025,
    until=2025,
)
worker(
    "SW03STG1",
    "A social worker is known, and the day and the reason of taking the case.",
    "SW_ID SW_DECOM SW_REASON",
    when(any_blank("SW_ID", "SW_DECOM", "SW_REASON")),
    since=2024,
    until=2024,
)
_FEW = 5  # days
worker(
    "SW11aSTG2",
    "One social worker takes over within five days of the other giving up the case.",
    "SW_DEC",
    when(
        every(
            prev("SW_DEC") < days_after(YEAR_END, -_FEW),
            ~pl.col("SW_DECOM")
            .is_between(days_after(prev("SW_DEC"), -_FEW), days_after(prev("SW_DEC"), _FEW))
            .fill_null(False),
        )
    ),
    since=2024,
    until=2024,
)
worker(
    "SW14STG2",
    "Every social worker but the latest has the day they gave up the case.",
    "SW_DEC",
    when(~is_last() & blank("SW_DEC") & filled("CHILD")),
    since=2024,
    until=2024,
)
