"""The XmR chart, against figures worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kith.analysis.charts.xmr import Chart, Good, Point, chart, limits_of, rule_words, verdict

START = date(2026, 1, 5)  # a Monday


def weekly(*values: float) -> list[Point]:
    return [Point(START + timedelta(weeks=place), value) for place, value in enumerate(values)]


def drawn(*values: float, good: Good = "high", baseline: int | None = None, best: float | None = None) -> Chart:
    return chart(points=weekly(*values), good=good, baseline=baseline, best=best)


def rules(of: Chart) -> set[tuple[str, int, int, str]]:
    return {(each.rule, each.first, each.last, each.way) for each in of.signals}


QUIET = (50, 52, 49, 51, 50, 48, 51, 50, 49, 52, 50, 51, 49, 50)


def test_limits_are_the_average_and_266_moving_ranges_either_side() -> None:
    # By hand: the values add up to 497, over 12 is 41.41667. Steps 2 0 0 2 1 3 1 2 1 3 4 add up to 19, over 11 is
    # 1.72727; times 2.66 is 4.59455.
    limits = limits_of([39, 41, 41, 41, 43, 44, 41, 42, 40, 41, 44, 40])
    assert limits.mean == pytest.approx(497 / 12)
    assert limits.moving_range == pytest.approx(19 / 11)
    assert limits.lower == pytest.approx(36.82212, abs=1e-5)
    assert limits.upper == pytest.approx(46.01121, abs=1e-5)


def test_the_scaling_is_three_over_the_ratio_for_ranges_of_two() -> None:
    # The average range of two values from one normal distribution is 1.128 standard deviations.
    limits = limits_of([10, 20, 10, 20])
    assert limits.upper - limits.mean == pytest.approx(10 * 3 / 1.128, rel=1e-3)


def test_one_value_has_no_limits() -> None:
    with pytest.raises(ValueError, match="two values"):
        limits_of([7])


def test_chance_alone_signals_nothing() -> None:
    quiet = drawn(*QUIET)
    assert not quiet.signals
    assert verdict(quiet).kind == "common"
    assert verdict(quiet).words == "No change beyond the usual ups and downs."


def test_a_point_outside_the_limits_is_a_signal_the_day_it_happens() -> None:
    fallen = drawn(*QUIET, 30, baseline=14)
    assert rules(fallen) == {("beyond", 14, 14, "worse")}
    assert verdict(fallen).kind == "worse"
    assert verdict(fallen).since == START + timedelta(weeks=14)
    assert verdict(fallen).words == "Getting worse since 13 April 2026, beyond the usual ups and downs."


def test_the_same_fall_is_better_where_low_is_good() -> None:
    assert verdict(drawn(*QUIET, 30, baseline=14, good="low")).kind == "better"


def test_seven_on_one_side_are_a_shift_and_six_are_not() -> None:
    below = (49.8, 49.6, 49.9, 49.7, 49.8, 49.6, 49.9)
    above = (51,)
    assert ("shift", 15, 21, "worse") in rules(drawn(*QUIET, *above, *below, baseline=14))
    assert not rules(drawn(*QUIET, *above, *below[:6], baseline=14))


def test_a_point_on_the_average_breaks_a_shift() -> None:
    below = (49.8, 49.6, 49.9, drawn(*QUIET).limits.mean, 49.8, 49.6, 49.9)
    assert not rules(drawn(*QUIET, 51, *below, baseline=14))


def test_six_each_lower_than_the_last_are_a_trend_and_five_are_not() -> None:
    # 53 after 50 is a step up: the six are 53 52 51 50.5 50.2 50.1.
    falling = (53, 52, 51, 50.5, 50.2, 50.1)
    assert ("trend", 14, 19, "worse") in rules(drawn(*QUIET, *falling, baseline=14))
    assert not [each for each in rules(drawn(*QUIET, *falling[:5], baseline=14)) if each[0] == "trend"]


def test_two_of_three_in_the_outer_third_are_a_signal() -> None:
    limits = drawn(*QUIET).limits
    third = (limits.mean - limits.lower) / 3
    outer = limits.lower + third * 0.9
    inner = limits.lower + third * 1.1
    assert ("near", 14, 16, "worse") in rules(drawn(*QUIET, outer, 50.5, outer, baseline=14))
    assert not rules(drawn(*QUIET, outer, 50.5, inner, baseline=14))
    assert not rules(drawn(*QUIET, outer, 50.5, 50.5, outer, baseline=14))


def test_limits_come_from_the_baseline_so_a_failure_cannot_hide_itself() -> None:
    failing = (20, 80, 15, 75, 10)
    assert ("beyond", 14, 14, "worse") in rules(drawn(*QUIET, *failing, baseline=14))
    # The control: with the failure in its own limits, they grow so wide that nothing is outside them.
    assert not [each for each in rules(drawn(*QUIET, *failing)) if each[0] == "beyond" and each[1] == 14]


def test_a_safeguard_that_nearly_always_holds_does_not_signal_for_holding() -> None:
    usual = [100.0] * 9 + [80.0] + [100.0] * 10
    assert rules(drawn(*usual, best=100)) == {("beyond", 9, 9, "worse")}
    assert ("shift", 10, 19, "better") in rules(drawn(*usual))  # the control: told nothing of the best, it signals


def test_where_every_point_is_the_same_any_other_is_outside() -> None:
    flat = drawn(*[100.0] * 14, 90.0, baseline=14, best=100)
    assert rules(flat) == {("beyond", 14, 14, "worse")}


def test_a_signal_long_past_is_not_todays_verdict() -> None:
    recovered = drawn(*QUIET, 30, *QUIET[:8], baseline=14)
    assert recovered.signals_at(14)
    assert verdict(recovered).kind == "common"


def test_since_reaches_back_over_an_unbroken_stretch() -> None:
    failing = drawn(*QUIET, 51, 20, 22, 18, 25, 21, baseline=14)
    assert verdict(failing).since == START + timedelta(weeks=15)


def test_too_few_points_say_so() -> None:
    assert verdict(drawn(50, 51, 49)).kind == "too_few"
    assert verdict(None).words == "Too few points to tell a change from chance: 0 of the 12 needed."


def test_each_rule_has_its_sentence() -> None:
    assert rule_words("shift") == "7 or more in a row on one side of the average"
    assert rule_words("near") == "2 of 3 in the outer third, near one limit"


def test_points_are_put_in_order_of_day() -> None:
    assert chart(points=list(reversed(weekly(*QUIET))), good="high") == drawn(*QUIET)
