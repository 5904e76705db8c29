"""What the rules of the census say again and again."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.lookups import of
from kith.statutory.returns.rule_shapes import YEAR_END, one_of

EPISODE, PLAN = "_episode", "_plan"
FROM_2025 = 2025  # the census of 2024/25, which returns sex and not gender


def went_on(field: str = "ReferralNFA") -> pl.Expr:
    """The referral is said to have led to more than no further action."""
    return one_of(field, "0")


def no_further_action(field: str = "ReferralNFA") -> pl.Expr:
    """The referral is said to have led to no further action."""
    return one_of(field, "1")


def referred() -> pl.Expr:
    """The day of the referral that a row lies within."""
    return of("CINdetails", "CINreferralDate", by=EPISODE)


def born() -> pl.Expr:
    """The birth date of the row's child."""
    return of("Child", "PersonBirthDate")


def died() -> pl.Expr:
    """The day on which the row's child died."""
    return of("Child", "PersonDeathDate")


def until(field: str | pl.Expr) -> pl.Expr:
    """The day it ended; while it is open, the end of the census year."""
    value = pl.col(field) if isinstance(field, str) else field
    return pl.coalesce(value, YEAR_END)
