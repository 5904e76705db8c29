"""Passwords known from breaches are refused: looked up in a list on this machine, so that none leaves it.

The list is the deployer's to fetch and to name in KITH_BREACHED_PASSWORDS: a text file of SHA-1 hashes in capitals, one
a line, in order, each followed by a colon and how often it was seen, as Have I Been Pwned gives them out. Without one,
the twenty thousand commonest passwords are refused all the same.
"""

from __future__ import annotations

import hashlib
import mmap
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ValidationError

HASH = 40  # characters of a SHA-1


class BreachedPasswordValidator:
    """Refuses a password that is in the list."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where it is; OSError where the list that was named cannot be read."""
        if settings.BREACHED_PASSWORDS and listed(password, Path(settings.BREACHED_PASSWORDS)):
            raise ValidationError(self.get_help_text(), code="breached")

    def get_help_text(self) -> str:
        """What to do about it."""
        return "This password is known from a breach somewhere else, and is tried by those who guess. Choose another"


def listed(password: str, path: Path) -> bool:
    """Whether the list holds this password: some thirty places of it are looked at, however long it is."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as rows:
        low, high = 0, len(rows)  # the line wanted begins at or after low, and before high
        while low < high:
            middle = rows.rfind(b"\n", low, (low + high) // 2) + 1 or low
            found = rows[middle : middle + HASH]
            if found == wanted:
                return True
            if found < wanted:
                low = rows.find(b"\n", middle) + 1 or high
            else:
                high = middle
    return False


@register
def _the_list_is_there(**_: Any) -> list[Error]:
    """Start-up refuses a list that is named and is not there, or is not such a list."""
    if not settings.BREACHED_PASSWORDS:
        return []
    mend = "Name a list of SHA-1 hashes in order in KITH_BREACHED_PASSWORDS, or leave it out."
    try:
        with Path(settings.BREACHED_PASSWORDS).open("rb") as file:
            first = file.readline(200).split(b":")[0].strip()
    except OSError:
        return [Error("The list of breached passwords cannot be read.", hint=mend, id="accounts.E001")]
    if len(first) != HASH or not all(each in b"0123456789ABCDEF" for each in first):
        return [Error("The list of breached passwords is not one of SHA-1 hashes.", hint=mend, id="accounts.E002")]
    return []
