"""Local numbers: what a council changes in a rule that is its own to set, from a day, by whom and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.counts import read_count
from kith.statutory.timescales.fact_words import roles
from kith.statutory.timescales.rules import Rule
from kith.statutory.timescales.soundness import unsound
from kith.vocabulary.errors import KithError

# What may be changed: how long, the intervals after the first ("M+3, M+6", or "" for none), when to warn, and who it
# falls to.
FIELDS = ("count", "then", "warn", "falls_to")
COMMENCED = "from"  # for a rule with no day set yet: the day it came into force


class OverrideError(KithError):
    """A local number that cannot be: names the rule and the mend."""


@dataclass(frozen=True, slots=True)
class Override:
    """One change, as plain data. It measures what opens on `since` or later; what opened before keeps its rule."""

    rule: str
    field: str
    value: str
    since: date
    by: str
    why: str


def with_overrides(book: RuleBook, overrides: Iterable[Override]) -> RuleBook:
    """The book with these changes, each making a version of its rule from that day. Raises OverrideError.

    Changes are taken in order of day; of two on one day for one field the later given holds.
    """
    versions: dict[str, list[Rule]] = {}
    for rule in book.whole:
        versions.setdefault(rule.id, []).append(rule)
    for change in sorted(overrides, key=lambda each: each.since):
        if change.rule not in versions:
            raise OverrideError(f"There is no rule named “{change.rule}”.", mend="Choose one from the rule book.")
        versions[change.rule] = _changed(versions[change.rule], change)
    rules = [rule for each in versions.values() for rule in each]
    running, waiting = (tuple(r for r in rules if bool(r.waits_for) is waits) for waits in (False, True))
    return RuleBook(running, waiting)


def _changed(versions: list[Rule], change: Override) -> list[Rule]:
    if not change.by.strip() or not change.why.strip():
        raise _refused(change, "nobody is named for it, or no reason is given", "Say who decided it, and why.")
    if change.field == COMMENCED:
        return _commenced(versions, change)
    measuring = [rule for rule in versions if rule.in_force(change.since)]
    if not measuring:
        raise _refused(
            change, f"the rule is not in force on {change.since}", f"Start it on or after {versions[0].since}."
        )
    (rule,) = measuring
    if not rule.local:
        raise _refused(change, "the law sets it", "Only a local default may be changed.")
    new = replace(rule, since=change.since, set_by=f"{change.by}: {change.why}", **_value(rule, change))
    if wrong := unsound(new):
        raise _refused(change, *wrong)
    before = [each for each in versions if each is not rule]
    kept = [replace(rule, until=change.since - timedelta(days=1))] if rule.since < change.since else []
    return sorted([*before, *kept, new], key=lambda each: each.since)


def _commenced(versions: list[Rule], change: Override) -> list[Rule]:
    if any(rule.commenced for rule in versions):
        raise _refused(change, "it is in force already", "Only a rule with no day set yet can be started.")
    said = f"{change.by}: {change.why}"
    return [replace(rule, since=change.since, set_by=said) for rule in versions]


def _value(rule: Rule, change: Override) -> dict[str, Any]:
    if change.field not in FIELDS:
        raise _refused(
            change, f"“{change.field}” is not what a council may change", f"Write one of: {', '.join(FIELDS)}."
        )
    if change.field == "falls_to":
        if change.value not in roles():
            raise _refused(
                change, f"“{change.value}” is nobody a rule may fall to", "Choose a role from the rule book."
            )
        return {"falls_to": change.value}
    if change.field == "then" and not change.value.strip():
        return {"then": ()}  # nothing follows the first
    try:
        counts = tuple(read_count(text.strip()) for text in change.value.split(","))
    except ValueError as error:
        raise _refused(change, str(error), "Mend the count.") from error
    if change.field == "then":
        return {"then": counts}
    if len(counts) != 1:
        raise _refused(change, f"“{change.value}” is more than one count", "Write one, such as WD+15.")
    return {change.field: counts[0]}


def _refused(change: Override, what: str, mend: str) -> OverrideError:
    return OverrideError(f"The change of “{change.rule}” from {change.since} cannot be: {what}.", mend=mend)
