"""Facts by number: what each says, whose it is and what it belongs to, as whole numbers, which compare far faster.

`what` stands for fact, code, outcome and counting together; `by_ref`, `by_span` and `by_child` tie facts together;
`day` counts from the year 1. A clock, or a place to look in, is then one number, and one sort puts all in order.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

TIES = {"ref": "by_ref", "span": "by_span", "child": "by_child"}
DAY_BITS, TIE_BITS = 22, 30  # to the year 9999; a thousand million facts
DAYS_IN_ALL, TIES_IN_ALL = 1 << DAY_BITS, 1 << TIE_BITS
_BEFORE_1970 = 719_162  # days from the year 1
_HALF = 2**32
_MANY = 2**12  # more different codes, and outcomes, than any facts hold


@dataclass(frozen=True)
class Numbered:
    """The facts as they came; their numbers, in order of child, day, time, ref and fact; and what each `what` says."""

    facts: pl.DataFrame
    numbers: pl.DataFrame  # fact_ix, row (in facts), what, by_ref, by_span, by_child, day, on, at
    whats: pl.DataFrame  # what, fact, code, outcome, counts
    children: pl.DataFrame  # by_child, child

    def told(self, fact_ix: pl.Series, *columns: str) -> pl.DataFrame:
        """What the facts of these numbers say, a row for each; empty where there is no number."""
        return self.facts.select(columns)[self.numbers["row"].gather(fact_ix)]


def numbered(facts: pl.DataFrame) -> Numbered:
    """The facts that have a date, numbered. Two facts of one child with the same ref have the same `by_ref`; so for
    span and child. A fact without a span has no `by_span`."""
    dated = facts.filter(pl.col("on").is_not_null())
    child = _as_number("child")
    said = _as_number("fact") * _MANY + _as_number("code").fill_null(_MANY - 1)
    said = said * _MANY + _as_number("outcome").fill_null(_MANY - 1)
    frame = dated.with_columns(
        what=said * 3 + pl.col("counts").cast(pl.UInt64).fill_null(2),
        by_child=child,
        by_ref=(child * _HALF + _as_number("ref")).rank("dense").cast(pl.UInt64),
        by_span=(child * _HALF + _as_number("span")).rank("dense").cast(pl.UInt64),
        day=day_number(pl.col("on")),
    ).with_row_index("row")
    ordered = (
        frame.lazy()
        .sort("by_child", "on", "at", "ref", "fact")
        .select(
            pl.int_range(pl.len(), dtype=pl.UInt32).alias("fact_ix"), "row", "what", *TIES.values(), "day", "on", "at"
        )
    )
    whats = frame.lazy().select("what", "fact", "code", "outcome", "counts").unique("what")
    children = frame.lazy().select("by_child", "child").unique("by_child")
    return Numbered(dated, *pl.collect_all([ordered, whats, children]))


def _as_number(column: str) -> pl.Expr:
    kind = pl.Categorical(pl.Categories.random())  # its own numbering, forgotten with the frame
    return pl.col(column).cast(kind).to_physical().cast(pl.UInt64)


def day_number(day: pl.Expr) -> pl.Expr:
    """Days since the year 1."""
    return (day.cast(pl.Int64) + _BEFORE_1970).cast(pl.UInt64)
