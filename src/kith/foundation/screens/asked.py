"""Reading what a list was asked for from its address: nonsense is as if nothing was asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kith.vocabulary.texts import storable, whole_number


def text(query: Mapping[str, str], name: str, longest: int) -> str:
    """Words to look for, cut where they are longer."""
    return storable(query.get(name, "")).strip()[:longest]


def number(query: Mapping[str, str], name: str) -> int | None:
    """A whole number, such as the id of a team."""
    return whole_number(query.get(name, ""))


def day(query: Mapping[str, str], name: str) -> date | None:
    """A day: whole, as 2026-05-07, or in the three boxes of a form."""
    parts = [query.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day")]
    said = query.get(name, "") or ("-".join(part.zfill(2) for part in parts) if all(parts) else "")
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def one_of(query: Mapping[str, str], name: str, allowed: Mapping[str, str], otherwise: str = "") -> str:
    """One of the words allowed."""
    return query.get(name, "") if query.get(name, "") in allowed else otherwise
