"""Why is this due? The counting shown in words: what opened it, what was left out, and the law it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kith.statutory.timescales.counts import Count, day_after, moment_after
from kith.statutory.timescales.fact_words import fact_in_words
from kith.statutory.timescales.rules import CHECKED, Leg, Rule
from kith.vocabulary.hours import in_london, london_day
from kith.vocabulary.school_terms import SchoolCalendar, school_days
from kith.vocabulary.working_days import Calendar

_UNSURE = "It runs into years whose bank holidays are not published yet, so the day may move."
_UNSURE_OF_TERMS = "No term dates of the authority are held for those days, so the day may move."


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that the count passes over, and why."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Why:
    """The counting of one due day. `weekend_days` and `holidays` are the days left out; both empty but in working days.

    `calendar_known` is false when the count runs into years whose bank holidays are not yet published.
    """

    rule_id: str
    rule_sentence: str
    citation: str
    standing: str
    checked: str
    opened: str
    opened_on: date
    opened_at: datetime | None
    count: str
    weekend_days: int
    holidays: tuple[LeftOut, ...]
    due_on: date
    due_at: datetime | None
    calendar_known: bool
    direction: str = "on"
    counted_from: str = ""  # the other fact that it was counted from, where that decided
    or_else: str = ""  # the other way to count, where the rule has one

    @property
    def sentence(self) -> str:
        """One line: "due 7 May 2026: 45 working days from 2 March 2026; Good Friday … left out; Working Together …"."""
        way = "before" if self.direction == "back" else "from"
        start = f"the day when {self.counted_from}" if self.counted_from else _long(self.opened_on)
        parts = [f"due {self._due}: {self.count} {way} {start}"]
        if self.holidays:
            parts.append(f"{_listed(_named(self.holidays))} left out")
        return "; ".join([*parts, self.citation])

    @property
    def lines(self) -> tuple[str, ...]:
        """The same, a line for each part, for a page or a terminal."""
        lines = [
            f"{self.rule_sentence}.",
            f"It opened on {_day_and_time(self.opened_on, self.opened_at)}, when {self.opened}.",
        ]
        back = " back" if self.direction == "back" else ""
        start = f" from the day when {self.counted_from}" if self.counted_from else ""
        lines.append(f"Counting{back} {self.count}{start}, it is due {self._due}.")
        lines += [self.or_else] if self.or_else else []
        if self.weekend_days:
            days = "1 weekend day was" if self.weekend_days == 1 else f"{self.weekend_days} weekend days were"
            lines.append(f"{days} left out.")
        lines += [f"{_long(left.day)} was left out: {left.name}." for left in self.holidays]
        if self._clocks_changed:
            lines.append("The clocks changed in between; an hour is still an hour.")
        if not self.calendar_known:
            lines.append(_UNSURE_OF_TERMS if "school" in self.count or "term" in self.count else _UNSURE)
        return (*lines, f"Source: {self.citation} ({self.standing}). How far it was checked: {self.checked}.")

    @property
    def _due(self) -> str:
        return _day_and_time(self.due_on, self.due_at)

    @property
    def _clocks_changed(self) -> bool:
        if self.opened_at is None or self.due_at is None:
            return False
        return in_london(self.opened_at).utcoffset() != in_london(self.due_at).utcoffset()


def why(
    *,
    rule: Rule,
    opened_on: date,
    calendar: Calendar,
    opened_at: datetime | None = None,
    opened_fact: str | None = None,
    cycle: int = 1,
    schools: SchoolCalendar | None = None,
    due_on: date | None = None,
) -> Why:
    """Shows how the due day of one clock was counted.

    `opened_at` matters only to rules in hours, and must know its time zone. `opened_fact` is what opened it where the
    rule may be opened by several; `cycle` is 1 for the first interval of a rule whose later ones differ. `due_on` is
    the day worked out of everything held: where a rule has another way to count, it tells which of the two decided.
    """
    count, by_day, leg = _decided(rule, opened_on, cycle, calendar, schools, due_on)
    due_at = None if leg else moment_after(moment=opened_at, count=count, due_on=by_day)
    due_on = london_day(due_at) if due_at else by_day
    weekend_days, holidays = _left_out(opened_on, due_on, calendar) if count.unit == "WD" else (0, ())
    return Why(
        rule_id=rule.id,
        rule_sentence=rule.sentence,
        citation=rule.citation,
        standing=rule.standing,
        checked=CHECKED[rule.checked],
        opened=fact_in_words(opened_fact or rule.opened_by[0].fact),
        opened_on=opened_on,
        opened_at=opened_at if due_at and count.hours is not None else None,
        count=_count_in_words(count, inclusive=rule.inclusive and not leg),
        weekend_days=weekend_days,
        holidays=holidays,
        due_on=due_on,
        due_at=due_at,
        calendar_known=_known(count, calendar, schools or school_days(), opened_on, due_on),
        direction="back" if count.n < 0 else "on",
        counted_from=fact_in_words(leg.fact) if leg else "",
        or_else=_or_else(rule),
    )


def _decided(
    rule: Rule, opened_on: date, cycle: int, calendar: Calendar, schools: SchoolCalendar | None, due_on: date | None
) -> tuple[Count, date, Leg | None]:
    """The count that decided, the day it leads to, and the other way to count where it was that."""
    written = (rule.count, *rule.then)
    stage = min(cycle, len(written)) - 1
    by_day = day_after(day=opened_on, count=rule.stages[stage], calendar=calendar, schools=schools)
    if rule.leg and due_on and due_on != by_day:
        return rule.leg.count, due_on, rule.leg
    return written[stage], by_day, None


def _or_else(rule: Rule) -> str:
    if rule.leg is None:
        return ""
    which = "later" if rule.leg.later else "sooner"
    back = " before" if rule.leg.count.n < 0 else " from"
    other = f"{rule.leg.count.words}{back} the day when {fact_in_words(rule.leg.fact)}"
    return f"It is counted from what opened it, or it is {other}: the {which} holds."


def _known(count: Count, calendar: Calendar, schools: SchoolCalendar, opened_on: date, due_on: date) -> bool:
    """Whether the days it rests on are published: bank holidays, or the authority's own school terms."""
    if count.unit in ("SD", "TERM"):
        return schools.knows(opened_on) and schools.knows(due_on)
    return count.unit != "WD" or (calendar.knows(opened_on) and calendar.knows(due_on))


def _left_out(opened_on: date, due_on: date, calendar: Calendar) -> tuple[int, tuple[LeftOut, ...]]:
    """How many days of weekends a count of working days passed over, and each bank holiday."""
    first, last = sorted((opened_on, due_on))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    passed = [day for day in days if day != opened_on and not calendar.is_working(day)]
    holidays = tuple(LeftOut(day, calendar.holidays[day]) for day in passed if day in calendar.holidays)
    return len(passed) - len(holidays), holidays


def _count_in_words(count: Count, *, inclusive: bool) -> str:
    if count.n == 0 and not count.until and not count.written and count.terms is None:
        return "the same day"
    return f"{count.words}, beginning with the day itself," if inclusive else count.words


def _named(holidays: Iterable[LeftOut]) -> list[str]:
    return [f"{left.name} ({left.day.day} {left.day:%B})" for left in holidays]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _day_and_time(day: date, moment: datetime | None) -> str:
    return _long(day) if moment is None else f"{_long(day)} at {in_london(moment):%H:%M}"
