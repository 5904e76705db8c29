"""The searches of a session: kept on the server for as long as it lasts, each opened again by its number."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

KEPT = 20  # of one session, the newest
_KEY = "searches"


def keep_search(session: MutableMapping[str, Any], words: Mapping[str, str]) -> int:
    """Keep what was looked for; its number within the session."""
    held = dict(session.get(_KEY, {}))
    number = 1 + max((int(each) for each in held), default=0)
    newest = sorted(held, key=int)[1 - KEPT :]
    session[_KEY] = {each: held[each] for each in newest} | {str(number): {k: v[:200] for k, v in words.items()}}
    return number


def kept_search(session: Mapping[str, Any], number: str) -> dict[str, str]:
    """What was looked for by that number; nothing where it is not kept."""
    found: dict[str, str] = session.get(_KEY, {}).get(number, {})
    return found
