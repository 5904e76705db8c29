"""Reading controls: their days, what those days say, and for a viewer the children behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from kith.analysis.charts import xmr
from kith.analysis.controls.evaluate import by_week, expectations
from kith.analysis.controls.loading import PROMISE
from kith.analysis.controls.shapes import DAYS_SCHEMA, EXPECTED_SCHEMA, Control, EachDay, OnClocks, OnFacts
from kith.analysis.controls.turning import days_asked, of_clocks, of_each_day
from kith.foundation.access.viewer import Viewer
from kith.foundation.history.actor import beyond_the_wall
from kith.record.deadlines import facts as deadlines
from kith.record.people.queries import names_listed, those_listed
from kith.record.promises import facts as promises
from kith.vocabulary.working_days import england

from .book import book
from .facts import days_read, facts_for, spans_for
from .models import Reading

LIVE = 28  # days read from the record as it stands at each view; older ones as the nightly reading left them
HELD = ("no", "yes", "waiting")


@dataclass(frozen=True)
class Coverage:
    """How many were expected and how many held, over some days."""

    expected: int
    held: int

    @property
    def percent(self) -> float | None:
        """The share that held; nothing where nothing was expected."""
        return self.held / self.expected * 100 if self.expected else None


@dataclass(frozen=True)
class Judgement:
    """One control today: its weeks, its chart and verdict, what it covered lately, and its state in one word.

    `state` is holds, gaps (no change, and not every time), weakening, stopped, or quiet (nothing was expected lately).
    """

    control: Control
    days: pl.DataFrame
    weeks: pl.DataFrame
    chart: xmr.Chart | None
    verdict: xmr.Verdict
    lately: Coverage

    @cached_property
    def state(self) -> str:
        """The state in one word."""
        percent = self.lately.percent
        if percent is None:
            return "quiet"
        if percent < self.control.stopped_below:
            return "stopped"
        if self.verdict.kind == "worse":
            return "weakening"
        return "holds" if percent >= self.control.aim else "gaps"


def judgements(*, on: date, keys: list[str] | None = None) -> list[Judgement]:
    """Every control (or those named) as it stands on a day, in order of name."""
    chosen = [control for key, control in book().items() if keys is None or key in keys]
    with beyond_the_wall():
        days = days_of(chosen, on=on)
    return sorted((judge(control, days[control.id], on=on) for control in chosen), key=lambda each: each.control.name)


def judge(control: Control, days: pl.DataFrame, *, on: date) -> Judgement:
    """What a control's days say. The newest weeks are judged by limits taken from those before."""
    weekly = xmr.settings()["weekly"]
    monday = on - timedelta(days=on.weekday())
    weeks = by_week(days, last_day=control.each_day).filter(pl.col("day") > monday - timedelta(weeks=weekly["shown"]))
    points = [xmr.Point(row["day"], row["percent"]) for row in weeks.to_dicts()]
    settled = sum(point.day <= monday - timedelta(weeks=weekly["judged"]) for point in points)
    enough = settled >= xmr.settings()["limits"]["fewest"]
    drawn = None
    if len(points) > 1:
        drawn = xmr.chart(points=points, good="high", best=100.0, baseline=settled if enough else None)
    recent = days.filter(pl.col("day") > on - timedelta(weeks=weekly["lately"]))
    recent = recent.tail(1) if control.each_day else recent
    lately = Coverage(int(recent["expected"].sum()), int(recent["held"].sum()))
    return Judgement(control, days, weeks, drawn, xmr.verdict(drawn), lately)


def days_of(controls: list[Control], *, on: date) -> dict[str, pl.DataFrame]:
    """Each control's days until yesterday: as they were read each night, the newest from the record as it stands.

    Where no night has read any, they are worked out whole, so that none looks empty for want of a nightly job.
    """
    stored = _stored([control.id for control in controls])
    read = any(len(days) for days in stored.values()) or Reading.objects.exists()
    live_from = on - timedelta(days=LIVE)
    live = days_read(controls, on=on, since=live_from if read else None)
    if not read:
        return live
    return {key: _joined(stored[key], live[key], live_from) for key in live}


