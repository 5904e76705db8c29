"""Reading controls: their days, what those days say, and for a viewer the children behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from kith.analysis.charts import xmr
from kith.analysis.controls.evaluate import by_day, by_week, expectations
from kith.analysis.controls.shapes import DAYS_SCHEMA, EXPECTED_SCHEMA, Control
from kith.foundation.access.viewer import Viewer
from kith.record.people.queries import names_listed, those_listed
from kith.vocabulary.working_days import england

from .book import book
from .facts import facts_for
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
    days = days_of(chosen, on=on)
    return sorted((judge(control, days[control.id], on=on) for control in chosen), key=lambda each: each.control.name)


def judge(control: Control, days: pl.DataFrame, *, on: date) -> Judgement:
    """What a control's days say. The newest weeks are judged by limits taken from those before."""
    weekly = xmr.settings()["weekly"]
    monday = on - timedelta(days=on.weekday())
    weeks = by_week(days).filter(pl.col("day") > monday - timedelta(weeks=weekly["shown"]))
    points = [xmr.Point(row["day"], row["percent"]) for row in weeks.to_dicts()]
    settled = sum(point.day <= monday - timedelta(weeks=weekly["judged"]) for point in points)
    enough = settled >= xmr.settings()["limits"]["fewest"]
    drawn = None
    if len(points) > 1:
        drawn = xmr.chart(points=points, good="high", best=100.0, baseline=settled if enough else None)
    recent = days.filter(pl.col("day") > on - timedelta(weeks=weekly["lately"]))
    lately = Coverage(int(recent["expected"].sum()), int(recent["held"].sum()))
    return Judgement(control, days, weeks, drawn, xmr.verdict(drawn), lately)


def days_of(controls: list[Control], *, on: date) -> dict[str, pl.DataFrame]:
    """Each control's days until yesterday: as they were read each night, the newest from the record as it stands.

    A control that was never read is worked out whole, so that it never looks empty for want of a nightly job.
    """
    stored = _stored([control.id for control in controls])
    live_from = on - timedelta(days=LIVE)
    never = [control for control in controls if stored[control.id].is_empty()]
    found = {}
    for some, since in ((never, None), ([each for each in controls if each not in never], live_from)):
        facts = facts_for(some, since=since) if some else None
        for control in some if facts is not None else ():
            days = by_day(expected(control, facts=facts, on=on), on=on)
            older = stored[control.id].filter(pl.col("day") < live_from)
            newest = days if since is None else days.filter(pl.col("day") >= live_from)
            found[control.id] = pl.concat([older, newest]).sort("day")
    return found


def _stored(keys: list[str]) -> dict[str, pl.DataFrame]:
    rows = Reading.objects.filter(control__in=keys).values_list("control", "day", "expected", "held")
    whole = pl.DataFrame(list(rows), schema={"control": pl.String(), **DAYS_SCHEMA}, orient="row")
    return {key: whole.filter(pl.col("control") == key).drop("control") for key in keys}


def expected(control: Control, *, facts: pl.DataFrame, on: date) -> pl.DataFrame:
    """Every time the control's expectation arose (EXPECTED_SCHEMA)."""
    return expectations(facts=facts, control=control, calendar=england(), on=on)


def children_behind(viewer: Viewer, control: Control, *, since: date, until: date, on: date) -> pl.DataFrame:
    """Every time it was expected on these days, both included, of children this viewer may see; the newest first."""
    if not viewer.may("see_child"):
        return pl.DataFrame(schema=EXPECTED_SCHEMA)
    rows = expected(control, facts=facts_for([control], since=since), on=on)
    then = rows.filter(pl.col("day").is_between(since, until))
    listed = those_listed(viewer, then["child"].unique().cast(pl.Int64).to_list())
    shown = then.filter(pl.col("child").is_in([str(pk) for pk in listed]))
    return shown.sort("day", "child", "ref", descending=[True, False, False])


def that(held: str, *, on: date) -> pl.Expr:
    """Those that did not hold ("no"), that held ("yes"), or whose time is not over ("waiting"); all when empty."""
    over = pl.col("due_on") < on
    return {"no": over & ~pl.col("held"), "yes": over & pl.col("held"), "waiting": ~over}.get(held, pl.lit(True))


def named(viewer: Viewer, rows: pl.DataFrame) -> Mapping[str, str]:
    """The names of the children in these rows, by id, of those this viewer may see."""
    names = names_listed(viewer, [int(each) for each in rows["child"].unique().to_list()])
    return {str(pk): name for pk, name in names.items()}
