"""Charts drawn on the server as SVG: they print, need no script, and stand beside a table of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .words import nice_date, plural

WIDE, HIGH = 720, 300
LEFT, RIGHT, TOP, FOOT = 56, 92, 16, 40


@dataclass(frozen=True)
class Point:
    """One day's value. `signal` says in words why it stands out ("below the lower limit"); empty when it does not."""

    day: date
    value: float
    signal: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Limits:
    """The average, and the limits that chance alone would keep the points within."""

    mean: float
    lower: float
    upper: float


@dataclass(frozen=True)
class _Scale:
    first: int
    days: int
    low: float
    high: float
    step: float

    def x(self, day: date) -> str:
        return f"{LEFT + (day.toordinal() - self.first) / self.days * (WIDE - LEFT - RIGHT):.1f}"

    def y(self, value: float) -> str:
        share = (value - self.low) / (self.high - self.low)
        return f"{HIGH - FOOT - share * (HIGH - TOP - FOOT):.1f}"


def chart(key: str, title: str, points: Sequence[Point], limits: Limits | None = None, unit: str = "") -> SafeString:
    """A line of points by day with their average and limits. `key` makes its ids unique; a signal is a hollow diamond.

    Empty `points` draw nothing: the page says that there is nothing to draw.
    """
    if not points:
        return SafeString("")
    points = sorted(points, key=lambda point: point.day)
    scale = _scale(points, limits)
    return format_html(
        '<svg class="kith-chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-words" '
        'xmlns="http://www.w3.org/2000/svg"><title id="{}-title">{}</title><desc id="{}-words">{}</desc>{}{}{}{}</svg>',
        *(WIDE, HIGH, key, key, key, title, key, description(points, limits, unit)),
        *(_axes(scale, points, unit), _levels(scale, limits, unit), _line(scale, points), _marks(scale, points)),
    )


def description(points: Sequence[Point], limits: Limits | None, unit: str = "") -> str:
    """The chart in words, for somebody who does not see it."""
    first, last = points[0], points[-1]
    said = [f"{plural(len(points), 'point')} from {nice_date(first.day)} to {nice_date(last.day)}."]
    if limits:
        within = f"{_number(limits.lower, unit)} and {_number(limits.upper, unit)}"
        said.append(f"Average {_number(limits.mean, unit)}; expected between {within}.")
    marked = [point for point in points if point.signal]
    said.append(f"{plural(len(marked), 'point stands', 'points stand')} out." if marked else "No point stands out.")
    said.append(f"The latest is {_number(last.value, unit)}.")
    return " ".join(said)


def _number(value: float, unit: str) -> str:
    return f"{value:,.1f}".removesuffix(".0") + unit


def _scale(points: Sequence[Point], limits: Limits | None) -> _Scale:
    values = [0.0, *(point.value for point in points), *((limits.lower, limits.upper) if limits else ())]
    step = _step(max(values) - min(values))
    low, high = floor(min(values) / step) * step, ceil(max(values) / step) * step
    first = points[0].day.toordinal()
    return _Scale(first, max(1, points[-1].day.toordinal() - first), low, max(high, low + step), step)


def _step(spread: float) -> float:
    """A round distance between grid lines that gives four to ten of them."""
    if spread <= 0:
        return 1.0
    tenfold = 10.0 ** floor(log10(spread / 4))
    return max(part * tenfold for part in (1, 2, 5) if part * tenfold <= spread / 4)


def _apart(places: Sequence[float], least: float) -> list[float]:
    """The same heights, in order, moved down where needed so that no two words overlap."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + least) if moved else place)
    return moved


def _axes(scale: _Scale, points: Sequence[Point], unit: str) -> SafeString:
    steps = [scale.low + scale.step * part for part in range(round((scale.high - scale.low) / scale.step) + 1)]
    rows = [(LEFT, WIDE - RIGHT, y, y, LEFT - 6, y, _number(step, unit)) for step in steps for y in (scale.y(step),)]
    across = format_html_join(
        "",
        '<line class="kith-chart__grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="kith-chart__words" x="{}" y="{}" text-anchor="end" dominant-baseline="middle">{}</text>',
        rows,
    )
    days = [points[0].day] if points[0].day == points[-1].day else [points[0].day, points[-1].day]
    ends = zip(days, ("start", "end"), strict=False)
    along = format_html_join(
        "",
        '<text class="kith-chart__words" x="{}" y="{}" text-anchor="{}">{}</text>',
        [(scale.x(day), HIGH - 14, anchor, nice_date(day)) for day, anchor in ends],
    )
    return across + along


def _levels(scale: _Scale, limits: Limits | None, unit: str) -> SafeString:
    if limits is None:
        return SafeString("")
    levels = [("upper", limits.upper, "limit"), ("average", limits.mean, "mean"), ("lower", limits.lower, "limit")]
    heights = [float(scale.y(value)) for _, value, _ in levels]
    return format_html_join(
        "",
        '<line class="kith-chart__{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="kith-chart__words" x="{}" y="{}" dominant-baseline="middle">{} {}</text>',
        [
            (kind, LEFT, WIDE - RIGHT, y, y, WIDE - RIGHT + 6, f"{beside:.1f}", words, _number(value, unit))
            for (words, value, kind), y, beside in zip(levels, heights, _apart(heights, 16), strict=True)
        ],
    )


def _line(scale: _Scale, points: Sequence[Point]) -> SafeString:
    path = " ".join(f"{scale.x(point.day)},{scale.y(point.value)}" for point in points)
    return format_html('<polyline class="kith-chart__line" points="{}"/>', path)


def _marks(scale: _Scale, points: Sequence[Point]) -> SafeString:
    """A dot for an ordinary point, a hollow diamond for one that stands out: shape, not colour, tells them apart."""
    dots = [(scale.x(each.day), scale.y(each.value)) for each in points if not each.signal]
    loud = [
        (scale.x(each.day), scale.y(each.value), f"{nice_date(each.day)}: {each.signal}")
        for each in points
        if each.signal
    ]
    return format_html_join("", '<circle class="kith-chart__dot" cx="{}" cy="{}" r="2.5"/>', dots) + format_html_join(
        "",
        '<path class="kith-chart__signal" transform="translate({} {})" d="M0 -7 L7 0 L0 7 L-7 0 Z">'
        "<title>{}</title></path>",
        loud,
    )
