"""Who has looked at a child's record, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from kith.foundation.access.decision import Reason
from kith.foundation.access.policy import policy
from kith.foundation.history.models import Opening

PAGES = {
    "child": "the child’s page",
    "record": "the full record",
    "looked": "who has looked",
    "story": "the story, to write it",
    "print": "the child’s page, to print it",
    "grown-up": "their page",
}


@dataclass(frozen=True)
class Looker:
    """One opening: whose record, who, as what, what they are to the child, why they were let in, which page, when."""

    name: str
    role: str
    relationship: str
    page: str
    at: datetime
    why: str = ""
    child: dict[str, str] | None = None
    refused: bool = False


def lookers(rows: Iterable[Any], names: Mapping[int, str] | None = None) -> list[Looker]:
    """Every opening as a line; with the child's name where `names` gives it."""
    return [_looker(row, names or {}) for row in rows]


def who_looked(rows: Iterable[Any]) -> list[Looker]:
    """Each person once for each day, at the newest moment: a page opened ten times in a morning is one line."""
    found: dict[tuple[str, Any], Looker] = {}
    for row in rows:
        found.setdefault((row.name or "", timezone.localdate(row.at)), _looker(row))
    return list(found.values())


def _looker(row: Any, names: Mapping[int, str] | None = None) -> Looker:
    roles, refused = policy().roles, row.kind == Opening.REFUSED
    name = (names or {}).get(row.person, "")
    return Looker(
        name=row.name or "Kith itself",
        role=roles[row.role].title if row.role in roles else row.role.replace("_", " "),
        relationship="" if refused else policy().relationships.get(row.relationship, row.relationship),
        page=_page(row.page),
        at=row.at,
        why=_why(row, refused),
        child={"words": name, "url": reverse("chronology:child", args=[row.person])} if name else None,
        refused=refused,
    )


def _page(page: str) -> str:
    plain = page.rpartition(":")[2].split(" ")[0] if ":" in page else page
    return PAGES.get(plain, plain.replace("_", " "))


def _why(row: Any, refused: bool) -> str:
    """The purpose that was given, else the reason of the decision; a refusal is not told apart from nobody there."""
    if refused:
        return "Refused"
    said = row.purpose or (Reason(row.decision).words if row.decision in set(Reason) else "")
    return said.rstrip(".")
