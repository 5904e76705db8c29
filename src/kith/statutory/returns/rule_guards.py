"""What must hold of a row before a rule can fail on it: asked first of a child's few rows, and most rules end there.

A rule whose expression is `a & b & c` fails a row only where each of the three is true of it. Those that are short, and
look nothing up, are worked out once for all the rules that begin with them; a rule is judged only where a row meets all
of its own. Of many rows some meets nearly every one of them, and asking first would be asking twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import polars as pl

from kith.statutory.returns.lookups import LOOKUPS

FEW = 200  # rows: what one child has in a table
_SHORT = 8  # columns, values and steps of an expression: a longer one costs about as much as the rule


def guards_of(fails: pl.Expr) -> Mapping[str, pl.Expr]:
    """What must hold where this does, under a name by which the same of another rule is known."""
    wanted = [each for each in _all_of(fails) if _size(each) <= _SHORT and LOOKUPS.keys().isdisjoint(_roots(each))]
    return {blake2b(each.meta.serialize(), digest_size=8).hexdigest(): each for each in wanted}


def possible(guards: Sequence[Mapping[str, pl.Expr]], rows: pl.DataFrame) -> list[bool]:
    """Of rules with these guards, whether one of the rows may fail it: whether it meets them all."""
    asked = {name: guard for each in guards for name, guard in each.items()}
    if not asked:
        return [True for _ in guards]
    told = rows.select(guard.alias(name) for name, guard in asked.items()).to_dict(as_series=False)
    met = {name: sum(1 << at for at, holds in enumerate(column) if holds) for name, column in told.items()}
    return [_together(met, each) != 0 for each in guards]


def _together(met: Mapping[str, int], names: Mapping[str, pl.Expr]) -> int:
    """The rows that meet all of these, a bit for each; where nothing is asked, every row."""
    rows = -1
    for name in names:
        rows &= met[name]
    return rows


def _all_of(expr: pl.Expr) -> list[pl.Expr]:
    """The expressions that are joined by “and” in this one, at the top; itself where none are."""
    parts = expr.meta.pop()
    if len(parts) == 2:
        for one, other in (parts, parts[::-1]):
            if (one & other).meta.eq(expr):
                return [*_all_of(one), *_all_of(other)]
    return [expr]


def _size(expr: pl.Expr) -> int:
    return 1 + sum(_size(part) for part in expr.meta.pop())


def _roots(expr: pl.Expr) -> list[str]:
    return expr.meta.root_names()
