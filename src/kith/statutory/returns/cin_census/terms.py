"""The year of a census: what belongs in it, and what had happened by its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

_FLAGS = {"Y": "1", "N": "0"}


@dataclass(frozen=True)
class Term:
    """1 April to 31 March; both ends count."""

    start: date
    end: date

    def holds(self, began: pl.Expr, ended: pl.Expr) -> pl.Expr:
        """What began by the end of the year and had not ended before it began; a day that is not known leaves it in."""
        return (began <= self.end).fill_null(True) & (ended >= self.start).fill_null(True)

    def later(self, column: str) -> pl.Expr:
        """The day is after the year's end: then it had not come."""
        return (pl.col(column) > self.end).fill_null(False)

    def so_far(self, column: str) -> pl.Expr:
        """The day, if it had come by the year's end."""
        return pl.when(pl.col(column) <= self.end).then(pl.col(column))


def decided(column: str) -> pl.Expr:
    """1 or 0 from Y or N; anything else stays as it is written."""
    return pl.col(column).str.to_uppercase().replace(_FLAGS)
