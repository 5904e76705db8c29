"""Puts the tables of two or three returns of one authority side by side, so that rules can compare what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from kith.statutory.returns.returned import Returned
from kith.statutory.returns.rule_running import Return
from kith.statutory.returns.rule_tables import numbered

KIND = "across"
NAMES: Mapping[str, str] = {"cin": "CIN", "ssda903": "SSDA903", "annex_a": "Annex A"}
# The tables that the rules look at: within each, rows are in the order of these days.
DAYS: Mapping[str, str] = {
    "SSDA903 Episodes": "DECOM",
    "SSDA903 PlacedAdoption": "DATE_PLACED",
    "CIN CINdetails": "CINreferralDate",
}


def side_by_side(returns: Mapping[str, Returned]) -> Returned:
    """The returns as one, each table named after its return. The year is that of the census or of the SSDA903.

    A child is the same child where the id is written the same in each; that is what the returns ask of authorities.
    """
    tables: dict[str, pl.DataFrame] = {}
    for kind, returned in returns.items():
        for name, frame in returned.said.tables.items():
            if ("_id" in frame.columns and name != "Header") or kind == "ssda903":
                tables[f"{NAMES[kind]} {name}"] = _plain(frame)
    dated = next((each.said for kind, each in returns.items() if kind != "annex_a"), None)
    said = Return(
        kind=KIND,
        year=dated.year if dated else 0,
        tables=numbered(tables, child=dict.fromkeys(tables, "_id"), days=DAYS),
        constants={name: day for name, day in (dated.constants if dated else {}).items() if name != "_authority"},
    )
    first = next(iter(returns.values()))
    every = list(returns.values())
    return replace(
        first,
        said=said,
        rows_in=sum(each.rows_in for each in every),
        rows_read=sum(each.rows_read for each in every),
        problems=tuple(problem for each in every for problem in each.problems),
        notes=tuple(note for each in every for note in each.notes),
    )


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(name for name in frame.columns if name not in ("_child", "_n"))
