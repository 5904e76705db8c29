"""How a rule about one row sees other rows: of its child or another table, before and after it, or all of them.

Each way gives a column's expression. What stands behind the column is kept here by name, and worked out once for all
the rules that use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import polars as pl

CHILD = "_child"  # which child of the return a row belongs to: a whole number, empty where the row names none
THEIRS = "their:"


@dataclass(frozen=True)
class Lookup:
    """A column that is worked out.

    `kind`: "group" (an aggregate of `table` for each value of `by`), "total" (one of the whole table), "match" (whether
    a row of `table` with the same `by` meets `expr`, in which its own columns begin with "their:") or "own" (a window
    over the row's own table).
    """

    kind: str
    table: str
    by: str
    expr: pl.Expr

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns it is made of, those of another row marked."""
        return tuple(self.expr.meta.root_names())

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The same without the marks."""
        return tuple(name.removeprefix(THEIRS) for name in self.names)


LOOKUPS: dict[str, Lookup] = {}


def _kept(lookup: Lookup) -> pl.Expr:
    said = f"{lookup.kind}|{lookup.table}|{lookup.by}|".encode() + lookup.expr.meta.serialize()
    name = f"{lookup.kind}:{lookup.table}:{blake2b(said, digest_size=8).hexdigest()}"
    LOOKUPS.setdefault(name, lookup)
    return pl.col(name)


def of(table: str, value: pl.Expr | str, *, by: str = CHILD) -> pl.Expr:
    """What the rows of another table that share `by` say together: an aggregate, or the first row's field."""
    return _kept(Lookup("group", table, by, pl.col(value).first() if isinstance(value, str) else value))


def has(table: str, condition: pl.Expr | None = None, *, by: str = CHILD) -> pl.Expr:
    """Whether the other table has a row that shares `by` and meets the condition; never empty."""
    found = pl.len() > 0 if condition is None else condition.fill_null(False).any()
    return of(table, found, by=by).fill_null(False)


def how_many(table: str, condition: pl.Expr | None = None, *, by: str = CHILD) -> pl.Expr:
    """How many rows of the other table share `by` and meet the condition."""
    found = pl.len() if condition is None else condition.fill_null(False).sum()
    return of(table, found.cast(pl.Int64), by=by).fill_null(0)


def total(table: str, value: pl.Expr) -> pl.Expr:
    """One figure of a whole table."""
    return _kept(Lookup("total", table, "", value))


def their(field: str) -> pl.Expr:
    """A field of the other row, within `matches`."""
    return pl.col(THEIRS + field)


def matches(table: str, condition: pl.Expr, *, by: str = CHILD) -> pl.Expr:
    """Whether some row of the table shares `by` with this one and, beside it, meets the condition; never empty."""
    return _kept(Lookup("match", table, by, condition)).fill_null(False)


def own(table: str, window: pl.Expr) -> pl.Expr:
    """A window over the row's own table, worked out once."""
    return _kept(Lookup("own", table, "", window))


def _beside(field: str | pl.Expr, step: int, by: str) -> pl.Expr:
    value = pl.col(field) if isinstance(field, str) else field
    return pl.when(pl.col(by) == pl.col(by).shift(step)).then(value.shift(step))


def prev(field: str | pl.Expr, *, by: str = CHILD) -> pl.Expr:
    """The field in the child's row before this one, in order of its day; empty at the first."""
    return _beside(field, 1, by)


def after(field: str | pl.Expr, *, by: str = CHILD) -> pl.Expr:
    """The field in the child's next row; empty at the last."""
    return _beside(field, -1, by)


def is_first(*, by: str = CHILD) -> pl.Expr:
    """Whether this is the child's first row."""
    return (pl.col(by) == pl.col(by).shift(1)).fill_null(False).not_()


def is_last(*, by: str = CHILD) -> pl.Expr:
    """Whether this is the child's last row."""
    return (pl.col(by) == pl.col(by).shift(-1)).fill_null(False).not_()


def roots(expr: pl.Expr) -> list[str]:
    """The columns that an expression is made of, without what marks another row's."""
    return [name.removeprefix(THEIRS) for name in expr.meta.root_names()]


def tables_looked_up(expr: pl.Expr) -> frozenset[str]:
    """Every other table that an expression looks into, however indirectly."""
    found: set[str] = set()
    for name in roots(expr):
        if lookup := LOOKUPS.get(name):
            found |= {lookup.table} | tables_looked_up(lookup.expr)
    return frozenset(found)
