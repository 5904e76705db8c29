"""Finds what completed each clock, and what ended the need for it, in one ordered join."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.statutory.timescales.matching import key_by, matching
from kith.statutory.timescales.tables import Tables

_EVER = pl.lit(date(1, 1, 1))


def closings(timed: pl.DataFrame, dated: pl.DataFrame, tables: Tables) -> pl.LazyFrame:
    """Adds `met_on`, `met_at`, `met_by`, `ended_on`, `voided` and `time_missing`, and names the opening columns.

    What completes a clock after the need for it ended does not count. Left out: an opening by a completed event on
    or after the day the need ended, for then nothing was left to open.
    """
    first = _first_found(timed.lazy(), dated.lazy(), tables).collect()
    closing = pl.concat([first, dated.select("on", "at", "ref")[first["found"]]], how="horizontal").lazy()
    met = closing.filter("completes").select("row", met_on="on", met_at="at", met_by="ref")
    ended = closing.filter(~pl.col("completes")).select("row", ended_on="on")
    joined = timed.lazy().join(ended, on="row", how="left").join(met, on="row", how="left")
    too_late = pl.col("met_on") > pl.col("ended_on")
    unmet = {name: pl.when(~too_late.fill_null(False)).then(pl.col(name)) for name in ("met_on", "met_at", "met_by")}
    started = ~(pl.col("strict") & (pl.col("ended_on") <= pl.col("on"))).fill_null(False)
    return (
        joined.filter(started)
        .with_columns(**unmet)
        .with_columns(
            opened_by="ref",
            opened_fact="fact",
            opened_on="on",
            opened_at="at",
            voided=(pl.col("outcome") == "voided").fill_null(False),
            time_missing=pl.col("hours").is_not_null()
            & (pl.col("at").is_null() | (pl.col("met_on").is_not_null() & pl.col("met_at").is_null())),
        )
    )


def _first_found(timed: pl.LazyFrame, dated: pl.LazyFrame, tables: Tables) -> pl.LazyFrame:
    """The earliest completing and the earliest ending fact of each row, where there are such."""
    events = _events(dated, tables)
    looking = timed.join(tables.slots.lazy(), on="rule_ix").select(
        "row", "slot", "completes", key=key_by("link"), since=_since()
    )
    found = (
        looking.filter(pl.col("key").is_not_null())
        .sort("since")
        .join_asof(
            events,
            left_on="since",
            right_on="found_on",
            by=["slot", "key"],
            strategy="forward",
            coalesce=False,
            check_sortedness=False,
        )
        .filter(pl.col("found").is_not_null())
    )
    return found.group_by("row", "completes").agg(pl.col("found").min())


def _events(dated: pl.LazyFrame, tables: Tables) -> pl.LazyFrame:
    """What may complete or end a clock, in the order of the facts."""
    real = dated.filter((pl.col("outcome") != "voided").fill_null(True))
    seen = matching(real, tables.watchers).select("slot", key=key_by("link"), found_on="on", found="fact_ix")
    return seen.filter(pl.col("key").is_not_null()).sort("found")


def _since() -> pl.Expr:
    """The day from which to look: a completed event is not its own completion, and some look from the beginning."""
    beforehand = pl.col("first") | (pl.col("completes") & pl.col("before_or_within"))
    after = pl.col("on") + pl.duration(days=(pl.col("completes") & pl.col("strict")).cast(pl.Int64))
    return pl.when(beforehand).then(_EVER).otherwise(after)
