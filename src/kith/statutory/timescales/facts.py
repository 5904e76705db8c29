"""Facts: the dated events that clocks see, made from the steps and periods of children's journeys."""

from __future__ import annotations

from functools import cache

import polars as pl

from kith.statutory.timescales.fact_words import follow_ons, lasting_kinds, plain_kinds
from kith.statutory.timescales.following import as_facts, following
from kith.statutory.timescales.numbering import collected

# The kinds that are told each in a table of their own; the plain kinds share one.
TOLD_KINDS = (
    "contact",
    "referral",
    "assessment",
    "strategy_meeting",
    "section47",
    "conference",
    "core_group",
    "visit",
    "care_review",
    "health_assessment",
    "pep",
    "return_interview",
    "care_leaver_contact",
    "sdq",
    "conviction",
)
STEP_KINDS = (*TOLD_KINDS, *plain_kinds())
PERIOD_KINDS = (
    "need",
    "cin_plan",
    "cp_plan",
    "care",
    "care_episode",
    "home",
    "legal_status",
    "missing",
    "care_leaver",
    "early_help",
    "immigration",
    "pre_proceedings",
    *sorted(lasting_kinds()),
)
STEP_MOMENTS = ("opened", "planned", "happened", "done")
# The answer is held and its day is not: enough to end a clock, never enough to say that it was met in time.
UNDATED = "undated"
PERIOD_MOMENTS = ("started", "ended")
KNOWN_FACTS = frozenset(
    [f"{kind}.{moment}" for kind in STEP_KINDS for moment in (*STEP_MOMENTS, UNDATED)]
    + [f"{kind}.{moment}" for kind in PERIOD_KINDS for moment in PERIOD_MOMENTS]
)
_OF_WHAT = pl.when(pl.col("kind").is_in(sorted(follow_ons()))).then(pl.coalesce("led_from", "ref")).otherwise("ref")
# A home, an episode and a legal status are parts of one period of care, and are linked through it.
_WITHIN_CARE = ("home", "care_episode", "legal_status")


def facts_from(
    steps: pl.DataFrame,
    periods: pl.DataFrame,
    *,
    parts: pl.DataFrame | None = None,
    births: pl.DataFrame | None = None,
    promises: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The facts in the journeys: one row for each date held (`FACTS_SCHEMA`), in the order child, day, fact, ref.

    `steps` and `periods` are as `STEPS_SCHEMA` and `PERIODS_SCHEMA`; of `parts`, `births` and `promises`
    (`PARTS_SCHEMA`, `BIRTHS_SCHEMA`, `PROMISES_SCHEMA`) more facts follow, which nobody records: see `following`. A
    date not known makes no fact. The `span` of a period is its own ref; that of a home, episode or legal status is the
    period of care it lies within.
    A step that follows another (`follow_ons`) is told as of what it follows, by that one's ref: the decisions of a
    review, once sent, are the review's. Plain work that lasts (`lasting_kinds`) is a period too, from the day it was
    opened until the day it was done, within the period it belongs to. A step whose outcome is held without any day for
    it makes "<kind>.undated", on the day the step opened, or else the day that the period it belongs to ended: some
    extracts hold only the answer.
    """
    lasting = lasting_kinds() & set(steps["kind"].unique())
    lasted = pl.concat([periods.lazy(), _lasting(steps.lazy())], how="diagonal") if lasting else periods.lazy()
    found = [_of_steps(steps.lazy(), moment) for moment in STEP_MOMENTS if _is_held(steps[f"{moment}_on"])]
    found += [_of_periods(lasted, moment) for moment in PERIOD_MOMENTS]
    without = steps.filter(_WITHOUT_A_DAY)
    found += [] if without.is_empty() else [_undated(without.lazy(), periods.lazy())]
    found += following(steps, periods, parts, births, promises)
    return collected(pl.concat(found).sort("child", "on", "fact", "ref"), of=steps)


def _is_held(days: pl.Series) -> bool:
    return days.null_count() < days.len()


def _of_steps(steps: pl.LazyFrame, moment: str) -> pl.LazyFrame:
    return steps.filter(pl.col(f"{moment}_on").is_not_null()).select(_step_at(moment))


@cache
def _step_at(moment: str) -> list[pl.Expr]:
    at = {} if moment == "planned" else {"at": pl.col(f"{moment}_at")}
    return as_facts(fact=pl.col("kind") + f".{moment}", on=pl.col(f"{moment}_on"), ref=_OF_WHAT, **at, **_OF_A_STEP)


def _undated(without: pl.LazyFrame, periods: pl.LazyFrame) -> pl.LazyFrame:
    ends = (
        periods.select(pl.col("ref").alias("span"), "child", day="ended_on")
        .group_by("span", "child")
        .agg(pl.col("day").min())
    )
    dated = without.join(ends, on=["span", "child"], how="left").with_columns(on=pl.coalesce("opened_on", "day"))
    fact = pl.col("kind") + f".{UNDATED}"
    told = as_facts(fact=fact, on=pl.col("on"), ref=pl.col("ref"), **_OF_A_STEP)
    return dated.filter(pl.col("on").is_not_null()).select(told)


def _lasting(steps: pl.LazyFrame) -> pl.LazyFrame:
    return steps.filter(pl.col("kind").is_in(sorted(lasting_kinds()))).select(
        "kind",
        "code",
        "child",
        ref=_OF_WHAT,
        parent="span",
        started_on="opened_on",
        started_at="opened_at",
        ended_on="done_on",
        ended_at="done_at",
        start_reason=pl.lit(None, pl.String),
        end_reason="outcome",
    )


def _of_periods(periods: pl.LazyFrame, moment: str) -> pl.LazyFrame:
    return periods.filter(pl.col(f"{moment}_on").is_not_null()).select(_period_at(moment))


@cache
def _period_at(moment: str) -> list[pl.Expr]:
    within = pl.when(pl.col("kind").is_in([*_WITHIN_CARE, *sorted(lasting_kinds())])).then(pl.col("parent"))
    own = {name: pl.col(name) for name in ("code", "parent", "ref")}
    return as_facts(
        fact=pl.col("kind") + f".{moment}",
        on=pl.col(f"{moment}_on"),
        at=pl.col(f"{moment}_at"),
        outcome=pl.col("start_reason" if moment == "started" else "end_reason"),
        span=pl.coalesce(within, "ref"),
        **own,
    )


_OF_A_STEP = {name: pl.col(name) for name in ("code", "outcome", "span")} | {"counts": pl.col("counts").fill_null(True)}
_WITHOUT_A_DAY = pl.col("outcome").is_not_null() & pl.col("done_on").is_null() & pl.col("happened_on").is_null()
