"""Rules about the provider of a home, as the list of providers knows it by its register number."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.lookups import of
from kith.statutory.returns.rule_shapes import either, every, filled, one_of, when
from kith.statutory.returns.rules import rules_of
from kith.statutory.returns.ssda903.looked_after import OTHER, TEMPORARY, respite
from kith.statutory.returns.ssda903.rules.words import NOT_INSPECTED, ended

rule = rules_of("Episodes")
_start = pl.col("DECOM")
_registered = filled("URN") & ~one_of("URN", NOT_INSPECTED)
_BASE = f"P1 P3 R1 R2 R5 {TEMPORARY}"


def _provider(field: str) -> pl.Expr:
    return of("Providers", field, by="URN")


_known = _provider("URN").is_not_null()


def _among(field: str, provider_field: str) -> pl.Expr:
    return _provider(provider_field).list.contains(pl.col(field)).fill_null(False)


rule(
    "219",
    "The type of home is one that the provider of that register number offers.",
    "URN PLACE",
    when(_registered & ~_among("PLACE", "placements")),
    needs=("providers",),
)

for _since, _until, _places in (
    (None, 2023, "K1 K2 R3 S1"),
    (2024, 2024, "K1 K2 H5 R3 S1"),
    (2025, None, "K1 K2 K3 R3 S1"),
):
    rule(
        "221",
        "The postcode of the home is that of the provider of its register number.",
        "PL_POST",
        when(
            every(
                _registered,
                ~respite,
                one_of("PLACE", _places),
                filled("PL_POST"),
                ~(pl.col("PL_POST").str.replace_all(" ", "") == _provider("postcode")).fill_null(False),
            )
        ),
        since=_since,
        until=_until,
        needs=("providers",),
    )

rule(
    "224",
    "The kind of provider is that of the register number.",
    "PLACE_PROVIDER",
    when(_registered & ~_among("PLACE_PROVIDER", "kinds")),
    needs=("providers",),
)

rule(
    "227",
    "An episode does not begin with a provider that has closed.",
    "URN DECOM",
    when(_registered & (_start >= _provider("closed"))),
    needs=("providers",),
)

rule(
    "228",
    "An episode does not go on with a provider that has closed.",
    "URN DEC",
    when(_registered & (ended > _provider("closed"))),
    needs=("providers",),
)

_ours = _provider("PL_LA") == pl.col("_authority")  # empty where it is not known in which it lies

_of_another = either(one_of("PLACE_PROVIDER", "PR1") & ~_ours, one_of("PLACE_PROVIDER", "PR2") & _ours)

for _since, _until, _apart in ((None, 2025, ""), (2026, None, f"K3 {_BASE} {OTHER}")):
    rule(
        "229",
        "A home of our own authority lies in it, and one of another authority does not.",
        "URN PLACE_PROVIDER",
        when(every(_registered, ~one_of("PLACE", _apart), _of_another)),
        since=_since,
        until=_until,
        needs=("providers", "postcodes", "authority"),
    )

rule(
    "241",
    "Supported accommodation lies in an authority where its provider has premises.",
    "URN",
    when(every(_registered, one_of("PLACE", "K3"), ~_among("PL_LA", "authorities"))),
    since=2026,
    needs=("providers", "postcodes"),
    note="The provider's own premises are looked up; some tools name every such home outside the authority.",
)

rule(
    "1008",
    "The register number is in the list of providers.",
    "URN",
    when(_registered & ~_known),
    needs=("providers",),
)
