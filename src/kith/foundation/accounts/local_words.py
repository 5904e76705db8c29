"""Passwords made of words that stand on every page and door here are the first to be guessed: they are refused."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

REMAINING = 6  # letters and digits that a password must have besides such words
ALIKE = str.maketrans("013457@$!", "oieastasi")  # what is typed for a letter, in the hope that it is not seen


@cache
def _words(authority: str) -> tuple[str, ...]:
    """The words, the longest first, so that none is cut short by one that it begins with."""
    kept = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())["words"]
    ours = re.findall(r"[a-z]{3,}", authority.lower())
    return tuple(sorted({*kept, *ours}, key=lambda word: (-len(word), word)))


class LocalWordsValidator:
    """Refuses a password that is little more than the authority's name, its services' and the year."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where hardly anything is left without those words, and without digits at the ends."""
        left = re.sub(r"[\W_]", "", password.lower().strip("0123456789!?.-_ ").translate(ALIKE))
        for word in _words(settings.AUTHORITY):
            left = left.replace(word, "")
        if len(left) < REMAINING:
            raise ValidationError(self.get_help_text(), code="local_words")

    def get_help_text(self) -> str:
        """What to do about it."""
        return "This password is made of words that anybody would try here. Choose others"
