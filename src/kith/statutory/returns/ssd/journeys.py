"""Journeys: a dataset told as the two frames that clocks, stories and the record share, steps and periods."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from kith.statutory.returns.ssd import journey_care_steps as care
from kith.statutory.returns.ssd import journey_steps as front
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.journey_periods import PERIODS
from kith.statutory.timescales.shapes import PERIODS_SCHEMA, STEPS_SCHEMA

STEPS: tuple[Callable[[Dataset], pl.DataFrame], ...] = (
    front.contacts,
    front.referrals,
    front.assessments,
    front.strategy_meetings,
    front.section47s,
    front.initial_conferences,
    front.review_conferences,
    front.core_groups,
    front.cin_visits,
    front.cp_visits,
    care.cla_visits,
    care.care_reviews,
    care.health_assessments,
    care.peps,
    care.return_interviews,
    care.care_leaver_contacts,
    care.sdqs,
    care.convictions,
)


def steps(dataset: Dataset) -> pl.DataFrame:
    """Every step of every child in the dataset, as STEPS_SCHEMA, in the order child, day, kind, ref.

    A step with no child cannot be told and is left out; `untold` counts these.
    """
    frames = [told(dataset) for told in STEPS]
    whole = _shaped(frames, STEPS_SCHEMA).with_columns(pl.col("counts").fill_null(True))
    return whole.sort(pl.col("child"), pl.coalesce("opened_on", "happened_on", "done_on"), "kind", "ref")


def periods(dataset: Dataset) -> pl.DataFrame:
    """Every period of every child in the dataset, as PERIODS_SCHEMA, in the order child, start, kind, ref."""
    frames = [told(dataset) for told in PERIODS]
    return _shaped(frames, PERIODS_SCHEMA).sort("child", "started_on", "kind", "ref")


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
    return pl.concat(columns).filter(pl.col("child").is_not_null() & pl.col("ref").is_not_null())


def _all_columns(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    present = set(frame.columns)
    return frame.select(
        (pl.col(name) if name in present else pl.lit(None)).cast(kind).alias(name) for name, kind in schema.items()
    )
