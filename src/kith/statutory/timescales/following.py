"""Facts that follow from others: nobody records them, because what is held says them already in other words.

That a case had a named worker follows from who was involved; that a child was seen alone, from how the visit went;
that a referral was of an unborn child, from the birth; what a strategy meeting decided, from the promises made in it;
that a visit came before the first review of a placement for adoption, from the home and the reviews.
What a child's journey does not hold costs nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import polars as pl

from kith.statutory.timescales.shapes import FACTS_SCHEMA

FOLLOWING = frozenset(
    {
        "allocation.done",
        "reviewing_officer.started",
        "personal_adviser.started",
        "seen_alone.done",
        "placed_visit.happened",
        "visit_record.opened",
        "return_interview_record.opened",
        "strategy_action.planned",
        "strategy_action.done",
        "strategy_action.dropped",
        "birth.expected",
        "birth.happened",
        "prebirth_referral.opened",
        "prebirth_section47.opened",
    }
)
_PART = pl.col("role").str.to_lowercase()  # how the role of a part begins says which it is
_ALLOCATED, _REVIEWING, _ADVISER = (_PART.str.starts_with(role) for role in ("allocated", "reviewing", "personal adv"))
_MADE_HERE = "return_interview:kith-"  # how the ref of an interview begins that has no other system's
PLACED = ("A3", "A4", "A5", "A6")  # the codes of a home in which a child is placed for adoption
_ACTIONS = {"planned": "due_on", "done": "done_on", "dropped": "dropped_on"}
_BLANK = {name: pl.lit(None) for name in FACTS_SCHEMA} | {"child": pl.col("child"), "counts": pl.lit(True)}


def following(
    steps: pl.DataFrame,
    periods: pl.DataFrame,
    parts: pl.DataFrame | None,
    births: pl.DataFrame | None,
    promises: pl.DataFrame | None,
) -> list[pl.LazyFrame]:
    """The facts that follow (each `FACTS_SCHEMA`), from what is held in its canonical shapes.

    Without `parts` nobody is known to have been named for anything; without `births` nobody to have been unborn;
    without `promises` no strategy meeting to have decided that anything be done.
    """
    kinds = set(steps["kind"].unique())
    found = [*_of_visits(steps)] if "visit" in kinds else []
    if "visit" in kinds and periods["code"].is_in(PLACED).any():
        found.append(_of_the_placed(steps, periods))
    if "return_interview" in kinds:
        found.append(_of_interviews(steps))
    if promises is not None and promises.height:
        found += _of_promises(promises)
    if parts is not None and parts.height:
        found += _of_parts(steps, periods, parts)
    if births is not None and _some_unborn(steps, periods, births):
        found += _of_the_unborn(steps, periods, births)
    return found


def as_facts(**told: pl.Expr) -> list[pl.Expr]:
    """The columns of facts (`FACTS_SCHEMA`), by what each is told; of the rest nothing is said, but that it counts."""
    columns = _BLANK | told
    return [columns[name].cast(kind).alias(name) for name, kind in FACTS_SCHEMA.items()]


def _facts(rows: pl.LazyFrame, fact: str, **told: str) -> pl.LazyFrame:
    """The rows as facts of one name; `told` says which column each thing is told in."""
    return rows.select(_columns(fact, **told))


@cache
def _columns(fact: str, **told: str) -> list[pl.Expr]:
    return as_facts(fact=pl.lit(fact), **{name: pl.col(column) for name, column in told.items()})


def _of_visits(steps: pl.DataFrame) -> Iterator[pl.LazyFrame]:
    """Of a looked-after child: that she was seen alone. Of a plan: a visit whose writing up is held, from its day.

    Another system's extract does not hold when a visit was written up: of such a visit nothing is said.
    """
    visits = steps.lazy().filter((pl.col("kind") == "visit") & pl.col("happened_on").is_not_null())
    told = {"on": "happened_on", "at": "happened_at", "ref": "ref", "span": "span", "code": "code"}
    alone = visits.filter((pl.col("code") == "cla") & (pl.col("outcome") == "seen_alone"))
    yield _facts(alone, "seen_alone.done", **told)
    written = (pl.col("code") == "cp") & pl.col("done_on").is_not_null() & pl.col("counts").fill_null(True)
    yield _facts(visits.filter(written), "visit_record.opened", **told)


def _of_the_placed(steps: pl.DataFrame, periods: pl.DataFrame) -> pl.LazyFrame:
    """A visit to a child placed for adoption before the placement was first reviewed: till then one is due each week.

    What the law asks of the visits after it, the review decides.
    """
    happened = steps.lazy().filter(pl.col("happened_on").is_not_null() & pl.col("counts").fill_null(True))
    kind, code = pl.col("kind"), pl.col("code")
    homes = periods.lazy().filter((kind == "home") & code.is_in(PLACED) & pl.col("started_on").is_not_null())
    review = (kind == "care_review") | ((kind == "adoption_review") & (code == "placed"))
    placed = homes.select("child", placed="ref", since="started_on", until="ended_on")
    reviews = happened.filter(review).select("child", reviewed="happened_on").join(placed, on="child")
    first = reviews.filter(pl.col("reviewed") >= pl.col("since")).group_by("placed").agg(pl.col("reviewed").min())
    there = placed.join(first, on="placed", how="left")
    visits = happened.filter((kind == "visit") & (code == "cla")).join(there, on="child")
    day = pl.col("happened_on")
    before = (
        (day >= pl.col("since")) & (day <= pl.col("until")).fill_null(True) & (day < pl.col("reviewed")).fill_null(True)
    )
    told = {"on": "happened_on", "at": "happened_at", "ref": "ref", "span": "span", "code": "code"}
    return _facts(
        visits.filter(before).unique("ref", keep="first", maintain_order=True), "placed_visit.happened", **told
    )


def _of_interviews(steps: pl.DataFrame) -> pl.LazyFrame:
    """A return interview that was recorded here, or of which it is held when it was written up and shared.

    Of others nobody can say that they were not: the extract they came in has no day for it.
    """
    held = (pl.col("kind") == "return_interview") & pl.col("happened_on").is_not_null()
    known = pl.col("done_on").is_not_null() | pl.col("ref").str.starts_with(_MADE_HERE)
    rows = steps.lazy().filter(held & known & pl.col("counts").fill_null(True))
    return _facts(rows, "return_interview_record.opened", on="happened_on", at="happened_at", ref="ref", span="span")


def _of_promises(promises: pl.DataFrame) -> Iterator[pl.LazyFrame]:
    """What a strategy meeting decided is a promise made in it: when it was to be done, was done, or was dropped."""
    made = promises.lazy().filter(pl.col("made_in") == "strategy_meeting")
    for moment, day in _ACTIONS.items():
        yield _facts(made.filter(pl.col(day).is_not_null()), f"strategy_action.{moment}", on=day, ref="ref")


def _of_parts(steps: pl.DataFrame, periods: pl.DataFrame, parts: pl.DataFrame) -> Iterator[pl.LazyFrame]:
    """Who was named for a referral that was accepted, and for a time in care: the first who was there then or after.

    Somebody who was there already is named from the day that it is asked of: the decision, the first day in care.
    """
    named = parts.lazy().filter(pl.col("started_on").is_not_null())
    accepted = (pl.col("kind") == "referral") & (pl.col("outcome") == "accepted") & pl.col("done_on").is_not_null()
    referred = steps.lazy().filter(accepted).select("child", "span", since="opened_on", asked="done_on")
    yield _first(named.filter(_ALLOCATED), referred, "allocation.done")
    care = periods.lazy().filter((pl.col("kind") == "care") & pl.col("started_on").is_not_null())
    looked_after = care.select("child", span="ref", since="started_on", asked="started_on")
    yield _first(named.filter(_REVIEWING), looked_after, "reviewing_officer.started")
    yield _facts(named.filter(_ADVISER), "personal_adviser.started", on="started_on", ref="ref")


def _first(named: pl.LazyFrame, asked: pl.LazyFrame, fact: str) -> pl.LazyFrame:
    since = pl.col("since")
    there = pl.col("ended_on").is_null() | (pl.col("ended_on") > since) | (pl.col("started_on") >= since)
    found = asked.join(named, on="child").filter(there.fill_null(True))
    ordered = found.with_columns(day=pl.max_horizontal("started_on", "asked")).sort("day", "started_on", "ref")
    first = ordered.unique(["child", "span"], keep="first", maintain_order=True)
    return _facts(first, fact, on="day", ref="ref", span="span")


def _some_unborn(steps: pl.DataFrame, periods: pl.DataFrame, births: pl.DataFrame) -> bool:
    """Whether anybody here may have been known before birth: of most children these few looks settle it."""
    if births["expected"].null_count() < births.height:
        return True
    born = births["dob"].max()
    days = [day for day in (steps["opened_on"].min(), periods["started_on"].min()) if day is not None]
    return isinstance(born, date) and any(isinstance(day, date) and day < born for day in days)


def _of_the_unborn(steps: pl.DataFrame, periods: pl.DataFrame, births: pl.DataFrame) -> Iterator[pl.LazyFrame]:
    """The birth, expected and happened, of a child known before it; and the work that began before it.

    A child whose birth is not known, and not expected, is not taken to be unborn.
    """
    known = births.lazy().with_columns(birth=pl.lit("birth"))
    there = pl.concat([steps.lazy().select("child"), periods.lazy().select("child")]).unique()
    expected = known.filter(pl.col("expected").is_not_null()).join(there, on="child", how="semi")
    yield _facts(expected, "birth.expected", on="expected", ref="birth")
    early = _before_birth(periods.lazy().filter(pl.col("kind") == "cp_plan"), known, "started_on")
    born = early.filter(pl.col("dob").is_not_null()).unique("child")
    yield _facts(born, "birth.happened", on="dob", ref="birth")
    for kind, chosen in (("referral", pl.lit(True)), ("section47", pl.col("outcome") == "icpc")):
        work = _before_birth(steps.lazy().filter((pl.col("kind") == kind) & chosen), known, "opened_on")
        yield _facts(work, f"prebirth_{kind}.opened", on="opened_on", at="opened_at", ref="ref", span="span")


def _before_birth(rows: pl.LazyFrame, births: pl.LazyFrame, day: str) -> pl.LazyFrame:
    found = rows.filter(pl.col(day).is_not_null()).join(births, on="child")
    return found.filter(pl.coalesce(pl.col(day) < pl.col("dob"), pl.col("expected").is_not_null()))
