"""Where a tie between a viewer and a child may come from, beside an involvement: each part of the record says its own.

The people come first in the record and know nothing of work or of periods; whoever keeps those registers here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

# Given teams and a day: the rows that make a child their duty. Each row has a `person`.
Duty = Callable[[tuple[int, ...], date], Iterable[QuerySet[Any]]]

duties: dict[str, Duty] = {}


def duty_comes_from(name: str, rows: Duty) -> None:
    """The duty of this name in policy.toml is worked out by `rows`."""
    duties[name] = rows
