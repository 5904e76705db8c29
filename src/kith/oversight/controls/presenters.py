"""Controls as pages show them: in words first, then the chart, then the children."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from django.urls import reverse

from kith.analysis.charts import xmr
from kith.analysis.controls.shapes import Control, EachDay, OnClocks, OnFacts
from kith.foundation.access.policy import policy
from kith.foundation.screens.charts import Limits, Point
from kith.foundation.screens.lists import Listing, address
from kith.foundation.screens.words import nice_date, plural
from kith.oversight.measures.book import measures_of

from .queries import Coverage, Judgement

STATES = {
    "holds": ("Holds", "green"),
    "gaps": ("Holds, with gaps", "yellow"),
    "weakening": ("Weakening", "orange"),
    "stopped": ("Stopped", "red"),
    "quiet": ("Nothing to test lately", "grey"),
}
ORDER = ("stopped", "weakening", "gaps", "holds", "quiet")
GROUPS = {
    "stopped": "Stopped",
    "weakening": "Weakening",
    "gaps": "Holding, with gaps",
    "holds": "Holding",
    "quiet": "Nothing to test lately",
}


def groups(found: list[Judgement]) -> list[dict[str, Any]]:
    """The controls by how they stand, the worst first; a group with none is left out."""
    cards = [
        {"title": GROUPS[state], "cards": [card(each) for each in found if each.state == state]} for state in ORDER
    ]
    return [group for group in cards if group["cards"]]


def card(found: Judgement) -> dict[str, Any]:
    """One control in a few words."""
    words, colour = STATES[found.state]
    return {
        "url": reverse("controls:control", args=[found.control.id]),
        "name": found.control.name,
        "sentence": found.control.sentence,
        "state": {"words": words, "colour": colour},
        "lately": f"{_when_lately(found.control)}: {covered(found.control, found.lately)}.",
        "verdict": found.verdict.words,
    }


def _when_lately(control: Control) -> str:
    return "Yesterday" if control.each_day else "Lately (four weeks)"


def covered(control: Control, coverage: Coverage) -> str:
    """Coverage in words: "86 of 92 children discussed (93%)"."""
    if coverage.percent is None:
        return f"no {control.many}"
    of = plural(coverage.expected, control.one, control.many)
    return f"{coverage.held:,} of {of} ({_percent(coverage.percent)})"


def _percent(value: float) -> str:
    """Rounded down to a whole number, so that 99.6 is never shown as every time."""
    return f"{int(value)}%"


def page(found: Judgement, *, behind: pl.DataFrame, on: date) -> dict[str, Any]:
    """Everything on one control's page. `behind` is what the viewer may see of the expectations behind the chart."""
    control = found.control
    return card(found) | {
        "owner": policy().roles[control.owner].title if control.owner in policy().roles else control.owner,
        "points": points(found),
        "limits": limits(found.chart),
        "baseline": baseline(found.chart),
        "heads": heads(control),
        "measures": measures_of(frozenset(control.test.rules)) if isinstance(control.test, OnClocks) else [],
        "weeks": [_week(found, row, behind, on=on) for row in reversed(found.weeks.to_dicts())],
        "days": [_day(control, row) for row in _last_days(found, on)],
        "missed": missed(control, behind, since=on - timedelta(weeks=_lately()), until=on, on=on),
        "all_missed": missed(control, behind, since=_first(found, on), until=on, on=on),
    }


def _lately() -> int:
    return int(xmr.settings()["weekly"]["lately"])


def _first(found: Judgement, on: date) -> date:
    return found.weeks["day"].to_list()[0] if len(found.weeks) else on


def points(found: Judgement) -> list[Point]:
    """The weeks as points of the chart, each with what it counted and why it stands out."""
    if found.chart is None:
        return []
    rows = found.weeks.to_dicts()
    return [
        Point(
            day=row["day"],
            value=row["percent"],
            signal=_signal(found.chart.signals_at(place)),
            note=f"{row['held']} of {row['expected']}",
            url=address(
                reverse("controls:children", args=[found.control.id]),
                {"from": row["day"], "until": row["day"] + timedelta(days=6)},
            ),
        )
        for place, row in enumerate(rows)
    ]