def _joined(stored: pl.DataFrame, live: pl.DataFrame, live_from: date) -> pl.DataFrame:
    older, newest = stored.filter(pl.col("day") < live_from), live.filter(pl.col("day") >= live_from)
    return pl.concat([older, newest]).sort("day")


def _stored(keys: list[str]) -> dict[str, pl.DataFrame]:
    rows = Reading.objects.filter(control__in=keys).values_list("control", "day", "expected", "held")
    whole = pl.DataFrame(list(rows), schema={"control": pl.String(), **DAYS_SCHEMA}, orient="row")
    return {key: whole.filter(pl.col("control") == key).drop("control") for key in keys}


def children_behind(
    viewer: Viewer, control: Control, *, since: date, until: date, on: date, missed_only: bool = False
) -> pl.DataFrame:
    """Every time it was expected on these days, both included, of children this viewer may see; the newest first.

    `missed_only` leaves out what held or is not over yet. A control of each day is as the last of the days was at its
    end, and as the Sundays before it were.
    """
    if not viewer.may("see_child"):
        return pl.DataFrame(schema=EXPECTED_SCHEMA)
    test = control.test
    if isinstance(test, OnClocks):
        shown = _turns(viewer, test, since=since, until=until, on=on, missed_only=missed_only)
    else:
        shown = _listed(viewer, _expected(test, since=since, until=until, on=on), on=on, missed_only=missed_only)
    return shown.sort("day", "child", "ref", descending=[True, False, False])


def _turns(viewer: Viewer, test: OnClocks, *, since: date, until: date, on: date, missed_only: bool) -> pl.DataFrame:
    last = min(until, on - timedelta(days=1)) if missed_only else until
    rules = set(test.rules)
    found = deadlines.turns(viewer, rules - {PROMISE}, since=since, until=last, missed_only=missed_only)
    if PROMISE in rules:
        ours = promises.turns(viewer, since=since, until=last, missed_only=missed_only)
        found = pl.concat([found, ours])
    return of_clocks(turns=found, test=test, on=on)


def _expected(test: OnFacts | EachDay, *, since: date, until: date, on: date) -> pl.DataFrame:
    if isinstance(test, EachDay):
        last = min(until, on - timedelta(days=1))
        days = {day for day in days_asked(since=since, on=on) if day.weekday() == 6 and day <= last} | {last}
        return of_each_day(spans=spans_for(test, since=since), test=test, days=sorted(days), on=on)
    rows = expectations(facts=facts_for(test, since=since), test=test, calendar=england(), on=on)
    return rows.filter(pl.col("day").is_between(since, until))


def _listed(viewer: Viewer, rows: pl.DataFrame, *, on: date, missed_only: bool) -> pl.DataFrame:
    then = rows.filter(that("no", on=on)) if missed_only else rows
    listed = those_listed(viewer, then["child"].unique().cast(pl.Int64).to_list())
    return then.filter(pl.col("child").is_in([str(pk) for pk in listed]))


def that(held: str, *, on: date) -> pl.Expr:
    """Those that did not hold ("no"), that held ("yes"), or whose time is not over ("waiting"); all when empty."""
    over = pl.col("due_on") < on
    return {"no": over & ~pl.col("held"), "yes": over & pl.col("held"), "waiting": ~over}.get(held, pl.lit(True))


def named(viewer: Viewer, rows: pl.DataFrame) -> Mapping[str, dict[str, str]]:
    """The names and pages of the children, or grown-ups, in these rows, by id, of those this viewer may see."""
    names = names_listed(viewer, [int(each) for each in rows["child"].unique().to_list()])
    return {str(pk): name for pk, name in names.items()}
