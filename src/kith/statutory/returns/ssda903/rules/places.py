"""Rules about where homes lie, worked out from their postcodes."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.lookups import is_first, of
from kith.statutory.returns.rule_shapes import differs, either, every, filled, one_of, when
from kith.statutory.returns.rules import QUERY, rules_of
from kith.statutory.returns.ssda903.looked_after import respite
from kith.statutory.returns.ssda903.rules.words import ADOPTION, FOSTER, uasc

rule = rules_of("Episodes")
_distance, _authority = pl.col("PL_DISTANCE"), pl.col("PL_LA")
_NOT_KNOWN = 999.9  # miles: what the return says where a distance is not known, or the home is outside England
_NEEDS = ("postcodes",)
_seeking = uasc() | uasc(last_year=True)

rule(
    "164",
    "The distance between the child's own home and where they live is between 0 and 999.9 miles.",
    "PL_DISTANCE",
    when(~_seeking & either(_distance < 0, _distance > _NOT_KNOWN)),
    needs=_NEEDS,
    optional="UASC_last",
)
rule(
    "169",
    "The authority in which the home lies can be told from its postcode.",
    "PL_LA",
    when(~respite & _authority.is_null()),
    needs=_NEEDS,
)
rule(
    "179",
    "Whether the home lies in our own authority can be told from its postcode.",
    "PL_LOCATION",
    when(~respite & pl.col("PL_LOCATION").is_null()),
    needs=(*_NEEDS, "authority"),
)
rule(
    "392a",
    "The distance between the child's own home and where they live can be told from the postcodes.",
    "PL_DISTANCE",
    when(every(~_seeking, ~respite, _distance.is_null())),
    needs=_NEEDS,
    optional="UASC_last",
)
rule(
    "392c",
    "The postcodes are in the directory.",
    "HOME_POST PL_POST",
    when(
        either(
            filled("HOME_POST") & ~pl.col("_home_known"),
            filled("PL_POST") & ~pl.col("_place_known"),
        )
    ),
    needs=_NEEDS,
)
rule(
    "406",
    "No distance is returned of an unaccompanied asylum-seeking child.",
    "PL_DISTANCE",
    when(_seeking & _distance.is_not_null()),
    needs=_NEEDS,
    optional="UASC_last",
)
rule(
    "411",
    "A home said to lie in our own authority lies in it.",
    "PL_LOCATION",
    when(one_of("PL_LOCATION", "IN") & differs(_authority, pl.col("_authority"))),
    needs=(*_NEEDS, "authority"),
    note="Both are worked out from one postcode here, so it cannot fail on tables without a location of their own.",
)
rule(
    "420",
    "A short break does not say in which authority it was.",
    "PL_LA",
    when(respite & _authority.is_not_null()),
    needs=_NEEDS,
)
rule(
    "454",
    "A home is within 350 miles of the child's own: check.",
    "PL_DISTANCE",
    when((_distance > 350) & (_distance != _NOT_KNOWN)),
    severity=QUERY,
    since=2026,
    needs=_NEEDS,
)
for _since, _until, _apart in ((None, 2025, f"{ADOPTION} {FOSTER}"), (2026, None, f"{ADOPTION} {FOSTER} K3")):
    rule(
        "1015",
        "A home that our own authority provides lies in it, unless it is a foster or adoptive home.",
        "PL_LA",
        when(
            every(
                one_of("PLACE_PROVIDER", "PR1"),
                filled("LS"),
                ~respite,
                filled("PLACE"),
                ~one_of("PLACE", _apart),
                differs(_authority, pl.col("_authority")),
            )
        ),
        since=_since,
        until=_until,
        needs=(*_NEEDS, "authority"),
    )
_then = {name: of("Episodes_last", pl.col(name).last()) for name in ("PL_LA", "PL_DISTANCE", "PL_LOCATION", "RNE")}
_open_then = of("Episodes_last", pl.col("DEC").is_null().last()).fill_null(False)
_carried_on = is_first() & _open_then
_alike = (_then["RNE"] == pl.col("RNE")).fill_null(False)
_FAR = 0.2  # miles: by less than this a distance has not changed
_moved = either((_distance - _then["PL_DISTANCE"]).abs() >= _FAR, _distance.is_null() != _then["PL_DISTANCE"].is_null())
_BOTH_WAYS = "A distance that was known and no longer is counts as changed, as well as the reverse."
_LAST = (*_NEEDS, "last_year")
rule(
    "452",
    "An episode that went on from last year has the authority of the home that it had.",
    "PL_LA",
    when(every(_carried_on, _alike, differs(_authority, _then["PL_LA"]))),
    needs=_LAST,
)
rule(
    "453",
    "An episode that went on from last year has the distance from home that it had.",
    "PL_DISTANCE",
    when(every(_carried_on, _alike, _moved)),
    needs=_LAST,
    note=_BOTH_WAYS,
)
rule(
    "503G",
    "The distance from home is the one of last year's open episode.",
    "PL_DISTANCE",
    when(every(_carried_on, _moved)),
    needs=_LAST,
    note=_BOTH_WAYS,
)
rule(
    "503H",
    "The authority of the home is the one of last year's open episode.",
    "PL_LA",
    when(every(_carried_on, differs(_authority, _then["PL_LA"]))),
    needs=_LAST,
)
rule(
    "503J",
    "Whether the home lies in our own authority is as in last year's open episode.",
    "PL_LOCATION",
    when(every(_carried_on, differs(pl.col("PL_LOCATION"), _then["PL_LOCATION"]))),
    needs=(*_LAST, "authority"),
)
