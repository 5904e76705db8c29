"""Finds what completed each clock, and what ended the need for it, in one ordered join."""

from __future__ import annotations

from functools import cache

import polars as pl

from kith.statutory.timescales.numbering import DAYS_IN_ALL, TIES_IN_ALL, Numbered, day_number
from kith.statutory.timescales.openings import key_by
from kith.statutory.timescales.tables import WATCHERS, Tables


def closings(timed: pl.DataFrame, known: Numbered, tables: Tables, asked: frozenset[str]) -> pl.LazyFrame:
    """Adds `met_on`, `met_at`, `met_by`, `met_ix`, `ended_on`, `voided` and `time_missing`, and names the opening
    columns.

    What completes a clock after the need for it ended does not count. Left out: an opening by a completed event on
    or after the day the need ended, for then nothing was left to open.
    """
    found = timed.lazy().join(
        _first_found(timed.lazy(), known, tables, asked), on="row_ix", how="left", maintain_order="left"
    )
    lapsed = pl.when("lapses").then(pl.col("due_on"))
    closed = found.with_columns(
        met_on=known.number("on", "met_ix"), ended_on=pl.min_horizontal(known.number("on", "ended_ix"), lapsed)
    )
    started = ~(pl.col("strict") & (pl.col("ended_on") <= pl.col("on"))).fill_null(False)
    kept = ~(pl.col("met_on") > pl.col("ended_on")).fill_null(False)
    met = {name: pl.when(kept).then(pl.col(name)) for name in ("met_on", "met_ix")}
    told = closed.filter(started).with_columns(**met).with_columns(met_row=known.number("row", "met_ix"))
    return told.with_columns(
        met_at=known.number("at", "met_ix"),
        met_by=known.told("ref", "met_row"),
        child=known.told("child", "row"),
        span=known.told("span", "row"),
        opened_by=known.told("ref", "row"),
        opened_fact=known.told("fact", "row"),
        opened_on="on",
        opened_at="at",
        voided=(known.told("outcome", "row") == "voided").fill_null(False),
    ).with_columns(time_missing=_TIME_MISSING)


def _time_missing() -> pl.Expr:
    """Whether a rule that counts to a moment had to be judged by the day."""
    by_hours = (pl.col("hours") > 0).fill_null(False)
    untimed = pl.col("met_on").is_not_null() & pl.col("met_at").is_null()
    return (by_hours & (pl.col("at").is_null() | untimed)) | (pl.col("clock").is_not_null() & untimed)


_TIME_MISSING = _time_missing()


def _first_found(timed: pl.LazyFrame, known: Numbered, tables: Tables, asked: frozenset[str]) -> pl.LazyFrame:
    """The earliest completing and the earliest ending fact of each row, by number; empty where there is none."""
    looking = timed.join(tables.slots.lazy(), on="rule_ix").select(
        "row_ix", "completes", code=_code(key_by("link"), _since(asked))
    )
    found = (
        looking.filter(pl.col("code").is_not_null())
        .sort("code")
        .join_asof(
            _events(known, tables),
            left_on="code",
            right_on="event",
            strategy="forward",
            coalesce=False,
            check_sortedness=False,
        )
        .filter(pl.col("event") // DAYS_IN_ALL == pl.col("code") // DAYS_IN_ALL)
    )
    completing = pl.when("completes").then(pl.col("found")).min()
    ending = pl.when(~pl.col("completes")).then(pl.col("found")).min()
    return found.group_by("row_ix").agg(met_ix=completing, ended_ix=ending)


def _events(known: Numbered, tables: Tables) -> pl.LazyFrame:
    """What may complete or end a clock, by place and day, in the order of the facts."""
    real = [said for said in known.said if said[3] != "voided"]
    wanted = tables.watchers.of(real, tuple(WATCHERS), WATCHERS)
    seen = known.numbers.lazy().join(wanted, on="what", maintain_order="left")
    placed = seen.select(event=_code(key_by("link"), pl.col("day")), found="fact_ix")
    return placed.filter(pl.col("event").is_not_null()).sort("event", maintain_order=True)


def _code(tie: pl.Expr, day: pl.Expr) -> pl.Expr:
    """A place to look in, and a day, as one number."""
    return (pl.col("slot") * TIES_IN_ALL + tie) * DAYS_IN_ALL + day


@cache
def _since(asked: frozenset[str]) -> pl.Expr:
    """The day from which to look: a completed event is not its own completion, and some look from the beginning."""
    ever = pl.col("first") | (pl.col("completes") & pl.col("beforehand"))
    after = pl.col("day") + (pl.col("completes") & pl.col("strict")).cast(pl.UInt64)
    if "early" in asked:
        early = day_number(pl.col("on").dt.offset_by(pl.col("early")))
        after = pl.when(pl.col("completes") & pl.col("early").is_not_null()).then(early).otherwise(after)
    return pl.when(ever).then(pl.lit(0, pl.UInt64)).otherwise(after)
