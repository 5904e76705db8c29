"""Where the clocks' facts come from: each app that keeps facts registers a source, so that clocks need know no app."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import polars as pl

from kith.statutory.timescales.shapes import PERIODS_SCHEMA, PROMISES_SCHEMA, STEPS_SCHEMA

# Takes person ids (None for everybody); gives rows in the canonical shape, `child` being the person's id as text.
Source = Callable[[Sequence[int] | None], pl.DataFrame]

# Keeps rows of its own in step with the facts of these people (None for everybody), as the deadlines are kept.
Follower = Callable[[Sequence[int] | None], None]

recorded_here: set[str] = set()  # kinds of step that Kith has a form for
_steps: list[Source] = []
_periods: list[Source] = []
_promises: dict[str, Source] = {}  # by the kind of work they are made in
_followers: list[Follower] = []
_for_everybody: list[Callable[[], object]] = []


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
    return _together([source(people) for source in _steps], STEPS_SCHEMA)


def periods(people: Sequence[int] | None) -> pl.DataFrame:
    """Every period of these people."""
    return _together([source(people) for source in _periods], PERIODS_SCHEMA)


def promises_come_from(source: Source, *, made_in: str) -> None:
    """Register the source of the promises made in one kind of work, whose clocks follow them."""
    _promises[made_in] = source


def promises(people: Sequence[int] | None, *, kinds: Collection[str]) -> pl.DataFrame:
    """What was promised to these people in work whose clocks follow it; asked of these kinds of work alone."""
    return _together([source(people) for made_in, source in _promises.items() if made_in in kinds], PROMISES_SCHEMA)


def _together(found: list[pl.DataFrame], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return found[0] if len(found) == 1 else pl.concat([pl.DataFrame(schema=schema), *found])


def followed_by(follower: Follower) -> None:
    """Register rows that are worked out from the facts too; registering them twice changes nothing."""
    if follower not in _followers:
        _followers.append(follower)


def follow(people: Sequence[int] | None) -> None:
    """Bring all that is worked out from the facts of these people, beside their deadlines, into step."""
    for each in _followers:
        each(people)


def everybody_is_done_by(ask: Callable[[], object]) -> None:
    """Register what asks for everybody to be worked out, soon; registering it twice changes nothing."""
    if ask not in _for_everybody:
        _for_everybody.append(ask)


def ask_for_everybody() -> None:
    """Ask for everybody's deadlines to be worked out: a rule may open for others than those whose facts changed."""
    for each in _for_everybody:
        each()
