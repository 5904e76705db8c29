"""What a form posted, made ready to keep: its text, and a name short enough for the thing it is about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from kith.vocabulary.texts import storable

NEVER_KEPT = ("csrfmiddlewaretoken", "draft_form", "draft_about", "draft_author", "draft_signed")
LONGEST_KEY = 80


def key_for(about: str) -> str:
    """What a draft is about, short enough for its column: a long reference ends in a digest of the whole."""
    about = storable(about)
    if len(about) <= LONGEST_KEY:
        return about
    return f"{about[:40]}:{hashlib.sha256(about.encode()).hexdigest()[:39]}"


def posted_text(posted: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    """What a form posted, as a body to keep: all its text, less the token and the draft's own name."""
    return {name: [storable(value) for value in values] for name, values in posted if name not in NEVER_KEPT}
