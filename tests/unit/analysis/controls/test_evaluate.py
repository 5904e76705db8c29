"""Controls on facts: what was expected, what held, what still waits, and coverage by day and week."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from kith.analysis.controls.evaluate import by_day, by_week, expectations
from kith.analysis.controls.loading import ControlFileError, read_control, read_controls
from kith.analysis.controls.shapes import Control
from kith.statutory.timescales.shapes import FACTS_SCHEMA
from kith.vocabulary.working_days import england

TEXT = """
id = "{id}"
name = "Decisions"
sentence = "Every strategy meeting has its decisions the same day."
why = "Because."
citation = "Somewhere"
row = "B7"
checked = "L"
standing = "local default"
owner = "team_manager"
aim = 100
stopped_below = 50
[words]
one = "child discussed"
many = "children discussed"
held = "decided that day"
not_held = "no decision that day"
[expects]
fact = "{expects}"
[holds]
requires = "{requires}"
fact = "{holds}"
link = "{link}"
within = "{within}"
"""


def text(**changed: str) -> str:
    usual = {
        "id": "decided",
        "expects": "strategy_meeting.happened",
        "holds": "strategy_meeting.done",
        "requires": "at_least_one",
        "link": "ref",
        "within": "CD+0",
    }
    return TEXT.format(**usual | changed)


def control(**changed: str) -> Control:
    return read_control("test.toml", text(**changed))


def fact(
    name: str, day: int, *, ref: str = "a", child: str = "1", at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    blank = dict.fromkeys(FACTS_SCHEMA)
    return blank | {"child": child, "fact": name, "on": date(2026, 3, day), "at": at, "counts": True, "ref": ref} | more


def told(*facts: dict[str, Any], on: int = 31, **changed: str) -> list[dict[str, Any]]:
    frame = pl.DataFrame(list(facts), schema=FACTS_SCHEMA, orient="row")
    found = expectations(facts=frame, test=control(**changed).test, calendar=england(), on=date(2026, 3, on))
    return found.to_dicts()


HELD, DECIDED = "strategy_meeting.happened", "strategy_meeting.done"


def test_decided_the_same_day_holds() -> None:
    [row] = told(fact(HELD, 2), fact(DECIDED, 2))
    assert (row["held"], row["judged"], row["found"], row["met_on"]) == (True, True, 1, date(2026, 3, 2))


def test_decided_the_next_day_does_not_and_says_when_it_came() -> None:
    [row] = told(fact(HELD, 2), fact(DECIDED, 3))
    assert (row["held"], row["judged"], row["later_on"]) == (False, True, date(2026, 3, 3))


def test_never_decided_does_not() -> None:
    [row] = told(fact(HELD, 2))
    assert (row["held"], row["judged"], row["later_on"]) == (False, True, None)


def test_another_meetings_decision_does_not_count() -> None:
    [row] = told(fact(HELD, 2, ref="a"), fact(DECIDED, 2, ref="b"))
    assert row["held"] is False


def test_a_decision_dated_before_the_meeting_does_not_count() -> None:
    [row] = told(fact(HELD, 3), fact(DECIDED, 2))
    assert row["held"] is False


def test_a_meeting_held_today_has_not_failed_until_the_day_is_over() -> None:
    assert [row["judged"] for row in told(fact(HELD, 2), on=2)] == [False]
    assert [(row["judged"], row["held"]) for row in told(fact(HELD, 2), on=3)] == [(True, False)]
    assert [(row["judged"], row["held"]) for row in told(fact(HELD, 2), fact(DECIDED, 2), on=2)] == [(True, True)]


def test_what_is_dated_after_the_day_is_not_known_yet() -> None:
    assert told(fact(HELD, 9), on=8) == []


def test_working_days_leave_out_the_weekend() -> None:
    # 2 days of work after Thursday 5 March 2026 end on Monday 9 March.
    [row] = told(fact(HELD, 5), fact(DECIDED, 9), within="WD+2")
    assert (row["due_on"], row["held"]) == (date(2026, 3, 9), True)
    assert told(fact(HELD, 5), fact(DECIDED, 10), within="WD+2")[0]["held"] is False


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    began = {**fact(HELD, 31), "on": date(2026, 1, 31)}
    [row] = told(began, {**fact(DECIDED, 1), "on": date(2026, 2, 28)}, within="M+1")
    assert (row["due_on"], row["held"]) == (date(2026, 2, 28), True)


def test_hours_are_counted_from_the_moment_where_it_is_known() -> None:
    began, back = datetime(2026, 3, 2, 22, tzinfo=UTC), datetime(2026, 3, 5, 22, 30, tzinfo=UTC)
    facts = (fact("missing.ended", 2, at=began, span="m"), fact("return_interview.happened", 5, at=back, span="m"))
    asked = {"expects": "missing.ended", "holds": "return_interview.happened", "link": "span", "within": "H+72"}
    assert told(*facts, **asked)[0]["held"] is False
    by_date = ({**facts[0], "at": None}, facts[1])
    assert told(*by_date, **asked)[0]["held"] is True


def test_exactly_one_refuses_two() -> None:
    one = (fact(HELD, 2), fact(DECIDED, 2))
    assert told(*one, requires="exactly_one")[0]["held"] is True
    assert told(*one, fact(DECIDED, 2, code="again"), requires="exactly_one")[0]["held"] is False


def test_none_holds_only_when_nothing_came() -> None:
    asked = {"expects": "need.ended", "holds": "referral.opened", "link": "child", "requires": "none", "within": "CD+7"}
    assert told(fact("need.ended", 2), **asked)[0]["held"] is True
    again = told(fact("need.ended", 2), fact("referral.opened", 8, ref="r"), on=8, **asked)
    assert (again[0]["held"], again[0]["judged"]) == (False, True)
    assert told(fact("need.ended", 2), on=8, **asked)[0]["judged"] is False


def test_one_current_counts_periods_running_on_the_day() -> None:
    asked = {
        "expects": "care.started",
        "holds": "home.started",
        "link": "child",
        "requires": "one_current",
        "within": "CD+1",
    }
    home = (fact("home.started", 2, ref="h1"), fact("home.ended", 2, ref="h1"), fact("home.started", 2, ref="h2"))
    began = fact("care.started", 2, ref="c")
    assert told(began, *home, **asked)[0]["held"] is True
    assert told(began, home[0], home[2], **asked)[0]["held"] is False  # two at once
    assert told(began, *home[:2], **asked)[0]["held"] is False  # none left


def test_days_and_weeks_count_what_is_over_and_today_counts_tomorrow() -> None:
    facts = [fact(HELD, day, ref=str(day)) for day in (2, 3, 9, 31)] + [
        fact(DECIDED, 2, ref="2"),
        fact(DECIDED, 9, ref="9"),
        fact(DECIDED, 31, ref="31"),
    ]
    frame = pl.DataFrame(facts, schema=FACTS_SCHEMA, orient="row")
    on = date(2026, 3, 31)
    days = by_day(expectations(facts=frame, test=control().test, calendar=england(), on=on), on=on)
    assert days.rows() == [(date(2026, 3, 2), 1, 1), (date(2026, 3, 3), 1, 0), (date(2026, 3, 9), 1, 1)]
    assert by_week(days).rows() == [(date(2026, 3, 2), 2, 1, 50.0), (date(2026, 3, 9), 1, 1, 100.0)]


def test_with_no_facts_there_is_nothing() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"holds": "strategy_meeting.dun"}, "is not a fact"),
        ({"requires": "most"}, "requires is “most”"),
        ({"within": "soon"}, "not a count"),
        ({"within": "CD-1"}, "looks back"),
        ({"link": "cousin"}, "linked by"),
        ({"id": ""}, "id is missing"),
    ],
)
def test_a_control_that_could_mislead_is_refused(changed: dict[str, str], said: str) -> None:
    with pytest.raises(ControlFileError, match=said):
        control(**changed)


def test_two_controls_of_one_id_are_refused() -> None:
    with pytest.raises(ControlFileError, match="another file also holds"):
        read_controls({"a.toml": text(), "b.toml": text()})
