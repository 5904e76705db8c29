"""The shapes that most rules are one of: a rule is a shape, the fields it is about, and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import and_, or_

import polars as pl

from kith.statutory.returns.lookups import CHILD, has, of, own
from kith.statutory.returns.rules import Test
from kith.vocabulary.codes import code_list

YEAR_START, YEAR_END = pl.col("_year_start"), pl.col("_year_end")
"""The first and the last day of the return's year."""


def blank(field: str) -> pl.Expr:
    """The field is empty, or holds what cannot be read as what it should be."""
    return pl.col(field).is_null()


def filled(field: str) -> pl.Expr:
    """The field says something that can be read."""
    return pl.col(field).is_not_null()


def any_filled(*fields: str) -> pl.Expr:
    """One of the fields, or several, say something."""
    return reduce(or_, (filled(field) for field in fields))


def any_blank(*fields: str) -> pl.Expr:
    """One of the fields, or several, say nothing."""
    return reduce(or_, (blank(field) for field in fields))


def one_of(field: str | pl.Expr, codes: str | Sequence[str]) -> pl.Expr:
    """The field is one of these codes (words with spaces between); false where it is empty."""
    value = pl.col(field) if isinstance(field, str) else field
    return value.is_in(codes.split() if isinstance(codes, str) else list(codes)).fill_null(False)


def listed(field: str, name: str, *, without: str = "") -> pl.Expr:
    """The field is in that published list, as it held at some time in the year; false where it is empty."""
    codes = [code for code in code_list(name).codes.values() if code.code not in without.split()]
    undated = [code.code for code in codes if code.valid_from is None and code.valid_until is None]
    found = one_of(field, undated)
    for code in codes:
        if code.code not in undated:
            begun = pl.lit(True) if code.valid_from is None else pl.lit(code.valid_from) <= YEAR_END
            going = pl.lit(True) if code.valid_until is None else pl.lit(code.valid_until) >= YEAR_START
            found = found | (one_of(field, [code.code]) & begun & going)
    return found


def birthday(field: str | pl.Expr, age: int) -> pl.Expr:
    """The day of reaching an age in years; for somebody born on 29 February, 1 March in a common year."""
    born = pl.col(field) if isinstance(field, str) else field
    day = born.dt.offset_by(f"{age}y")
    moved = (born.dt.month() == 2) & (born.dt.day() == 29) & (day.dt.day() == 28)
    return day + pl.duration(days=moved.cast(pl.Int64))


def days_after(day: pl.Expr | str, days: int) -> pl.Expr:
    """The day that many days later; earlier where negative."""
    return (pl.col(day) if isinstance(day, str) else day) + pl.duration(days=days)


def differs(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    """The two are not the same; two empty ones are."""
    return a.ne_missing(b)


def when(condition: pl.Expr) -> Test:
    """A shape of its own."""
    return Test("condition", condition)


def required(field: str) -> Test:
    """The field must say something."""
    return Test("required", blank(field))


def required_if(field: str, condition: pl.Expr) -> Test:
    """The field must say something where the condition holds."""
    return Test("required if", condition & blank(field))


def not_allowed_if(fields: str, condition: pl.Expr) -> Test:
    """The fields must be empty where the condition holds."""
    return Test("not allowed if", condition & any_filled(*fields.split()))


def in_list(field: str, codes: str) -> Test:
    """Where the field says something, it is one of the codes."""
    return Test("code in list", filled(field) & ~one_of(field, codes))


def in_published_list(field: str, name: str, *, without: str = "") -> Test:
    """Where the field says something, it is in the published list as it held in the year."""
    return Test("code in list", filled(field) & ~listed(field, name, without=without))


def must_be_in_list(field: str, codes: str) -> Test:
    """The field says something, and it is one of the codes."""
    return Test("required, code in list", ~one_of(field, codes))


def must_be_in_published_list(field: str, name: str, *, without: str = "") -> Test:
    """The field says something, and it is in the published list as it held in the year."""
    return Test("required, code in list", ~listed(field, name, without=without))


def written(field: str) -> pl.Expr:
    """What stands in a date or number field as it is written; empty where nothing does."""
    return pl.col(f"text:{field}")


def is_date(field: str) -> Test:
    """Where something is written it is a day of the calendar, in the form that the return asks for."""
    return Test("a real date", written(field).is_not_null() & ~_british(field))


def must_be_date(field: str) -> Test:
    """A day of the calendar is written, in the form that the return asks for."""
    return Test("required, a real date", ~_british(field))


def _british(field: str) -> pl.Expr:
    form = written(field).str.contains(r"^\d{2}/\d{2}/\d{4}$").fill_null(False)
    return form & filled(field)


def in_order(earlier: str, later: str) -> Test:
    """The second day is not before the first."""
    return Test("date order", pl.col(later) < pl.col(earlier))


def not_same_day(a: str, b: str) -> Test:
    """The two days differ."""
    return Test("not the same day", pl.col(a) == pl.col(b))


def not_after(field: str, limit: pl.Expr) -> Test:
    """The day is not after the limit."""
    return Test("date order", pl.col(field) > limit)


def not_before(field: str, limit: pl.Expr | date) -> Test:
    """The day is not before the limit."""
    return Test("date order", pl.col(field) < limit)


def outside_year(field: str) -> pl.Expr:
    """The day is before the year began or after it ended."""
    return (pl.col(field) < YEAR_START) | (pl.col(field) > YEAR_END)


def within_year(field: str) -> Test:
    """The day, where there is one, is in the year."""
    return Test("within the year", outside_year(field))


def together(a: str, b: str) -> Test:
    """Both say something, or neither."""
    return Test("both or neither", filled(a) != filled(b))


def all_or_none(fields: str) -> Test:
    """All of the fields say something, or none."""
    names = fields.split()
    return Test("all or none", any_filled(*names) & any_blank(*names))


def unique(table: str, field: str, *, apart_from: str = "") -> Test:
    """No other row of the table says the same."""
    twice = own(table, pl.col(field).is_duplicated())
    return Test("unique", filled(field) & ~one_of(field, apart_from or []) & twice)


def in_table(table: str) -> Test:
    """The child has a row in that table."""
    return Test("in another table", pl.col(CHILD).is_not_null() & ~has(table))


def agrees_with(table: str, field: str) -> Test:
    """The field says what the child's row in that table says, where both say something."""
    return Test("agrees with another table", (pl.col(field) != of(table, field)).fill_null(False))


def every(*conditions: pl.Expr) -> pl.Expr:
    """All of the conditions hold."""
    return reduce(and_, conditions)


def either(*conditions: pl.Expr) -> pl.Expr:
    """One of the conditions holds, or several; an empty one does not."""
    return reduce(or_, (each.fill_null(False) for each in conditions))
