"""The invented borough's planted failure makes the first control say so; put right, it says nothing."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from kith.analysis.charts.xmr import Point, Verdict, chart, verdict
from kith.analysis.controls.evaluate import by_day, by_week, expectations
from kith.analysis.controls.shapes import OnFacts
from kith.oversight.controls.book import book
from kith.statutory.returns.ssd.journeys import periods, steps
from kith.statutory.timescales.facts import facts_from
from kith.synthetic.borough import Borough
from kith.vocabulary.working_days import england

CONTROL = book()["strategy_decisions_same_day"]
assert isinstance(CONTROL.test, OnFacts)


@pytest.fixture(scope="module")
def journeys(borough: Borough) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The borough's strategy meetings as steps, and no more."""
    meetings = steps(borough.dataset).filter(pl.col("kind") == "strategy_meeting")
    return meetings, periods(borough.dataset).head(0)


def planted_meetings(borough: Borough) -> list[str]:
    return [each.id for each in borough.planted if CONTROL.id in each.controls]


def expected(meetings: pl.DataFrame, none: pl.DataFrame, on: date) -> pl.DataFrame:
    return expectations(facts=facts_from(meetings, none), test=CONTROL.test, calendar=england(), on=on)


def said(rows: pl.DataFrame, on: date) -> Verdict:
    weeks = by_week(by_day(rows, on=on)).tail(78)
    points = [Point(row["day"], row["percent"]) for row in weeks.to_dicts()]
    return verdict(chart(points=points, good="high", best=100.0, baseline=len(points) - 13))


def test_the_planted_failure_makes_it_say_so(
    borough: Borough, journeys: tuple[pl.DataFrame, pl.DataFrame], on: date
) -> None:
    rows = expected(*journeys, on)
    found = said(rows, on)
    assert found.kind == "worse"
    assert found.since is not None
    assert on - timedelta(weeks=6) < found.since < on


def test_every_planted_meeting_is_among_those_that_did_not_hold(
    borough: Borough, journeys: tuple[pl.DataFrame, pl.DataFrame], on: date
) -> None:
    meetings, none = journeys
    short = expected(meetings, none, on).filter(pl.col("judged") & ~pl.col("held"))
    missed = set(meetings.filter(pl.col("ref").is_in(short["ref"].implode()))["meeting"].to_list())
    planted = planted_meetings(borough)
    assert len(planted) > 3
    assert set(planted) <= missed


def test_put_right_it_says_nothing(borough: Borough, journeys: tuple[pl.DataFrame, pl.DataFrame], on: date) -> None:
    meetings, none = journeys
    planted = pl.col("meeting").is_in(planted_meetings(borough))
    righted = meetings.with_columns(done_on=pl.when(planted).then("happened_on").otherwise("done_on"))
    assert said(expected(righted, none, on), on).kind != "worse"
