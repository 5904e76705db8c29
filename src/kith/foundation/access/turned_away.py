"""What happens to text that is sent by somebody who is not signed in any more: the drafts say, when they start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _nothing(request: Any) -> str:
    return ""


keeper: Callable[[Any], str] = _nothing  # set by the drafts, which stand above the door


def kept(request: Any) -> str:
    """Keep what this request sent, and give the address that brings it back; nothing where nothing was kept.

    On the request it is noted for the page that is shown: the form has expired, or sign in.
    """
    request.kept = keeper(request) if request.method == "POST" else ""
    return str(request.kept)
