"""A rule of time as Kith holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kith.statutory.timescales.counts import Count
from kith.statutory.timescales.fact_words import authority_facts, follow_ons

LINKS = ("ref", "span", "child")
STANDINGS = ("statutory", "statutory guidance", "national standard", "local default")
CHECKED = {
    "P": "the primary text was read",
    "D": "a Department for Education data standard was read",
    "S": "a secondary page agrees",
    "K": "from knowledge; check the paragraph before relying on it",
    "L": "a local default with no legal force",
}
# Whose clock it is. The engine ties facts together by `child`, and for these that column holds another's number.
ABOUT = ("child", "carer", "worker", "complaint", "request", "authority")
NOT_COMMENCED = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Watch:
    """A fact to look for. An empty tuple, or None, of a condition means that any will do.

    `link` says what ties it to the opening fact: the same `ref`, `span` or `child`. `first` looks for the first such
    fact ever, even before the clock opened; otherwise the first on or after the day it opened.
    """

    fact: str
    codes: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    counts: bool | None = None
    link: str = "ref"
    first: bool = False


@dataclass(frozen=True, slots=True)
class While:
    """A period that must be running (`absent` false) or must not be (true) on the day the clock opens.

    `age_from` and `age_under` are how long it must have been running by then: at least, and less than.
    """

    period: str
    codes: tuple[str, ...] = ()
    not_codes: tuple[str, ...] = ()
    age_from: Count | None = None
    age_under: Count | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Leg:
    """A second way to count: from the first other fact of its kind, tied by `link`. The sooner, or later, holds."""

    fact: str
    count: Count
    link: str = "ref"
    later: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of time, in one of its versions (`since` to `until`, both days included)."""

    id: str
    process: str
    sentence: str
    citation: str
    checked: str
    standing: str
    falls_to: str
    since: date
    until: date | None
    count: Count
    then: tuple[Count, ...]  # after the first: each counted from the last that was completed
    inclusive: bool  # the opening day is day 1
    before_or_within: bool  # done beforehand is on time too
    link: str
    nth_from: int  # only the openings from this one …
    nth_until: int | None  # … to this one, in order of date
    opened_by: tuple[Watch, ...]
    completed_by: tuple[Watch, ...]
    ends: tuple[Watch, ...]
    conditions: tuple[While, ...]
    child_age_from: int | None  # in whole years on the day it opens
    child_age_under: int | None
    warn: Count
    file: str
    about: str = "child"
    early: Count | None = None  # done up to this long before it opens is on time too
    leg: Leg | None = None
    lapses: bool = False  # a right, or a window, that closes by itself: never late
    gives_way_to: tuple[str, ...] = ()  # where one of these rules opens on the same fact, this one does not
    local: bool = False  # a council may change its number
    waits_for: tuple[str, ...] = ()  # facts that Kith does not hold yet; with none the rule runs
    set_by: str = ""  # who changed a local default to this, and why

    @property
    def version(self) -> str:
        """The day this version came into force, as YYYY-MM-DD."""
        return self.since.isoformat()

    @property
    def commenced(self) -> bool:
        """Whether a day is set for it to come into force."""
        return self.since != NOT_COMMENCED

    @property
    def of_nobody(self) -> bool:
        """Whether it is about the authority itself: what opens it is in nobody's record."""
        return all(watch.fact in authority_facts() for watch in self.opened_by)

    @property
    def stages(self) -> tuple[Count, ...]:
        """Every interval in turn, as day-0 counts; the last one repeats."""
        counts = (self.count, *self.then)
        return tuple(count.less_the_first_day() for count in counts) if self.inclusive else counts

    @property
    def recurs(self) -> bool:
        """Whether doing it starts it again."""
        done = {watch.fact for watch in self.completed_by}
        again = self.nth_until is None and any(watch.fact in done for watch in self.opened_by)
        return bool(self.then) or again

    @property
    def opens_again(self) -> bool:
        """Whether one ref may open it more than once: doing it does, or its opening is told as of what it follows."""
        followed = self.link == "ref" and any(watch.fact.split(".")[0] in follow_ons() for watch in self.opened_by)
        return self.recurs or followed

    @property
    def backwards(self) -> bool:
        """Whether it is due before, or on, the day of what opens it, which is planned ahead."""
        return self.count.backwards

    @property
    def beforehand(self) -> bool:
        """Whether it may have been done at any time before it opened."""
        return (self.before_or_within or self.backwards) and self.early is None

    def in_force(self, on: date) -> bool:
        """Whether this version measures a clock that opens on the day."""
        return self.since <= on and (self.until is None or on <= self.until)
