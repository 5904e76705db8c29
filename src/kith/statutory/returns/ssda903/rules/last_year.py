"""Rules about what went on from last year's return."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.lookups import has, is_first, of
from kith.statutory.returns.rule_shapes import YEAR_START, differs, every, one_of, when
from kith.statutory.returns.rules import rules_of

rule = rules_of("Episodes")
_NEEDS = ("last_year",)


def _then(field: str) -> pl.Expr:
    return of("Episodes_last", pl.col(field).last())


_open_then = of("Episodes_last", pl.col("DEC").is_null().last()).fill_null(False)
_carried_on = is_first() & _open_then

rule(
    "502",
    "The first episode began when last year's open episode did.",
    "DECOM",
    when(_carried_on & differs(pl.col("DECOM"), _then("DECOM"))),
    needs=_NEEDS,
)
for _code, _field, _words in (
    ("503A", "RNE", "The reason for the new episode is"),
    ("503B", "LS", "The legal status is"),
    ("503C", "CIN", "The category of need is"),
    ("503E", "PLACE_PROVIDER", "The provider of the home is"),
    ("503F", "URN", "The register number of the home is"),
):
    rule(
        _code,
        f"{_words} the one of last year's open episode.",
        _field,
        when(_carried_on & differs(pl.col(_field), _then(_field))),
        needs=_NEEDS,
    )
_never = pl.lit(False)
for _since, _until, _renamed in (
    (None, 2023, _never),
    (2024, 2025, one_of(_then("PLACE"), "H5") & one_of("PLACE", "K3")),
    (2026, 2026, one_of(_then("PLACE"), "Z1") & one_of("PLACE", "Z11 Z12 Z13 Z14")),
    (2027, None, _never),
):
    rule(
        "503D",
        "The type of home is the one of last year's open episode, unless its code was replaced.",
        "PLACE",
        when(every(_carried_on, differs(pl.col("PLACE"), _then("PLACE")), ~_renamed)),
        since=_since,
        until=_until,
        needs=_NEEDS,
    )
rule(
    "562",
    "An episode that began before the year is in last year's return.",
    "DECOM",
    when(every(is_first(), pl.col("DECOM") < YEAR_START, differs(pl.col("DECOM"), _then("DECOM")))),
    needs=_NEEDS,
)
rule(
    "NoE",
    "A child in care before the year began was in last year's return.",
    "DECOM",
    when((pl.col("DECOM") < YEAR_START) & ~has("Episodes_last")),
    needs=_NEEDS,
    note="Not in the published list; it is what the collection's own system does.",
)
