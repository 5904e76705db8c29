"""Charts say in words and shapes what they show, and hold nothing that a page may not hold."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from kith.foundation.screens.charts import HIGH, WIDE, Limits, Point, chart

NS = "{http://www.w3.org/2000/svg}"
FIRST = date(2026, 1, 1)


def points(*values: float, loud: int | None = None) -> list[Point]:
    return [
        Point(FIRST + timedelta(days=place), value, "below the lower limit" if place == loud else "")
        for place, value in enumerate(values)
    ]


def drawn(*args: object) -> ElementTree.Element:
    return ElementTree.fromstring(chart("key", *args))


def test_every_point_is_drawn_once_and_what_stands_out_has_its_own_shape_and_words() -> None:
    svg = drawn("Coverage", points(95, 96, 60, 97, loud=2), Limits(95, 90, 100), "%")
    assert len(svg.findall(f"{NS}circle")) == 3
    (loud,) = svg.findall(f"{NS}path")
    assert loud.findtext(f"{NS}title") == "3 January 2026: below the lower limit"
    assert len(svg.find(f"{NS}polyline").get("points").split()) == 4  # type: ignore[union-attr]


def test_the_chart_is_said_in_words() -> None:
    svg = drawn("Coverage", points(95, 60, loud=1), Limits(95, 90.25, 100), "%")
    said = svg.findtext(f"{NS}desc")
    assert svg.get("aria-labelledby") == "key-title key-words" and svg.findtext(f"{NS}title") == "Coverage"
    assert said == (
        "2 points from 1 January 2026 to 2 January 2026. Average 95%; expected between 90.2% and 100%. "
        "1 point stands out. The latest is 60%."
    )


@pytest.mark.parametrize("values", [(0,), (5,), (0, 0, 0), (-3, 4), (1e6, 2e6), (0.001, 0.002), (100, 100)])
def test_everything_is_drawn_inside_the_picture(values: tuple[float, ...]) -> None:
    svg = drawn("Any", points(*values), Limits(sum(values) / len(values), min(values) - 1, max(values) + 1))
    for each in svg.iter():
        for name, most in (
            ("x", WIDE),
            ("x1", WIDE),
            ("x2", WIDE),
            ("cx", WIDE),
            ("y1", HIGH),
            ("y2", HIGH),
            ("cy", HIGH),
        ):
            assert 0 <= float(each.get(name, 0)) <= most


def test_the_words_beside_close_limits_do_not_overlap() -> None:
    svg = drawn("Close", points(99, 100), Limits(99.5, 99.4, 99.6))
    beside = [float(each.get("y", 0)) for each in svg.findall(f"{NS}text") if (each.text or "")[:1] in "ual"]
    assert len(beside) == 3
    assert all(after - before >= 16 for before, after in pairwise(beside))


def test_words_are_escaped_and_there_is_no_inline_style() -> None:
    svg = chart("k", "<script>", [Point(FIRST, 1, '"><b>')])
    assert "<script>" not in svg and "<b>" not in svg and "style=" not in svg


def test_nothing_to_draw_draws_nothing() -> None:
    assert chart("key", "Nothing", []) == ""
