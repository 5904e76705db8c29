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
FEW = 5_000  # facts: of fewer, working a question out is not worth improving
_MANY = 2**12  # more different codes, and outcomes, than any facts hold


Said = tuple[int, str, str | None, str | None, bool | None]  # what, fact, code, outcome, counts


@dataclass(frozen=True)
class Numbered:
    """The facts as they came; their numbers, in order of child, day, time, ref and fact; and what each `what` says."""

    facts: pl.DataFrame
    numbers: pl.DataFrame  # fact_ix, row (in facts), what, by_ref, by_span, by_child, day, on, at
    said: list[Said]
    births: pl.DataFrame | None  # by_child, dob: of each child whose birth date is known; None when nobody's was asked

    def number(self, column: str, fact_ix: str) -> pl.Expr:
        """One of the numbers, of the fact whose `fact_ix` another column holds."""
        return pl.lit(self.numbers[column]).gather(pl.col(fact_ix))

    def told(self, column: str, row: str) -> pl.Expr:
        """What a column of the facts says on the row of the facts that another column numbers."""
        return pl.lit(self.facts[column]).gather(pl.col(row))


def collected(question: pl.LazyFrame, *, of: pl.DataFrame) -> pl.DataFrame:
    """The answer to a question of these rows.

    Of one child's rows it takes longer to improve a question, or to cut it in pieces that stream past each other, than
    to answer it as it is.
    """
    if of.height >= FEW:
        return question.collect()
    return question.collect(engine="in-memory", optimizations=_AS_IT_IS)


_AS_IT_IS = pl.QueryOptFlags.none()


def numbered(facts: pl.DataFrame, people: pl.DataFrame | None) -> Numbered:
    """The facts that have a date, numbered. Two facts of one child with the same ref have the same `by_ref`; so for
    span and child. A fact without a span has no `by_span`."""
    child = _as_number("child")
    said = _as_number("fact") * _MANY + _as_number("code").fill_null(_MANY - 1)
    said = said * _MANY + _as_number("outcome").fill_null(_MANY - 1)
    frame = facts.lazy().with_row_index("row").filter(pl.col("on").is_not_null())
    frame = frame.with_columns(
        what=said * 3 + pl.col("counts").cast(pl.UInt64).fill_null(2),
        by_child=child,
        by_ref=(child * _HALF + _as_number("ref")).rank("dense").cast(pl.UInt64),
        by_span=(child * _HALF + _as_number("span")).rank("dense").cast(pl.UInt64),
        day=day_number(pl.col("on")),
    )
    ordered = collected(frame.sort("by_child", "on", "at", "ref", "fact"), of=facts).lazy()
    numbers = ordered.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("fact_ix"), "row", "what", *TIES.values(), "day", "on", "at"
    )
    whats = ordered.select("what", "fact", "code", "outcome", "counts").unique("what")
    births = None if people is None else collected(_births(ordered, people), of=facts)
    return Numbered(facts, collected(numbers, of=facts), collected(whats, of=facts).rows(), births)


def _births(frame: pl.LazyFrame, people: pl.DataFrame) -> pl.LazyFrame:
    born = people.lazy().select("child", pl.col("dob").cast(pl.Date)).drop_nulls().unique("child", keep="first")
    return frame.select("by_child", "child").unique("by_child").join(born, on="child").select("by_child", "dob")


def _as_number(column: str) -> pl.Expr:
    kind = pl.Categorical(pl.Categories.random())  # its own numbering, forgotten with the frame
    return pl.col(column).cast(kind).to_physical().cast(pl.UInt64)


def day_number(day: pl.Expr) -> pl.Expr:
    """Days since the year 1."""
    return (day.cast(pl.Int64) + _BEFORE_1970).cast(pl.UInt64)
