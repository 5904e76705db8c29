"""Small pieces that journeys are made with: moments in London, flags, words made codes, the span of a day."""

from __future__ import annotations

import polars as pl

from kith.statutory.timescales.shapes import MOMENT

LONDON = "Europe/London"


def ref(kind: str, column: str) -> pl.Expr:
    """The name of a step or period: its kind and its id; null where there is no id."""
    return pl.concat_str(pl.lit(f"{kind}:"), pl.col(column))


def moment(day: str, time: str) -> pl.Expr:
    """The moment in UTC of a day and a London "HH:MM"; null where either is missing.

    Of the hour that comes twice in October the first is taken; the hour that March leaves out is no moment.
    """
    written = pl.concat_str(pl.col(day).cast(pl.String), pl.lit(" "), pl.col(time))
    local = written.str.to_datetime("%Y-%m-%d %H:%M", time_unit="us", strict=False)
    there = local.dt.replace_time_zone(LONDON, ambiguous="earliest", non_existent="null")
    return there.dt.convert_time_zone("UTC").cast(MOMENT)


def says(column: str, answer: str) -> pl.Expr:
    """True where a Y/N field gives this answer, in any case."""
    return pl.col(column).str.to_uppercase() == answer


def flagged(column: str, flag: str) -> pl.Expr:
    """True where the JSON of an outcome sets this flag to Y."""
    return pl.col(column).str.contains(rf'"{flag}"\s*:\s*"[Yy]').fill_null(False)


def coded(column: str, pattern: str) -> pl.Expr:
    """The published code at the beginning of a field ("C2", "C2 - Full care order"); other wording stays as it is."""
    return pl.coalesce(pl.col(column).str.to_uppercase().str.extract(rf"^\s*({pattern})(?:\W|$)"), pl.col(column))


def outcome(*cases: tuple[pl.Expr, str]) -> pl.Expr:
    """The name of the first case that is true; null when none is."""
    return pl.coalesce(*[pl.when(condition).then(pl.lit(name)) for condition, name in cases])


def within(rows: pl.DataFrame, spells: pl.DataFrame, *, child: str, day: str, into: str) -> pl.DataFrame:
    """The rows with the ref of the spell each day falls in, as column `into`; null when it falls in none.

    `spells` has child, ref, started_on, ended_on (null: open). Of two that hold the day, the later to start is taken.
    Both ends count. The order and number of rows stay as they were.
    """
    numbered = rows.with_row_index("_at")
    wanted = numbered.filter(pl.col(day).is_not_null() & pl.col(child).is_not_null())
    pairs = wanted.select("_at", child, day).join(spells, left_on=child, right_on="child")
    holds = (pl.col(day) >= pl.col("started_on")) & (pl.col("ended_on").is_null() | (pl.col(day) <= pl.col("ended_on")))
    best = pairs.filter(holds).sort("_at", "started_on", "ref").group_by("_at").agg(pl.col("ref").last().alias(into))
    return numbered.join(best, on="_at", how="left", maintain_order="left").drop("_at")
