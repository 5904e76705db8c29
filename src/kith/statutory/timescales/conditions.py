"""Keeps the openings whose child was of the right age, with the right periods running, on the day."""

from __future__ import annotations

import polars as pl

from kith.statutory.timescales.tables import Tables


def of_the_right_age(opened: pl.DataFrame, people: pl.DataFrame | None) -> pl.DataFrame:
    """Leaves out openings of rules about age for a child of another age. An unknown birth date counts as young."""
    asks = pl.col("child_age_from").is_not_null() | pl.col("child_age_under").is_not_null()
    asked = opened.filter(asks)
    if asked.is_empty():
        return opened
    age = _age(pl.col("dob"), pl.col("on")).fill_null(0)
    right = (
        asked.lazy()
        .join(_births(people), on="child", how="left")
        .filter(
            pl.col("child_age_from").is_null() | (age >= pl.col("child_age_from")),
            pl.col("child_age_under").is_null() | (age < pl.col("child_age_under")),
        )
    )
    return pl.concat([opened.filter(~asks), right.drop("dob").collect()])


def _age(born: pl.Expr, on: pl.Expr) -> pl.Expr:
    before_birthday = (on.dt.month() < born.dt.month()) | (
        (on.dt.month() == born.dt.month()) & (on.dt.day() < born.dt.day())
    )
    return on.dt.year() - born.dt.year() - before_birthday.cast(pl.Int32)


def _births(people: pl.DataFrame | None) -> pl.LazyFrame:
    if people is None:
        return pl.LazyFrame(schema={"child": pl.String, "dob": pl.Date})
    return people.lazy().select("child", pl.col("dob").cast(pl.Date)).unique("child", keep="first", maintain_order=True)


def under_the_right_conditions(opened: pl.DataFrame, dated: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Leaves out openings for which a condition of the rule does not hold on the day."""
    conditional = opened.filter(pl.col("conditions") > 0).with_row_index("opening")
    if conditional.is_empty():
        return opened
    some = conditional.lazy().select("opening", "rule_ix", "child", "on")
    asked = some.join(tables.conditions.lazy(), on="rule_ix").collect()
    periods = _periods(dated.lazy(), tables)
    running = asked.lazy().join(periods, on=["started_fact", "child"]).filter(_running(), _of_the_right_kind())
    found = running.select("opening", "condition", held=pl.lit(True)).unique()
    judged = asked.lazy().join(found, on=["opening", "condition"], how="left")
    failed = judged.filter(pl.col("held").fill_null(False) == pl.col("absent")).select("opening").unique()
    held = conditional.lazy().join(failed, on="opening", how="anti").drop("opening")
    return pl.concat([opened.filter(pl.col("conditions") == 0), held.collect()])


def _periods(dated: pl.LazyFrame, tables: Tables) -> pl.LazyFrame:
    """The periods that conditions ask about: one row each, with its start, its end if it has one, and its code."""
    kinds = tables.conditions["started_fact"].unique().to_list()
    starts = dated.filter(pl.col("fact").is_in(kinds)).select(
        "child", "ref", started_fact="fact", started_on="on", period_code="code"
    )
    ended = [kind.replace(".started", ".ended") for kind in kinds]
    ends = dated.filter(pl.col("fact").is_in(ended)).group_by("child", "ref").agg(ended_on=pl.col("on").min())
    return starts.join(ends, on=["child", "ref"], how="left")


def _running() -> pl.Expr:
    """A period runs from its first day to the day before its last, when whatever follows has begun."""
    return (pl.col("started_on") <= pl.col("on")) & (pl.col("ended_on").is_null() | (pl.col("on") < pl.col("ended_on")))


def _of_the_right_kind() -> pl.Expr:
    code = pl.col("period_code")
    wanted = pl.col("wanted").is_null() | pl.col("wanted").list.contains(code).fill_null(False)
    unwanted = pl.col("unwanted").is_not_null() & pl.col("unwanted").list.contains(code).fill_null(False)
    return wanted & ~unwanted & _old_enough() & _young_enough()


def _old_enough() -> pl.Expr:
    reached = pl.col("started_on").dt.offset_by(pl.col("age_from"))
    return pl.col("age_from").is_null() | (reached <= pl.col("on"))


def _young_enough() -> pl.Expr:
    reached = pl.col("started_on").dt.offset_by(pl.col("age_under"))
    return pl.col("age_under").is_null() | (pl.col("on") < reached)
