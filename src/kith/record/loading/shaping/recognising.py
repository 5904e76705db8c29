"""Recognises one piece of work told by two sources (same child, kind and day), which keeps the ref it had first."""

from __future__ import annotations

import polars as pl

from .words import Frames

# For these the code says which of several duties it was; elsewhere sources code one fact differently.
CODED = ("visit", "conference", "health_assessment")


def recognised(sources: list[Frames], there: frozenset[str]) -> list[Frames]:
    """The same frames, in which what several sources tell of has one ref.

    Of two refs for one thing, one that the record holds already stays, else the earlier source's. Two refs that the
    record holds already both stay: what is recorded is never merged away.
    """
    mapping = other_names(sources, there)
    return [_renamed(frames, mapping) for frames in sources] if mapping else sources


def other_names(sources: list[Frames], there: frozenset[str]) -> dict[str, str]:
    """For each ref that another is kept for, that other."""
    return dict(_names([_told(frames, at) for at, frames in enumerate(sources)], there).iter_rows())


def _told(frames: Frames, source: int) -> pl.DataFrame:
    """Every step's part and period as: ref, what it is, and which of that day's it is within its source."""
    steps = (
        frames["part"]
        .join(frames["step"], left_on="step", right_on="ref", how="left")
        .filter(
            pl.col("step") == pl.col("ref")  # a meeting that several children share has a number of its own
        )
    )
    coded = pl.when(pl.col("kind").is_in(CODED)).then("code").fill_null("")
    day = pl.coalesce("opened_on", "happened_on", "done_on")
    whats = [
        steps.select("ref", "person", kind=pl.lit("step:") + pl.col("kind"), code=coded, day=day),
        frames["period"].select(
            "ref", "person", kind=pl.lit("period:") + pl.col("kind"), code=pl.lit(""), day="started_on"
        ),
    ]
    told = pl.concat(whats).drop_nulls(["ref", "person", "day"])
    nth = pl.int_range(pl.len()).over("person", "kind", "code", "day")
    return told.with_columns(nth=nth, source=pl.lit(source, dtype=pl.Int32))


def _names(told: list[pl.DataFrame], there: frozenset[str]) -> pl.DataFrame:
    """`ref` and `first`: the refs that another name is kept for."""
    every = pl.concat(told).with_columns(there=pl.col("ref").is_in(list(there)))
    same = ["person", "kind", "code", "day", "nth"]
    ranked = every.sort(pl.col("there").not_(), "source", maintain_order=True)
    named = ranked.with_columns(first=pl.col("ref").first().over(same))
    return named.filter((pl.col("ref") != pl.col("first")) & ~pl.col("there")).select("ref", "first").unique("ref")


def _renamed(frames: Frames, mapping: dict[str, str]) -> Frames:
    """The frames with every ref of a step or period changed to the one that is kept, wherever it is named."""
    columns = {
        "period": ["ref", "parent"],
        "home": ["ref"],
        "step": ["ref", "led_from"],
        "part": ["ref", "step", "span"],
        "told": ["ref"],
        "visit_part": ["ref"],
        "strategy_meeting": ["ref"],
        "strategy_decision": ["ref"],
        "attendance": ["step"],
        "promise": ["made_in"],
    }
    changed = {
        name: frames[name].with_columns(pl.col(each).replace(mapping) for each in each_of)
        for name, each_of in columns.items()
    }
    return {**frames, **changed}
