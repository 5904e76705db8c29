"""Where the clocks' facts come from: each app that keeps facts registers a source, so that clocks need know no app."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from kith.statutory.timescales.shapes import PERIODS_SCHEMA, STEPS_SCHEMA

# Takes person ids (None for everybody); gives rows in the canonical shape, `child` being the person's id as text.
Source = Callable[[Sequence[int] | None], pl.DataFrame]

recorded_here: set[str] = set()  # kinds of step that Kith has a form for
_steps: list[Source] = []
_periods: list[Source] = []


def steps_come_from(source: Source) -> None:
    """Register a source of steps; registering it twice changes nothing."""
    if source not in _steps:
        _steps.append(source)


def periods_come_from(source: Source) -> None:
    """Register a source of periods; registering it twice changes nothing."""
    if source not in _periods:
        _periods.append(source)


def steps(people: Sequence[int] | None) -> pl.DataFrame:
    """Every step of these people."""
    return pl.concat([pl.DataFrame(schema=STEPS_SCHEMA), *(source(people) for source in _steps)])


def periods(people: Sequence[int] | None) -> pl.DataFrame:
    """Every period of these people."""
    return pl.concat([pl.DataFrame(schema=PERIODS_SCHEMA), *(source(people) for source in _periods)])
