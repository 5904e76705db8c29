"""Which people a page names: read from the page itself, so that no list can be forgotten in the history."""

from __future__ import annotations

import re
from typing import Any

from kith.foundation.history.actions import listed, noted

_ways: list[re.Pattern[bytes]] = []


def people_are_linked_by(pattern: str) -> None:
    """Say how a page links to a person: a regular expression of an address, whose one group is the person's id."""
    compiled = re.compile(pattern.encode())
    if compiled not in _ways:
        _ways.append(compiled)


def note_shown(response: Any, *, page: str) -> None:
    """Keep in the history whom this page names besides those whose record it opened, in the page's own transaction."""
    if response.streaming or "html" not in response.headers.get("Content-Type", ""):
        return
    content = response.content
    named = {int(found) for way in _ways for found in way.findall(content)}
    if others := named - noted():
        listed(people=others, page=page)
