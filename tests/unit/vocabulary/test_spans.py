"""Spans of days, whose ends both count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.vocabulary.spans import Span

FIRST = date(2026, 1, 1)
SPANS = st.builds(
    lambda start, length: Span(FIRST + timedelta(start), None if length is None else FIRST + timedelta(start + length)),
    st.integers(0, 60),
    st.none() | st.integers(0, 60),
)


def days_of(span: Span) -> set[date]:
    every = (FIRST + timedelta(days=n) for n in range(200))
    return {day for day in every if span.start <= day and (span.end is None or day <= span.end)}


def test_both_ends_count() -> None:
    span = Span(date(2026, 3, 2), date(2026, 3, 4))
    assert span.days(to=date(2026, 12, 31)) == 3
    assert span.holds(date(2026, 3, 2))
    assert span.holds(date(2026, 3, 4))
    assert not span.holds(date(2026, 3, 5))


def test_a_span_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Span(date(2026, 3, 2), date(2026, 3, 1))


def test_one_span_meets_the_next_when_no_day_lies_between() -> None:
    first = Span(date(2026, 3, 2), date(2026, 3, 4))
    assert first.meets(Span(date(2026, 3, 5)))
    assert not first.meets(Span(date(2026, 3, 4)))
    assert not Span(date(2026, 3, 2)).meets(Span(date(2026, 3, 3)))


@settings(deadline=None)  # a shared machine may pause
@given(SPANS, SPANS)
def test_what_two_spans_share_is_what_both_hold(one: Span, other: Span) -> None:
    both = days_of(one) & days_of(other)
    shared = one.shared_with(other)
    assert one.overlaps(other) == other.overlaps(one) == bool(both)
    assert (days_of(shared) if shared else set()) == both


@settings(deadline=None)  # a shared machine may pause
@given(SPANS, st.integers(0, 190))
def test_the_length_of_a_span_counts_its_days_so_far(span: Span, to: int) -> None:
    last = FIRST + timedelta(days=to)
    assert span.days(to=last) == len([day for day in days_of(span) if day <= last])
