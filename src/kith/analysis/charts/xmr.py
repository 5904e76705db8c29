"""The XmR chart: limits from the moving ranges, the four rules that tell a change from chance, and the verdict."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

Good = Literal["high", "low"]
Way = Literal["better", "worse"]
_SAME = 1e-9  # two values closer than this are one value


@dataclass(frozen=True, slots=True)
class Point:
    """One value on one day (for a week or a month, its first day)."""

    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The average, the average moving range, and the natural limits, which are not cut to what is possible."""

    mean: float
    moving_range: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule met by the points `first` to `last` (places, both included), and which way that is."""

    rule: str
    first: int
    last: int
    way: Way


@dataclass(frozen=True, slots=True)
class Chart:
    """Points in order of day, their limits, how many of the first points the limits came from, and every signal."""

    points: tuple[Point, ...]
    limits: Limits
    baseline: int
    signals: tuple[Signal, ...]

    def signals_at(self, place: int) -> tuple[Signal, ...]:
        """The signals that the point at `place` is part of."""
        return tuple(each for each in self.signals if each.first <= place <= each.last)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the chart says today: `worse`, `better`, `common` (no change beyond chance) or `too_few`; and since when."""

    kind: Literal["worse", "better", "common", "too_few"]
    since: date | None
    words: str


@cache
def settings() -> dict[str, Any]:
    """The figures of the chart and their sources, as data/xmr.toml has them."""
    return tomllib.loads(files("kith.analysis.charts").joinpath("data/xmr.toml").read_text(encoding="utf-8"))


def rule_words(rule: str) -> str:
    """A rule as a sentence: "7 or more in a row on one side of the average"."""
    row = settings()["rules"][rule]
    return str(row["sentence"]).format(**row)


def limits_of(values: Sequence[float]) -> Limits:
    """The limits of these values, in order. Needs two at least; raises ValueError otherwise."""
    if len(values) < 2:
        raise ValueError("an XmR chart needs two values at least")
    mean = sum(values) / len(values)
    moving_range = sum(abs(later - earlier) for earlier, later in pairwise(values)) / (len(values) - 1)
    reach = settings()["limits"]["scaling"] * moving_range
    return Limits(mean, moving_range, mean - reach, mean + reach)


def chart(*, points: Sequence[Point], good: Good, baseline: int | None = None, best: float | None = None) -> Chart:
    """The chart of these points. `baseline` takes the limits from that many of the first: later ones cannot widen them.

    `best` is the best value there can be (100 for a percentage that should be high). Where the usual value of the
    baseline is `best`, being at it is not "one side of the average": otherwise a safeguard that nearly always holds
    would signal for ever. Raises ValueError for fewer than two points.
    """
    ordered = tuple(sorted(points, key=lambda point: point.day))
    size = min(baseline or len(ordered), len(ordered))
    values = [point.value for point in ordered]
    limits = limits_of(values[: max(size, 2)])
    usual = sorted(values[:size])[(size - 1) // 2] if size else None
    level = best if best is not None and usual is not None and abs(usual - best) < _SAME else None
    signals = [*_beyond(values, limits, good), *_shifts(values, limits, good, level), *_trends(values, good)]
    signals += _near(values, limits, good)
    return Chart(ordered, limits, size, tuple(sorted(signals, key=lambda each: (each.first, each.last, each.rule))))


def verdict(drawn: Chart | None) -> Verdict:
    """What the chart says today. With too few points (or none), that it cannot say yet."""
    held = len(drawn.points) if drawn else 0
    fewest = settings()["limits"]["fewest"]
    if drawn is None or held < fewest:
        return Verdict("too_few", None, f"Too few points to tell a change from chance: {held} of the {fewest} needed.")
    recent = held - settings()["verdict"]["recent"]
    now = [each for each in drawn.signals if each.last >= recent]
    for way in ("worse", "better"):
        if mine := [each for each in now if each.way == way]:
            since = drawn.points[_began(drawn.signals, mine, way)].day
            words = f"Getting {way} since {_said(since)}, beyond the usual ups and downs."
            return Verdict("worse" if way == "worse" else "better", since, words)
    return Verdict("common", None, "No change beyond the usual ups and downs.")


def _began(signals: Sequence[Signal], now: Sequence[Signal], way: str) -> int:
    """The first place of an unbroken stretch of signals of one way that reaches today."""
    start = min(each.first for each in now)
    while earlier := [each.first for each in signals if each.way == way and each.first < start <= each.last + 1]:
        start = min(earlier)
    return start


def _way(high: bool, good: Good) -> Way:
    return "better" if high == (good == "high") else "worse"


def _beyond(values: Sequence[float], limits: Limits, good: Good) -> list[Signal]:
    out = [(place, value > limits.upper) for place, value in enumerate(values) if not _within(value, limits)]
    return [Signal("beyond", place, place, _way(high, good)) for place, high in out]


def _within(value: float, limits: Limits) -> bool:
    return limits.lower - _SAME <= value <= limits.upper + _SAME


def _side(value: float, limits: Limits, level: float | None) -> int:
    """1 above the average, -1 below it, 0 on it (or at the best there can be, where that is usual)."""
    if abs(value - limits.mean) < _SAME or (level is not None and abs(value - level) < _SAME):
        return 0
    return 1 if value > limits.mean else -1


def _shifts(values: Sequence[float], limits: Limits, good: Good, level: float | None) -> list[Signal]:
    sides = [_side(value, limits, level) for value in values]
    return _runs(sides, "shift", good, least=settings()["rules"]["shift"]["run"])


def _trends(values: Sequence[float], good: Good) -> list[Signal]:
    """A run of points each past the one before: the point it set out from counts as the first of them."""
    steps = [0 if abs(b - a) < _SAME else (1 if b > a else -1) for a, b in pairwise(values)]
    found = _runs(steps, "trend", good, least=settings()["rules"]["trend"]["run"] - 1)
    return [Signal(each.rule, each.first, each.last + 1, each.way) for each in found]


def _runs(sides: Sequence[int], rule: str, good: Good, *, least: int) -> list[Signal]:
    found, start = [], 0
    for place in range(1, len(sides) + 1):
        if place == len(sides) or sides[place] != sides[start]:
            if sides[start] and place - start >= least:
                found.append(Signal(rule, start, place - 1, _way(sides[start] > 0, good)))
            start = place
    return found


def _near(values: Sequence[float], limits: Limits, good: Good) -> list[Signal]:
    rule = settings()["rules"]["near"]
    edge = rule["share"] * (limits.upper - limits.mean)
    if edge < _SAME:
        return []
    found = []
    for high in (True, False):
        far = [(value - limits.mean if high else limits.mean - value) > edge + _SAME for value in values]
        for start in range(len(far) - rule["within"] + 1):
            places = [start + step for step in range(rule["within"]) if far[start + step]]
            if len(places) >= rule["of"] and all(_within(values[place], limits) for place in places):
                found.append(Signal("near", places[0], places[-1], _way(high, good)))
    return list(dict.fromkeys(found))


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
