"""What it means to be looked after in a year, or all of it: said once for the rules and for building the return.

Each is an expression over the rows of Episodes, with the first and last day of the year beside them.
"""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.rule_shapes import YEAR_END, YEAR_START, blank, one_of

TEMPORARY = "T0 T1 T2 T3 T4"
OTHER = "Z11 Z12 Z13 Z14"  # from 2025/26, in place of Z1
ADOPTED = "E11 E12"
respite = one_of("LS", "V3 V4")
touches_year = ((pl.col("DECOM") <= YEAR_END) & (blank("DEC") | (pl.col("DEC") >= YEAR_START))).fill_null(False)
_began_in_it = one_of("RNE", "S") & (pl.col("DECOM") > YEAR_START) & (pl.col("DECOM") <= YEAR_END)
_left_in_it = ~one_of("REC", "X1") & (pl.col("DEC") >= YEAR_START) & (pl.col("DEC") < YEAR_END)
all_year = (
    touches_year.any()
    & ~_began_in_it.fill_null(False).any()
    & ~_left_in_it.fill_null(False).any()
    & ~(respite & touches_year).any()
)
"""Of a child's rows together: looked after for the twelve months to the end of the year, short breaks apart."""