def _signal(signals: tuple[xmr.Signal, ...]) -> str:
    """What stands out, said once for each rule and way."""
    said = dict.fromkeys(f"{each.way}: {xmr.rule_words(each.rule)}" for each in signals)
    return "; ".join(said)


def limits(chart: xmr.Chart | None) -> Limits | None:
    """The limits, cut to what a percentage can be. The average is rounded down: 99.6 is not every time."""
    if chart is None or len(chart.points) < xmr.settings()["limits"]["fewest"]:
        return None
    found = chart.limits
    return Limits(mean=int(found.mean), lower=round(max(found.lower, 0.0), 1), upper=round(min(found.upper, 100.0), 1))


def baseline(chart: xmr.Chart | None) -> str:
    """Which weeks the limits came from."""
    if chart is None or limits(chart) is None:
        return ""
    last = chart.points[chart.baseline - 1].day
    return f"The limits come from the {chart.baseline} weeks until the one beginning {nice_date(last)}."


def missed(control: Control, behind: pl.DataFrame, *, since: date, until: date, on: date) -> Listing:
    """How many did not hold on these days, of those the viewer may see, as a count that opens them."""
    if control.each_day:  # as the last of the days was, so that nobody is counted once for each day
        since = until = min(until, on - timedelta(days=1))
    short = behind.filter(pl.col("day").is_between(since, until), (pl.col("due_on") < on) & ~pl.col("held"))
    return Listing(
        title=control.not_held_words,
        filters={"from": since, "until": until, "held": "no"},
        count=len(short),
        path=reverse("controls:children", args=[control.id]),
    )


def _week(found: Judgement, row: dict[str, Any], behind: pl.DataFrame, *, on: date) -> dict[str, Any]:
    last = row["day"] + timedelta(days=6)
    return {
        "day": row["day"],
        "covered": f"{row['held']} of {row['expected']}",
        "percent": _percent(row["percent"]),
        "missed": missed(found.control, behind, since=row["day"], until=last, on=on),
    }


def _last_days(found: Judgement, on: date, days: int = 14) -> list[dict[str, Any]]:
    recent = found.days.filter(pl.col("day") > on - timedelta(days=days + 1))
    return list(reversed(recent.to_dicts()))


def _day(control: Control, row: dict[str, Any]) -> dict[str, Any]:
    return {"day": row["day"], "covered": covered(control, Coverage(row["expected"], row["held"]))}


def heads(control: Control) -> list[str]:
    """The heads of the table of children, whose days mean what the control is built from."""
    days = {OnFacts: "Expected from", OnClocks: "Due", EachDay: "As the day ended"}
    return ["Child", "What", days[type(control.test)], "Held?", "When"]


def lines(control: Control, rows: pl.DataFrame, *, names: Any, links: Any, on: date) -> list[dict[str, Any]]:
    """The children behind a control, one line for each time the expectation arose."""
    return [
        {
            "child": names.get(row["child"], {"words": "Not known", "url": ""}),
            "what": _link(links.get(row["ref"])),
            "day": row["day"],
            "tag": _tag(control, row, on),
            "when": "" if control.each_day else _when(row),
        }
        for row in rows.to_dicts()
    ]


def _link(named: Any) -> dict[str, str]:
    return {"words": named.words, "url": named.url} if named else {"words": "Not recorded as work here", "url": ""}


def _tag(control: Control, row: dict[str, Any], on: date) -> dict[str, str]:
    if row["due_on"] >= on and not row["held"]:
        return {"words": "Not over yet", "colour": "grey"}
    words = control.held_words if row["held"] else control.not_held_words
    return {"words": words.capitalize(), "colour": "green" if row["held"] else "red"}


def _when(row: dict[str, Any]) -> str:
    if row["held"]:
        return nice_date(row["met_on"], "")
    return (
        f"{nice_date(row['later_on'])}, {plural((row['later_on'] - row['due_on']).days, 'day')} late"
        if row["later_on"]
        else "Not yet"
    )
