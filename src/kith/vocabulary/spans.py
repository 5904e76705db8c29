"""A span of days: both its ends count, and an open span has no end yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, both days included; `end` is None while it goes on. Raises ValueError if end < start."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("a span cannot end before it starts")

    def holds(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: Span) -> bool:
        """Whether they share at least one day."""
        return (other.end is None or self.start <= other.end) and (self.end is None or other.start <= self.end)

    def meets(self, other: Span) -> bool:
        """Whether the other starts on the day after this one ends, so that no day lies between them."""
        return self.end is not None and other.start == self.end + timedelta(days=1)

    def shared_with(self, other: Span) -> Span | None:
        """The days that both hold, or None."""
        if not self.overlaps(other):
            return None
        ends = [end for end in (self.end, other.end) if end is not None]
        return Span(max(self.start, other.start), min(ends) if ends else None)

    def days(self, *, to: date) -> int:
        """How many days it holds, both ends counted, none later than `to`; 0 when it starts after `to`."""
        last = to if self.end is None else min(self.end, to)
        return max(0, (last - self.start).days + 1)
