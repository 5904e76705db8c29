"""School days and terms: dated data that each council sets; where none is set, a pattern that says it is only that."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Any

import polars as pl

from kith.vocabulary.ladders import FIRST, LAST, Ladder, every_day, place_of
from kith.vocabulary.spans import Span
from kith.vocabulary.working_days import Calendar, england

_DAY = timedelta(days=1)
_YEARS = range(FIRST.year, LAST.year + 1)


@dataclass(frozen=True)
class SchoolCalendar:
    """Terms in order of date, the breaks within them, and the working days they are cut from. Both ends count."""

    terms: tuple[Span, ...]
    breaks: tuple[Span, ...]
    working: Calendar
    known: Span | None
    source: str

    def is_school_day(self, day: date) -> bool:
        """Whether school is open: a working day in a term, outside its breaks."""
        held = self._in(self.terms, day) and not self._in(self.breaks, day)
        return held and self.working.is_working(day)

    def knows(self, day: date) -> bool:
        """Whether a council's own dates cover that day; elsewhere the pattern stands in."""
        return self.known is not None and self.known.holds(day)

    def add(self, day: date, school_days: int) -> date:
        """The school day that many after `day`, which is day 0; before it when negative; `day` itself for 0."""
        step, left = (_DAY if school_days > 0 else -_DAY), abs(school_days)
        while left and FIRST < day < LAST:
            day += step
            left -= self.is_school_day(day)
        return day

    def end_of_term(self, day: date, terms: int) -> date:
        """The last school day of the term that `day` is in or follows (0), or of the one that many after it."""
        started = bisect_right(self._starts, day) - 1
        return self._ends[max(0, min(started + terms, len(self._ends) - 1))]

    def add_column(self, day: pl.Expr, school_days: pl.Expr) -> pl.Expr:
        """`add`, on columns of dates and whole numbers; empty where either is empty."""
        return self._ladder.add(day, school_days)

    def end_of_term_column(self, day: pl.Expr, terms: pl.Expr) -> pl.Expr:
        """`end_of_term`, on columns; empty where either is empty."""
        place = (pl.lit(self._started).gather(place_of(day)) + terms).clip(0, len(self._ends) - 1)
        return pl.lit(pl.Series(self._ends, dtype=pl.Date)).gather(place)

    @staticmethod
    def _in(spans: tuple[Span, ...], day: date) -> bool:
        place = bisect_right(spans, day, key=lambda span: span.start) - 1
        return place >= 0 and spans[place].holds(day)

    @cached_property
    def _starts(self) -> list[date]:
        return [term.start for term in self.terms]

    @cached_property
    def _ends(self) -> list[date]:
        return [self._last_school_day(term) for term in self.terms]

    def _last_school_day(self, term: Span) -> date:
        day = term.end or term.start
        while day > term.start and not self.is_school_day(day):
            day -= _DAY
        return day

    @cached_property
    def _started(self) -> pl.Series:
        """For each day, the place of the newest term that has begun."""
        started = pl.DataFrame(
            {"day": self._starts, "term": range(len(self._starts))}, schema_overrides={"term": pl.Int32}
        )
        days = pl.DataFrame({"day": every_day()})
        return days.join_asof(started, on="day")["term"].fill_null(0)

    @cached_property
    def _ladder(self) -> Ladder:
        return Ladder.of(pl.Series([not self.is_school_day(day) for day in every_day().to_list()], dtype=pl.Boolean))


@cache
def school_days() -> SchoolCalendar:
    """The pattern that comes with Kith, of no council in particular. Read once."""
    text = files("kith.vocabulary").joinpath("data/school_terms.toml").read_text(encoding="utf-8")
    return read_terms(tomllib.loads(text))


def read_terms(data: Mapping[str, Any]) -> SchoolCalendar:
    """A school calendar from a parsed file: a `pattern` of terms and breaks, and dated `term` and `break` rows.

    Where dated terms are held they are used, from the first to the last of them; the pattern stands for all other
    years. Raises ValueError for terms that overlap or end before they start.
    """
    terms, breaks = _dated(data.get("term", [])), _dated(data.get("break", []))
    known = Span(terms[0].start, max(term.end or term.start for term in terms)) if terms else None
    pattern = data["pattern"]
    terms = sorted([*terms, *_outside(_every_year(pattern["terms"]), known)], key=lambda span: span.start)
    breaks = sorted([*breaks, *_outside(_every_year(pattern["breaks"]), known)], key=lambda span: span.start)
    if any(one.overlaps(other) for one, other in pairwise(terms)):
        raise ValueError("two school terms overlap")
    return SchoolCalendar(tuple(terms), tuple(breaks), england(), known, str(data["source"]))


def _dated(rows: Iterable[Mapping[str, date]]) -> list[Span]:
    return sorted((Span(row["from"], row["until"]) for row in rows), key=lambda span: span.start)


def _every_year(pattern: Iterable[Iterable[str]]) -> list[Span]:
    pairs = [tuple(pair) for pair in pattern]
    return [Span(*(date.fromisoformat(f"{year}-{end}") for end in pair)) for year in _YEARS for pair in pairs]


def _outside(spans: Iterable[Span], known: Span | None) -> list[Span]:
    return [span for span in spans if known is None or not span.overlaps(known)]
