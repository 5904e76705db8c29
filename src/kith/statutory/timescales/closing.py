"""Finds what completed each clock, and what ended the need for it, in one ordered join."""

from __future__ import annotations

import polars as pl

from kith.statutory.timescales.numbering import DAYS_IN_ALL, TIES_IN_ALL, Numbered, day_number
from kith.statutory.timescales.openings import key_by
from kith.statutory.timescales.tables import WATCHERS, Tables


def closings(timed: pl.DataFrame, known: Numbered, tables: Tables) -> pl.LazyFrame:
    """Adds `met_on`, `met_at`, `met_by`, `met_ix`, `ended_on`, `voided` and `time_missing`, and names the opening
    columns.

    What completes a clock after the need for it ended does not count. Left out: an opening by a completed event on
    or after the day the need ended, for then nothing was left to open.
    """
    met_ix, ended_ix = _first_found(timed, known, tables)
    frame = pl.concat(
        [
            timed,
            known.told(timed["fact_ix"], "child", "outcome", "ref", "span", "fact"),
            known.told(met_ix, "on", "at", "ref").rename({"on": "met_on", "at": "met_at", "ref": "met_by"}),
            known.told(ended_ix, "on").rename({"on": "ended_on"}),
            pl.DataFrame({"met_ix": met_ix}),
        ],
        how="horizontal",
    ).lazy()
    lapsed = pl.when("lapses").then(pl.col("due_on"))
    frame = frame.with_columns(ended_on=pl.min_horizontal("ended_on", lapsed))
    kept = ~(pl.col("met_on") > pl.col("ended_on")).fill_null(False)
    started = ~(pl.col("strict") & (pl.col("ended_on") <= pl.col("on"))).fill_null(False)
    untimed = (pl.col("at").is_null() & (pl.col("hours") > 0)) | (
        pl.col("met_on").is_not_null() & pl.col("met_at").is_null()
    )
    return (
        frame.filter(started)
        .with_columns(**{name: pl.when(kept).then(pl.col(name)) for name in ("met_on", "met_at", "met_by", "met_ix")})
        .with_columns(
            opened_by="ref",
            opened_fact="fact",
            opened_on="on",
            opened_at="at",
            voided=(pl.col("outcome") == "voided").fill_null(False),
            time_missing=((pl.col("hours") > 0) | pl.col("clock").is_not_null()).fill_null(False) & untimed,
        )
    )


def _first_found(timed: pl.DataFrame, known: Numbered, tables: Tables) -> tuple[pl.Series, pl.Series]:
    """The earliest completing and the earliest ending fact of each row, by number; empty where there is none."""
    looking = (
        timed.lazy()
        .join(tables.slots.lazy(), on="rule_ix")
        .select("row", "completes", code=_code(key_by("link"), _since(tables)))
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
        .group_by("row", "completes")
        .agg(pl.col("found").min())
        .collect()
    )
    completing, ending = found.filter("completes"), found.filter(~pl.col("completes"))
    return _by_row(completing, timed.height), _by_row(ending, timed.height)


def _by_row(found: pl.DataFrame, rows: int) -> pl.Series:
    every = pl.Series("found", [None], dtype=pl.UInt32).new_from_index(0, rows)
    return every.scatter(found["row"], found["found"]) if found.height else every


def _events(known: Numbered, tables: Tables) -> pl.LazyFrame:
    """What may complete or end a clock, by place and day, in the order of the facts."""
    real = known.whats.filter((pl.col("outcome") != "voided").fill_null(True))
    wanted = tables.watchers.of(real, tuple(WATCHERS), WATCHERS)
    seen = known.numbers.lazy().join(wanted.lazy(), on="what")
    placed = seen.select(event=_code(key_by("link"), pl.col("day")), found="fact_ix")
    return placed.filter(pl.col("event").is_not_null()).sort("event", "found")


def _code(tie: pl.Expr, day: pl.Expr) -> pl.Expr:
    """A place to look in, and a day, as one number."""
    return (pl.col("slot") * TIES_IN_ALL + tie) * DAYS_IN_ALL + day


def _since(tables: Tables) -> pl.Expr:
    """The day from which to look: a completed event is not its own completion, and some look from the beginning."""
    ever = pl.col("first") | (pl.col("completes") & pl.col("beforehand"))
    after = pl.col("day") + (pl.col("completes") & pl.col("strict")).cast(pl.UInt64)
    if tables.has_early:
        early = day_number(pl.col("on").dt.offset_by(pl.col("early")))
        after = pl.when(pl.col("completes") & pl.col("early").is_not_null()).then(early).otherwise(after)
    return pl.when(ever).then(pl.lit(0, pl.UInt64)).otherwise(after)
