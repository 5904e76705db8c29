"""Who has looked at a child's record, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from kith.foundation.access.policy import policy

PAGES = {
    "child": "the child’s page",
    "record": "the full record",
    "looked": "who has looked",
    "story": "the story, to write it",
    "print": "the child’s page, to print it",
}


@dataclass(frozen=True)
class Looker:
    """One opening: who, as what, what they are to the child, which page, when."""

    name: str
    role: str
    relationship: str
    page: str
    at: datetime


def lookers(rows: Iterable[Any]) -> list[Looker]:
    """Every opening as a line."""
    return [_looker(row) for row in rows]


def who_looked(rows: Iterable[Any]) -> list[Looker]:
    """Each person once for each day, at the newest moment: a page opened ten times in a morning is one line."""
    found: dict[tuple[str, Any], Looker] = {}
    for row in rows:
        found.setdefault((row.name or "", timezone.localdate(row.at)), _looker(row))
    return list(found.values())


def _looker(row: Any) -> Looker:
    roles = policy().roles
    return Looker(
        name=row.name or "Kith itself",
        role=roles[row.role].title if row.role in roles else row.role.replace("_", " "),
        relationship=policy().relationships.get(row.relationship, row.relationship),
        page=PAGES.get(row.page, row.page.replace("_", " ")),
        at=row.at,
    )
