"""Small pieces that the shaping of rows is made with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset

Make = Callable[..., pl.DataFrame]
Frames = dict[str, pl.DataFrame]
"""Rows for the record by table, as `tables.TABLES` names them; columns are the model's fields, links hold refs."""


def told_of(*tables: str) -> Callable[[Make], Make]:
    """What is told of these tables of the dataset: where none has a row there is nothing to tell, worked out once.

    One child has rows in few tables, and the shape of the others' nothing cost more than her rows.
    """

    def wrap(make: Make) -> Make:
        nothing: list[pl.DataFrame] = []

        @wraps(make)
        def told(dataset: Dataset, *more: Any) -> pl.DataFrame:
            if any(dataset.table(name).height for name in tables):
                return make(dataset, *more)
            if not nothing:
                nothing.append(make(dataset, *more))
            return nothing[0]

        return told

    return wrap


def ref(kind: str, column: str) -> pl.Expr:
    """How a row names another: its kind and id; nothing where there is no id."""
    return pl.lit(f"{kind}:") + pl.col(column)


def yes(column: str) -> pl.Expr:
    """True, false or not known, from Y and N however they are written."""
    first = pl.col(column).str.to_uppercase().str.slice(0, 1)
    return pl.when(first.is_in(["Y", "T", "1"])).then(True).when(first.is_in(["N", "F", "0"])).then(False)


def known(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """The rows in which something is said in one of these columns."""
    return frame.filter(pl.any_horizontal(pl.col(each).is_not_null() for each in columns))
