"""Keeps the openings with the right periods running on the day, and the first of several rules that match."""

from __future__ import annotations

import polars as pl

from kith.statutory.timescales.numbering import Numbered, collected
from kith.statutory.timescales.tables import Tables

_PERIOD = {"condition": pl.UInt64, "ended_fact": pl.String}


def under_the_right_conditions(
    opened: pl.DataFrame, known: Numbered, tables: Tables, asked: frozenset[str]
) -> pl.LazyFrame:
    """Leaves out openings for which a condition of the rule does not hold on the day, or another rule comes first.

    `asked`: which rarer things the rules of these openings ask (`Tables.asked_by`).
    """
    yields = "gives_way" in asked
    if "conditions" not in asked:
        return _first_match(opened.lazy(), tables) if yields else opened.lazy()
    numbered = opened.lazy().with_row_index("opening")
    put = numbered.filter(pl.col("conditions") > 0).select("opening", "rule_ix", "by_child", "on")
    put = put.join(tables.conditions.lazy(), on="rule_ix")
    running = put.join(_periods(known, tables), on=["condition", "by_child"]).filter(_RUNNING & _OF_THE_RIGHT_AGE)
    found = running.select("opening", "condition", held=pl.lit(True)).unique()
    judged = put.join(found, on=["opening", "condition"], how="left")
    failed = judged.filter(pl.col("held").fill_null(False) == pl.col("absent")).select("opening")
    held = numbered.join(failed, on="opening", how="anti", maintain_order="left").drop("opening")
    fit = collected(held, of=known.facts).lazy()
    return _first_match(fit, tables) if yields else fit


def _periods(known: Numbered, tables: Tables) -> pl.LazyFrame:
    """Each period with each condition it answers: its start, and its end if it has one."""
    numbers = known.numbers.lazy()
    asked = tables.periods.of(known.said, tuple(_PERIOD), _PERIOD)
    ending = tables.period_ends.of(known.said, ("ended_fact",), _PERIOD)
    starts = numbers.join(asked, on="what").select("by_child", "by_ref", "condition", "ended_fact", started_on="on")
    ends = numbers.join(ending, on="what").group_by("by_ref", "ended_fact").agg(ended_on=pl.col("on").min())
    return starts.join(ends, on=["by_ref", "ended_fact"], how="left")


def _running() -> pl.Expr:
    """A period runs from its first day to the day before its last, when whatever follows has begun."""
    return (pl.col("started_on") <= pl.col("on")) & (pl.col("ended_on").is_null() | (pl.col("on") < pl.col("ended_on")))


def _of_the_right_age() -> pl.Expr:
    """Old enough by then, and young enough."""
    old = pl.col("started_on").dt.offset_by(pl.col("age_from")) <= pl.col("on")
    young = pl.col("on") < pl.col("started_on").dt.offset_by(pl.col("age_under"))
    return (pl.col("age_from").is_null() | old) & (pl.col("age_under").is_null() | young)


_RUNNING, _OF_THE_RIGHT_AGE = _running(), _of_the_right_age()


def _first_match(opened: pl.LazyFrame, tables: Tables) -> pl.LazyFrame:
    """Leaves out an opening where a rule that this one gives way to opened on the same fact."""
    first = opened.select("fact_ix", to="rule_ix").join(tables.gives_way.lazy(), on="to").select("fact_ix", "rule_ix")
    return opened.join(first, on=["rule_ix", "fact_ix"], how="anti", maintain_order="left")
