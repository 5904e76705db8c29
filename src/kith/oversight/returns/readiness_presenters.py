"""Readiness in words: counts that open their children, days for a chart, teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.urls import reverse

from kith.foundation.access.viewer import Viewer
from kith.foundation.screens.charts import Point
from kith.foundation.screens.lists import Listing
from kith.foundation.screens.words import plural

from . import readiness
from .models import LastNight
from .presenters import title_of as title
from .queries import NO_TEAM
from .readiness import Behind

WORDS = {"rejected": "would be rejected", "queried": "would be asked about"}
SHOWN = 90  # days of the chart


def title_of(night: LastNight) -> str:
    """A return and its year in words."""
    return title(night.kind, night.year)


def of_kind(viewer: Viewer, kind: str) -> dict[str, Any]:
    """One return on the page of readiness."""
    behind = readiness.behind(viewer, kind)
    days = readiness.over_time(kind)
    night = readiness.nights()[kind]
    return {
        "key": kind,
        "title": title_of(night),
        "day": night.day,
        "whole": _whole(days[-1]) if days else "",
        "points": [_point(each) for each in days[-SHOWN:]],
        "counts": [listing(behind, words, which=which) for which, words in WORDS.items()] if behind else [],
        "teams": teams(behind) if behind else [],
    }


def _whole(day: Mapping[str, Any]) -> str:
    of = plural(day["all"], "child", "children")
    return f"The whole service: of {of} in it, {day['bad']:,} would be rejected and {day['asked']:,} asked about."


def _point(day: Mapping[str, Any]) -> Point:
    """The share of children of whom nothing is to be put right or answered, in a hundred."""
    ready = day["all"] - day["bad"] - day["asked"]
    share = 100 * ready / day["all"] if day["all"] else 100.0
    return Point(day["day"], share, note=f"{ready:,} of {day['all']:,}")


def narrowed(behind: Behind, filters: Mapping[str, str]) -> pl.DataFrame:
    """The children that these filters leave: of a team, and rejected or queried."""
    rows = behind.rows
    for name in ("team", "which"):
        if filters.get(name):
            rows = rows.filter(pl.col(name) == filters[name])
    return rows


def listing(behind: Behind, words: str, **filters: str) -> Listing:
    """A count of children that opens exactly those."""
    count = narrowed(behind, filters).height
    return Listing(words, filters, count, reverse("returns:unready", args=[behind.night.kind]))


def teams(behind: Behind) -> list[dict[str, Any]]:
    """Each team with children to put right, by name; those of no team come last."""
    told = behind.rows.select("team", "team_name").unique().with_columns(last=pl.col("team") == NO_TEAM)
    return [
        {
            "team": each["team_name"],
            **{
                which: listing(behind, f"{words}, {each['team_name']}", team=each["team"], which=which)
                for which, words in WORDS.items()
            },
        }
        for each in told.sort("last", "team_name").to_dicts()
    ]


def lines(behind: Behind, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Children for a list: who, which team, what must be true."""
    return [
        {
            "child": _child(behind, each["child"]),
            "team": each["team_name"],
            "which": WORDS[each["which"]],
            "rules": [f"{behind.rules[code].sentence} ({code})" for code in each["rules"] if code in behind.rules],
        }
        for each in rows.to_dicts()
    ]


def _child(behind: Behind, written: str) -> dict[str, str] | str:
    one = behind.known[written]
    return {"words": one.name, "url": reverse("returns:child", args=[one.pk])} if one.opens else one.name
