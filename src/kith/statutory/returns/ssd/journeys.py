"""Journeys: a dataset told as the two frames that clocks, stories and the record share, steps and periods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

import polars as pl

from kith.statutory.returns.ssd import journey_care_steps as care
from kith.statutory.returns.ssd import journey_steps as front
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.involved import births, parts, promises
from kith.statutory.returns.ssd.journey_periods import PERIODS
from kith.statutory.returns.ssd.journey_plain_work import plain_work
from kith.statutory.timescales.facts import facts_from
from kith.statutory.timescales.shapes import PERIODS_SCHEMA, STEPS_SCHEMA

Telling = Callable[[Dataset], pl.DataFrame]
# Each kind of step and period, and the tables of which it is told: where none has a row there is nothing to tell.
STEPS: Mapping[Telling, tuple[str, ...]] = {
    front.contacts: ("ssd_contacts",),
    front.referrals: ("ssd_cin_episodes",),
    front.assessments: ("ssd_cin_assessments",),
    front.strategy_meetings: ("kith_strategy_meeting",),
    front.section47s: ("ssd_s47_enquiry",),
    front.initial_conferences: ("ssd_initial_cp_conference",),
    front.review_conferences: ("ssd_cp_reviews",),
    front.core_groups: ("kith_core_group",),
    front.cin_visits: ("ssd_cin_visits",),
    front.cp_visits: ("ssd_cp_visits",),
    care.cla_visits: ("ssd_cla_visits",),
    care.care_reviews: ("ssd_cla_reviews", "kith_care_review"),
    care.health_assessments: ("ssd_cla_health",),
    care.peps: ("kith_pep",),
    care.return_interviews: ("kith_return_interview", "ssd_missing"),
    care.care_leaver_contacts: ("kith_care_leaver_contact", "ssd_care_leavers"),
    care.sdqs: ("ssd_sdq_scores",),
    care.convictions: ("ssd_cla_convictions",),
    plain_work: ("kith_work",),
}


def steps(dataset: Dataset) -> pl.DataFrame:
    """Every step of every child in the dataset, as STEPS_SCHEMA, in the order child, day, kind, ref.

    A step with no child cannot be told and is left out; `untold` counts these.
    """
    frames = _told(dataset, STEPS)
    whole = _shaped(frames, STEPS_SCHEMA).with_columns(pl.col("counts").fill_null(True))
    return whole.sort(pl.col("child"), pl.coalesce("opened_on", "happened_on", "done_on", "planned_on"), "kind", "ref")


def periods(dataset: Dataset) -> pl.DataFrame:
    """Every period of every child in the dataset, as PERIODS_SCHEMA, in the order child, start, kind, ref."""
    frames = _told(dataset, PERIODS)
    return _shaped(frames, PERIODS_SCHEMA).sort("child", "started_on", "kind", "ref")


def facts(dataset: Dataset) -> pl.DataFrame:
    """Everything that clocks see of the dataset (FACTS_SCHEMA)."""
    beside = {"parts": parts(dataset), "births": births(dataset), "promises": promises(dataset)}
    return facts_from(steps(dataset), periods(dataset), **beside)


def _told(dataset: Dataset, kinds: Mapping[Telling, tuple[str, ...]]) -> list[pl.DataFrame]:
    held = {name for name, frame in dataset.tables.items() if frame.height}
    return [told(dataset) for told, tables in kinds.items() if held.intersection(tables)]


def untold(dataset: Dataset) -> dict[str, int]:
    """For each kind of step or period, how many rows of the dataset name no child, and so are in neither frame."""
    counts: dict[str, int] = {}
    for told in (*STEPS, *PERIODS):
        lost = told(dataset)["child"].null_count()
        if lost:
            counts[told.__name__] = lost
    return counts


def _shaped(frames: Iterable[pl.DataFrame], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    columns = [_all_columns(frame, schema) for frame in frames]
    return pl.concat([pl.DataFrame(schema=schema), *columns]).filter(
        pl.col("child").is_not_null() & pl.col("ref").is_not_null()
    )


def _all_columns(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    present = set(frame.columns)
    return frame.select(_cast(name, kind, name in present) for name, kind in schema.items())


@cache
def _cast(name: str, kind: pl.DataType, present: bool) -> pl.Expr:
    return pl.col(name).cast(kind) if present else pl.lit(None, kind).alias(name)
