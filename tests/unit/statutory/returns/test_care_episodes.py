"""Episodes of care as a return tells them: one for each legal status and home, as it stood on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from kith.statutory.returns.ssd.care_episodes import care_episodes
from kith.statutory.returns.ssd.dataset import Dataset

D = date
_NOW = D(2026, 3, 31)


def _episode(start: date, why: str, end: date | None = None, because: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "clae_cla_episode_id": f"E-{start}",
        "clae_person_id": "ANN",
        "clae_cla_episode_start_date": start,
        "clae_cla_episode_start_reason": why,
        "clae_cla_primary_need_code": "N1",
        "clae_cla_episode_ceased_date": end,
        "clae_cla_episode_ceased_reason": because,
        "clae_cla_id": "C1",
        **more,
    }


def _home(name: str, start: date, end: date | None = None, change: str | None = None) -> dict[str, Any]:
    return {
        "clap_cla_placement_id": name,
        "clap_person_id": "ANN",
        "clap_cla_placement_start_date": start,
        "clap_cla_placement_end_date": end,
        "clap_cla_placement_type": "U6",
        "clap_cla_placement_change_reason": change,
    }


def _status(code: str, start: date, end: date | None = None) -> dict[str, Any]:
    return {
        "lega_legal_status_id": f"{code}-{start}",
        "lega_person_id": "ANN",
        "lega_legal_status": code,
        "lega_legal_status_start_date": start,
        "lega_legal_status_end_date": end,
    }


def _told(
    episodes: list[dict[str, Any]],
    homes: list[dict[str, Any]],
    statuses: list[dict[str, Any]],
    until: date = _NOW,
) -> pl.DataFrame:
    tables = {"ssd_cla_episodes": episodes, "ssd_cla_placement": homes, "ssd_legal_status": statuses}
    return care_episodes(
        Dataset.of({name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()}), until=until
    )


def _said(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return frame.select(columns).rows()


def test_an_episode_is_cut_where_a_home_or_a_legal_status_begins_inside_it() -> None:
    told = _told(
        [_episode(D(2025, 1, 6), "S", D(2026, 1, 9), "E4A")],
        [_home("H1", D(2025, 1, 6), D(2025, 6, 2), "CARPL"), _home("H2", D(2025, 6, 2), D(2026, 1, 9))],
        [
            _status("V2", D(2025, 1, 6), D(2025, 3, 3)),
            _status("C1", D(2025, 3, 3), D(2025, 6, 2)),
            _status("C2", D(2025, 6, 2), D(2026, 1, 9)),
        ],
    )
    assert _said(told, "start", "why", "legal_status", "home", "end", "reason", "change") == [
        (D(2025, 1, 6), "S", "V2", "H1", D(2025, 3, 3), "X1", None),
        (D(2025, 3, 3), "L", "C1", "H1", D(2025, 6, 2), "X1", "CARPL"),
        (D(2025, 6, 2), "B", "C2", "H2", D(2026, 1, 9), "E4A", None),
    ]


def test_episodes_told_already_are_left_as_they_are() -> None:
    told = _told(
        [_episode(D(2025, 1, 6), "S", D(2025, 6, 2), "X1"), _episode(D(2025, 6, 2), "T")],
        [_home("H1", D(2025, 1, 6), D(2025, 6, 2), "CARPL"), _home("H2", D(2025, 6, 2))],
        [_status("C2", D(2025, 1, 6))],
    )
    assert _said(told, "start", "why", "home", "end", "reason") == [
        (D(2025, 1, 6), "S", "H1", D(2025, 6, 2), "X1"),
        (D(2025, 6, 2), "T", "H2", None, None),
    ]


def test_the_status_that_began_last_holds_and_the_one_beneath_it_is_back_when_it_ends() -> None:
    told = _told(
        [_episode(D(2024, 1, 8), "S")],
        [_home("H1", D(2024, 1, 8))],
        [_status("C2", D(2024, 1, 8)), _status("E1", D(2024, 5, 1), D(2025, 5, 1)), _status("XX", D(2024, 6, 1))],
    )
    assert _said(told, "start", "why", "legal_status", "legal_start") == [
        (D(2024, 1, 8), "S", "C2", D(2024, 1, 8)),
        (D(2024, 5, 1), "L", "E1", D(2024, 5, 1)),
        (D(2025, 5, 1), "L", "C2", D(2024, 1, 8)),
    ]


def test_what_came_after_the_day_is_not_known() -> None:
    told = _told(
        [_episode(D(2025, 1, 6), "S", D(2025, 6, 2), "X1"), _episode(D(2025, 6, 2), "P")],
        [_home("H1", D(2025, 1, 6), D(2025, 6, 2), "CARPL"), _home("H2", D(2025, 6, 2))],
        [_status("C2", D(2025, 1, 6))],
        until=D(2025, 3, 31),
    )
    assert _said(told, "start", "end", "reason", "change") == [(D(2025, 1, 6), None, None, None)]


def test_care_that_begins_after_care_ended_is_another_period() -> None:
    told = _told(
        [
            _episode(D(2025, 1, 6), "S", D(2025, 2, 3), "E4A"),
            _episode(D(2025, 2, 4), "S", D(2025, 3, 3), "X1"),
            _episode(D(2025, 3, 3), "L"),
        ],
        [],
        [],
    )
    assert _said(told, "period", "entered", "legal_status", "home") == [
        (1, D(2025, 1, 6), None, None),
        (2, D(2025, 2, 4), None, None),
        (2, D(2025, 2, 4), None, None),
    ]
