"""What the rules of the SSDA903 say again and again, each defined once."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.lookups import has, is_first, of, own, prev
from kith.statutory.returns.rule_shapes import YEAR_END, any_filled, filled, one_of, outside_year
from kith.statutory.returns.ssda903.looked_after import ADOPTED, TEMPORARY, all_year, respite

ADOPTION = "A3 A4 A5 A6"
FOSTER = "U1 U2 U3 U4 U5 U6"
OUTSIDE_ENGLAND = "CON NIR SCO WAL NUK"
NOT_INSPECTED = "XXXXXXX"
LEAVER = ("IN_TOUCH", "ACTIV", "ACCOM")
HEALTH = ("IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE")
CONDITIONAL = ("CONVICTED", "HEALTH_CHECK", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED")
ADOPTION_ITEMS = ("DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR")

temporary = one_of("PLACE", TEMPORARY)
left_care = filled("REC") & ~one_of("REC", "X1")
ended = pl.coalesce("DEC", YEAR_END)
"""The day an episode ended; while it is open, the end of the year."""
adopted_in_year = one_of("REC", ADOPTED) & filled("DEC") & ~outside_year("DEC")
born = of("Header", "DOB")
"""The birth date in the child's Header."""
female, male = one_of("SEX", "F 2"), one_of("SEX", "M 1")
leaver_items = any_filled(*LEAVER)
in_care_all_year = of("Episodes", all_year).fill_null(False)
"""Looked after for the twelve months to the end of the year, short breaks apart."""
real_care = has("Episodes", ~respite)
"""The child has an episode that is not a short break."""

_begins = is_first() | (pl.col("DECOM") <= prev("DEC")).fill_null(False).not_()
_period = own("Episodes", _begins.cum_sum())
period_start = own("Episodes", pl.col("DECOM").first().over(_period))
"""The first day of the period of care that an episode is part of."""
period_end = own("Episodes", pl.col("DEC").last().over(_period))
"""The last day of that period; empty while it goes on."""


def uasc(*, last_year: bool = False) -> pl.Expr:
    """Whether the child is returned as an unaccompanied asylum-seeking child, this year or last."""
    return has("UASC_last" if last_year else "UASC", pl.col("_uasc"))


def run_of(status: str, *, touching: bool) -> pl.Expr:
    """A number for each run of a child's episodes with the legal status, each beginning as the last ended.

    `touching`: it begins on the very day; otherwise on that day or before it.
    """
    mine = one_of("LS", status)
    joined = (pl.col("DECOM") == prev("DEC")) if touching else (pl.col("DECOM") <= prev("DEC"))
    goes_on = mine & prev(mine).fill_null(False) & joined.fill_null(False)
    return own("Episodes", (~goes_on).cum_sum())
