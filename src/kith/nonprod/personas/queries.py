"""The invented workers that are in the database and may be signed in as."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kith.foundation.access.models import Account
from kith.foundation.access.viewer import Viewer, viewer_for

TABLE = Path(__file__).with_name("personas.toml")


@dataclass(frozen=True)
class Persona:
    """One invented worker. `title` is the post in words, `team` the teams it is in today."""

    key: str
    words: str
    name: str
    title: str
    team: str


@cache
def _table() -> tuple[dict[str, str], str]:
    raw = tomllib.loads(TABLE.read_text())
    return {row["key"]: row["words"] for row in raw["persona"]}, raw["domain"]


def personas() -> list[Persona]:
    """Every persona of the table who has an account here, in the table's order."""
    words, domain = _table()
    wanted = [f"{key}@{domain}" for key in words]
    found = {
        each.email: each for each in Account.objects.filter(email__in=wanted, is_active=True).select_related("worker")
    }
    return [
        _shown(key, words[key], viewer_for(found[f"{key}@{domain}"])) for key in words if f"{key}@{domain}" in found
    ]


def account_of(*, key: str) -> Account | None:
    """The account of one persona of the table, or None."""
    words, domain = _table()
    if key not in words:
        return None
    return Account.objects.filter(email=f"{key}@{domain}", is_active=True).first()


def _shown(key: str, words: str, viewer: Viewer) -> Persona:
    title = "Barred from a family" if key == "barred" else viewer.title
    return Persona(key=key, words=words, name=viewer.name, title=title, team=", ".join(viewer.team_names))
