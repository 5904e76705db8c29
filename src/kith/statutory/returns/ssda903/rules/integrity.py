"""Rules about the tables together: each child is in Header, with one date of birth."""

from __future__ import annotations

from kith.statutory.returns.lookups import has
from kith.statutory.returns.rule_shapes import agrees_with, filled, in_table, when
from kith.statutory.returns.rules import Rules, rules_of

_NOTE = "Not one of the published rules; without it, others could not be believed."
_EPISODE_LESS = ("PlacedAdoption", "Missing", "Reviews", "AD1", "PrevPerm", "OC2")

pens: dict[str, Rules] = {}


def _pen(table: str) -> Rules:
    return pens.setdefault(table, rules_of(table))


_first, *_others = _EPISODE_LESS
_without = filled("CHILD") & ~has("Episodes")
_pen(_first)(
    "1012",
    "What is returned of a child is of one who has an episode of care.",
    "CHILD",
    when(_without),
    also=dict.fromkeys(_others, _without),
)
for _code, _table in (
    ("INT01", "AD1"),
    ("INT02", "PlacedAdoption"),
    ("INT03", "Episodes"),
    ("INT04", "Missing"),
    ("INT05", "OC2"),
    ("INT06", "OC3"),
    ("INT07", "PrevPerm"),
    ("INT08", "Reviews"),
    ("INT09", "UASC"),
):
    _pen(_table)(_code, f"Each child in {_table} is in Header.", "CHILD", in_table("Header"), note=_NOTE)
for _code, _table in (
    ("INT11", "AD1"),
    ("INT12", "PlacedAdoption"),
    ("INT13", "Missing"),
    ("INT14", "OC2"),
    ("INT15", "OC3"),
    ("INT16", "PrevPerm"),
    ("INT17", "Reviews"),
    ("INT18", "UASC"),
):
    _pen(_table)(
        _code,
        f"A child's date of birth in {_table} is the one in Header.",
        "DOB",
        agrees_with("Header", "DOB"),
        note=_NOTE,
    )
_pen("UASC")("INT21", "A child's sex in UASC is the one in Header.", "SEX", agrees_with("Header", "SEX"), note=_NOTE)
