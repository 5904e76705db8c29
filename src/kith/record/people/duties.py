"""Where a tie between a viewer and a child may come from, beside an involvement: each part of the record says its own.

The people come first in the record and know nothing of work or of periods; whoever keeps those registers here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from kith.foundation.prepared import Few, Given

# Given teams, which say of a column whether it holds one of them, and what names the day so many days ago: the rows
# that make a child their duty, each with a `person`. The query is prepared: both are values that come with the asking.
Duty = Callable[[Few, Callable[[int], Given]], Iterable[QuerySet[Any]]]

duties: dict[str, Duty] = {}


def duty_comes_from(name: str, rows: Duty) -> None:
    """The duty of this name in policy.toml is worked out by `rows`."""
    duties[name] = rows
