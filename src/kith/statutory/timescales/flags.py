"""Finds the facts that cannot be as they are dated: kept, marked, and never in the way of other clocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import polars as pl

from kith.statutory.timescales.fact_words import before_birth
from kith.statutory.timescales.numbering import Numbered, Said

_ORDER = {"opened": 0, "started": 0, "happened": 1, "done": 2, "ended": 2}
_UNBORN = timedelta(weeks=40)
_KINDS = 2**10


def flags(known: Numbered) -> pl.LazyFrame:
    """`fact_ix` and `flag`, for each fact dated before birth, or before what must come before it."""
    said = _said(known.said)
    facts = known.numbers.lazy().join(said, on="what").with_columns(work=pl.col("by_ref") * _KINDS + pl.col("kind"))
    found = [_out_of_order(facts)]
    if known.births is not None:
        born = facts.join(known.births.lazy(), on="by_child")
        first_day = pl.col("dob") - pl.when("unborn").then(_UNBORN).otherwise(timedelta(0))
        found.append(_marked(born.filter(pl.col("on") < first_day), "before birth"))
    return pl.concat(found).unique("fact_ix", keep="last", maintain_order=True)


def _said(said: Iterable[Said]) -> pl.LazyFrame:
    kinds: dict[str, int] = {}
    rows = []
    for what, fact, *_ in said:
        kind, _, moment = fact.partition(".")
        if moment in _ORDER:
            number = kinds.setdefault(kind, len(kinds))
            rows.append((what, number, _ORDER[moment], kind in before_birth()))
    schema = {"what": pl.UInt64, "kind": pl.UInt64, "place": pl.UInt8, "unborn": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row").lazy()


def _out_of_order(facts: pl.LazyFrame) -> pl.LazyFrame:
    """A fact dated before another that comes first in the same piece of work."""
    starts = facts.filter(pl.col("place") == 0).group_by("work").agg(begun=pl.col("on").max())
    held = facts.filter(pl.col("place") == 1).group_by("work").agg(held=pl.col("on").max())
    late = facts.filter(pl.col("place") > 0).join(starts, on="work", how="left").join(held, on="work", how="left")
    wrong = (pl.col("on") < pl.col("begun")) | ((pl.col("place") == 2) & (pl.col("on") < pl.col("held")))
    return _marked(late.filter(wrong.fill_null(False)), "out of order")


def _marked(facts: pl.LazyFrame, flag: str) -> pl.LazyFrame:
    return facts.select("fact_ix", flag=pl.lit(flag))
