"""The engine: facts in, deadlines out, on columns, for one child or a nation with the same few joins."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.statutory.timescales.birthdays import with_birthdays
from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.closing import closings
from kith.statutory.timescales.conditions import under_the_right_conditions
from kith.statutory.timescales.counting import with_due_days
from kith.statutory.timescales.flags import flags
from kith.statutory.timescales.numbering import collected, numbered
from kith.statutory.timescales.openings import openings
from kith.statutory.timescales.shapes import DEADLINES_SCHEMA
from kith.statutory.timescales.states import with_states
from kith.vocabulary.school_terms import SchoolCalendar
from kith.vocabulary.working_days import Calendar

AT_ONCE = 50_000  # facts: a tenth of a borough’s five years, and an eighth of a gigabyte to count them
_TOLD = [pl.col(name).cast(kind) for name, kind in DEADLINES_SCHEMA.items()]
ORDER = ("child", "rule", "opened_on", "cycle", "opened_by", "rule_version")


def deadlines(
    *,
    facts: pl.DataFrame,
    rules: RuleBook,
    calendar: Calendar,
    on: date,
    people: pl.DataFrame | None = None,
    schools: SchoolCalendar | None = None,
    excused: pl.DataFrame | None = None,
    flagged: bool = True,
) -> pl.DataFrame:
    """Every clock that the facts started, with its due day and its state at the end of `on`.

    `facts` is as `FACTS_SCHEMA`, for any number of children, in any order; a fact without a date is passed over, and
    one that cannot be as it is dated is kept and flagged (unless not `flagged`, for whoever does not keep the flags).
    `people` (`child`, `dob`) is needed by rules that depend on age: a child whose birth date is not known is taken to
    be young, so that the shorter interval holds. `schools` are the authority's own terms; `excused` is as
    `EXCUSED_SCHEMA`: without a reason and who authorised it, a row of it excuses nothing. Returns `DEADLINES_SCHEMA`,
    ordered by child, rule and opening. A completed event that starts the next interval does not do so once the need
    has ended.

    No clock of one child rests on another's facts: of very many children so many are counted at a time that what is
    worked with takes no more memory however many there are.
    """
    if facts.height <= AT_ONCE:
        return _counted(facts, rules, calendar, on, people, schools, excused, flagged)
    held = facts if facts["child"].is_sorted() else facts.sort("child", maintain_order=True)
    parts = []
    for start, many, first, last in _slices(held):
        some, births, said = held.slice(start, many), _of(people, first, last), _of(excused, first, last)
        parts.append(_counted(some, rules, calendar, on, births, schools, said, flagged))
    return pl.concat(parts)


def _slices(facts: pl.DataFrame) -> list[tuple[int, int, str, str]]:
    """Where each part of facts that lie in order of child begins, how many they are, and the first and last child.

    None has many more facts than may be counted at once.
    """
    counts = facts.group_by("child", maintain_order=True).len().with_columns(until=pl.col("len").cum_sum())
    part = ((counts["until"] - 1) // AT_ONCE).alias("part")
    start = (pl.col("until").first() - pl.col("len").first()).alias("start")
    grouped = counts.group_by(part, maintain_order=True)
    found = grouped.agg(start, pl.col("len").sum(), pl.col("child").first(), to=pl.col("child").last())
    return list(found.select("start", "len", "child", "to").iter_rows())


def _of(frame: pl.DataFrame | None, first: str, last: str) -> pl.DataFrame | None:
    """The rows of the children from one to another, both included."""
    return None if frame is None else frame.filter(pl.col("child").is_between(pl.lit(first), pl.lit(last)))


def _counted(
    facts: pl.DataFrame,
    rules: RuleBook,
    calendar: Calendar,
    on: date,
    people: pl.DataFrame | None,
    schools: SchoolCalendar | None,
    excused: pl.DataFrame | None,
    flagged: bool,
) -> pl.DataFrame:
    tables = rules.tables
    known = numbered(with_birthdays(facts, people, tables.birthdays), people)
    opened = openings(known, tables)
    asked = tables.asked_by(opened)
    fit = under_the_right_conditions(opened, known, tables, asked)
    due = with_due_days(fit, known, tables, calendar, schools, asked)
    timed = collected(due.with_row_index("row_ix"), of=facts)
    closed = _flagged(closings(timed, known, tables, asked), flags(known) if flagged else None)
    rows = with_states(_excused(closed, excused), on)
    return collected(rows.select(_TOLD).sort(ORDER), of=facts)


def state_on(frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """The same deadlines as they stand at the end of another day: what depends on the day made again, all else kept.

    `frame` needs the columns of `DEADLINES_SCHEMA`; others pass through untouched, and the order is kept.
    """
    return with_states(frame.lazy().with_columns(voided=pl.col("state") == "voided"), on).drop("voided").collect()


def _flagged(closed: pl.LazyFrame, odd: pl.LazyFrame | None) -> pl.LazyFrame:
    """Adds `flag`: what is odd about the fact that opened it, or else about the one that met it."""
    found = None if odd is None else odd.collect()
    if found is None or found.is_empty():
        return closed.with_columns(flag=pl.lit(None, pl.String))
    of = {name: pl.col(name).replace_strict(found["fact_ix"], found["flag"], default=None) for name in _RESTS_ON}
    return closed.with_columns(flag=pl.coalesce(*of.values()))


_RESTS_ON = ("fact_ix", "met_ix")


def _excused(closed: pl.LazyFrame, excused: pl.DataFrame | None) -> pl.LazyFrame:
    """Adds who said that it is not required, when and why."""
    if excused is None or excused.is_empty():
        kinds = {"excused_on": pl.Date, "excused_why": pl.String, "excused_by": pl.String}
        return closed.with_columns(pl.lit(None, kind).alias(name) for name, kind in kinds.items())
    stated = (pl.col("reason").str.strip_chars() != "") & (pl.col("authorised_by").str.strip_chars() != "")
    names = {"on": "excused_on", "reason": "excused_why", "authorised_by": "excused_by"}
    rows = excused.lazy().filter(stated.fill_null(False)).sort("on").rename(names)
    key = ["child", "rule", "opened_by"]
    every = rows.filter(pl.col("cycle").is_null()).drop("cycle").unique(key, keep="first", maintain_order=True)
    one = rows.filter(pl.col("cycle").is_not_null()).unique([*key, "cycle"], keep="first", maintain_order=True)
    joined = closed.join(every, on=key, how="left").join(one, on=[*key, "cycle"], how="left", suffix="_one")
    return joined.with_columns(pl.coalesce(f"{name}_one", name).alias(name) for name in names.values())
