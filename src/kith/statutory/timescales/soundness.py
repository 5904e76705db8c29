"""What makes a rule impossible, or two rules contradict each other: found at start-up, with the file and the mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from kith.statutory.timescales.counts import Count
from kith.statutory.timescales.entries import Entry, RuleFileError, nearest
from kith.statutory.timescales.rules import Rule

_ROUGHLY = {"CD": 1.0, "W": 7.0, "M": 30.0, "WD": 1.4, "SD": 2.0, "H": 1 / 24, "TERM": 90.0}


Wrong = tuple[str, str]  # what is wrong, and the mend


def check_rule(entry: Entry, rule: Rule) -> None:
    """Raises RuleFileError when the rule could not be counted as written."""
    wrong = unsound(rule)
    if wrong:
        raise entry.refuse(*wrong)


def unsound(rule: Rule) -> Wrong | None:
    """What makes the rule impossible, and the mend; None when nothing does."""
    checks = (_counting, _chain, _spans, _what_it_watches)
    return next((wrong for check in checks for wrong in check(rule)), None)


def _counting(rule: Rule) -> Iterator[Wrong]:
    counts = (rule.count, *rule.then)
    if any(count.n < 0 for count in counts) and rule.recurs:
        yield "it counts backwards, and recurs", "Open it by what is planned, one at a time."
    if rule.inclusive and any(count.unit not in ("WD", "CD", "W") or count.n < 1 for count in counts):
        yield "only days and weeks can begin with the day itself", "Count it in WD, CD or W."
    if rule.warn.unit in ("SD", "TERM") or rule.warn.until or rule.warn.clock:
        yield "its warning is not a plain count", "Write it in WD, CD, W, M or H."
    if rule.then and rule.warn.n > 0:
        yield "its warning counts from its opening, but it recurs", "Write the warning as, say, CD-7."
    if rule.warn.n > 0 and rule.warn.unit == rule.count.unit and rule.warn.n > rule.count.n:
        yield "its warning comes after it is due", f"Warn no later than {rule.count}."
    if rule.leg and rule.leg.count.unit not in ("CD", "W", "M", "Y"):
        yield "its other way to count is not in days, weeks, months or years", "Count it in days or months."


def _chain(rule: Rule) -> Iterator[Wrong]:
    if rule.then and not rule.completed_by:
        yield "a later interval starts when it is done, but nothing completes it", "Say what completes it."
    if rule.then and (rule.nth_from, rule.nth_until) != (1, None):
        yield "it is a chain, and is also for some openings only", "Take away “nth” or “then”."
    if rule.recurs and any(_nothing(count) for count in (rule.count, *rule.then)):
        yield "it starts again on the day it is done, for ever", "Give it an interval, such as W+6."


def _nothing(count: Count) -> bool:
    return count.n == 0 and count.until is None and count.unit != "TERM"


def _spans(rule: Rule) -> Iterator[Wrong]:
    ages = (rule.child_age_from, rule.child_age_under)
    if ages[0] is not None and ages[1] is not None and ages[0] >= ages[1]:
        yield "no child can be of the age it asks for", "Put child_age_from below child_age_under."
    for condition in rule.conditions:
        low, high = condition.age_from, condition.age_under
        if low and high and low.n * _ROUGHLY[low.unit] >= high.n * _ROUGHLY[high.unit]:
            yield "no period can be as long as it asks for", "Put age_from below age_under."


def _what_it_watches(rule: Rule) -> Iterator[Wrong]:
    plain = [watch for watch in rule.completed_by if not (watch.codes or watch.outcomes or watch.counts is not None)]
    for watch in plain:
        if any((watch.fact, watch.link) == (other.fact, other.link) for other in rule.ends):
            yield f"“{watch.fact}” both completes it and ends it", "Say which of the two it does."


def check_book(rules: Sequence[Rule]) -> None:
    """Raises RuleFileError when two versions are in force at once, or a rule gives way to one that is not there."""
    for earlier, later in pairwise(rules):
        if earlier.id == later.id and (earlier.until is None or later.since <= earlier.until):
            raise RuleFileError(
                f"{later.file}, rule “{later.id}”: two versions are in force on {later.since}.",
                mend=f"End the earlier one with “until = {later.since - timedelta(days=1)}”.",
            )
    names = {rule.id for rule in rules}
    for rule in rules:
        for other in rule.gives_way_to:
            if other not in names or other == rule.id:
                raise RuleFileError(
                    f"{rule.file}, rule “{rule.id}”: it gives way to “{other}”, which is no other rule.",
                    mend=nearest(other, sorted(names)),
                )
