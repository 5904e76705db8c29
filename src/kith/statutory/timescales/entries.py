"""One rule as written in its file, read into a Rule; refused in plain words where it says what cannot be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kith.statutory.timescales.counts import Count, read_count
from kith.statutory.timescales.fact_words import declared_facts, declared_periods, held_facts, roles
from kith.statutory.timescales.rules import (
    ABOUT,
    CHECKED,
    LINKS,
    NOT_COMMENCED,
    STANDINGS,
    Leg,
    Rule,
    Watch,
    While,
)
from kith.vocabulary.errors import KithError

_REQUIRED = ("id", "sentence", "opened_by", "count", "falls_to", "citation", "checked", "standing")
_OPTIONAL = (
    *("from", "until", "then", "mode", "before_or_within", "early", "link", "nth", "completed_by", "ends", "while"),
    *("warn", "child_age_from", "child_age_under", "about", "or", "lapses", "gives_way_to", "number", "derived"),
)
_MODES = ("day0", "inclusive")
_WATCH_KEYS = {"fact", "code", "outcome", "counts", "link", "first"}
_WHILE_KEYS = {"period", "no", "code", "not_code", "age_from", "age_under"}
_LEG_KEYS = {"fact", "count", "link", "take"}
_NOT_YET = "not commenced"


class RuleFileError(KithError):
    """A rule file says something that cannot be: names the file, the rule and the mend."""


class Entry:
    """One rule as written, with its file and name for what must be said about it."""

    def __init__(self, file: str, process: str, row: Mapping[str, Any]) -> None:
        self.file, self.process, self.row = file, process, row
        self.id = str(row.get("id", "without an id"))

    def refuse(self, what: str, mend: str) -> RuleFileError:
        """The error that names the file, the rule and the mend."""
        return RuleFileError(f"{self.file}, rule “{self.id}”: {what}.", mend=mend)

    def text(self, key: str) -> str:
        """What must be written there."""
        value = self.row.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(f"its {key} is missing", f"Give it a {key}.")
        return value

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of a few words."""
        value = self.text(key) if default is None or key in self.row else default
        if value not in allowed:
            raise self.refuse(f"its {key} is “{value}”", nearest(value, allowed))
        return value

    def day(self, key: str) -> date | None:
        """A date, if there is one."""
        value = self.row.get(key)
        if value is not None and type(value) is not date:
            raise self.refuse(f"its “{key}” is not a date", "Write it as YYYY-MM-DD, without quotes.")
        return value

    def count(self, text: object) -> Count:
        """A count."""
        try:
            return read_count(str(text))
        except ValueError as error:
            raise self.refuse(str(error), "Mend the count.") from error

    def known_keys(self, row: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
        """Refuses a word that means nothing."""
        unknown = sorted(set(row) - set(allowed))
        if unknown:
            raise self.refuse(f"{where} says “{unknown[0]}”, which means nothing here", nearest(unknown[0], allowed))

    def fact(self, row: Mapping[str, Any]) -> str:
        """The fact that a row names."""
        fact = str(row.get("fact", ""))
        if fact not in declared_facts():
            raise self.refuse(f"“{fact}” is not a fact that a rule may name", nearest(fact, sorted(declared_facts())))
        return fact


def rule_from(entry: Entry) -> Rule:
    """The rule, or RuleFileError."""
    entry.known_keys(entry.row, (*_REQUIRED, *_OPTIONAL), "it")
    return Rule(
        id=entry.id, process=entry.process, file=entry.file, **_said(entry), **_counted(entry), **_watched(entry)
    )


def _said(entry: Entry) -> dict[str, Any]:
    """What it says, by which law, since when, and who it falls to."""
    for key in ("id", "sentence", "falls_to", "citation"):
        entry.text(key)
    since, until = _in_force(entry)
    standing = entry.one_of("standing", STANDINGS)
    return {
        "sentence": entry.text("sentence"),
        "citation": entry.text("citation"),
        "checked": entry.one_of("checked", CHECKED),
        "standing": standing,
        "falls_to": entry.one_of("falls_to", roles()),
        "since": since,
        "until": until,
        "about": entry.one_of("about", ABOUT, "child"),
        "local": entry.one_of("number", ("law", "local"), "local" if standing == STANDINGS[-1] else "law") == "local",
    }


def _counted(entry: Entry) -> dict[str, Any]:
    """How it is counted."""
    nth_from, nth_until = _nth(entry)
    return {
        "count": entry.count(entry.row.get("count", "")),
        "then": tuple(entry.count(text) for text in entry.row.get("then", [])),
        "inclusive": entry.one_of("mode", _MODES, "day0") == "inclusive",
        "before_or_within": bool(entry.row.get("before_or_within", False)),
        "early": entry.count(entry.row["early"]) if "early" in entry.row else None,
        "lapses": bool(entry.row.get("lapses", False)),
        "nth_from": nth_from,
        "nth_until": nth_until,
        "warn": entry.count(entry.row.get("warn", "CD+0")),
    }


def _watched(entry: Entry) -> dict[str, Any]:
    """Which facts it looks for."""
    link = entry.one_of("link", LINKS, "ref")
    opened_by, completed_by = _watches(entry, "opened_by", link), _watches(entry, "completed_by", link)
    conditions = tuple(_while(entry, row) for row in entry.row.get("while", []))
    return {
        "link": link,
        "opened_by": opened_by,
        "completed_by": completed_by,
        "ends": _watches(entry, "ends", link),
        "conditions": conditions,
        "child_age_from": entry.row.get("child_age_from"),
        "child_age_under": entry.row.get("child_age_under"),
        "leg": _leg(entry, link),
        "gives_way_to": _texts(entry.row, "gives_way_to"),
        "waits_for": _waits_for(opened_by, completed_by, conditions),
    }


def _in_force(entry: Entry) -> tuple[date, date | None]:
    if entry.row.get("from") == _NOT_YET:
        return NOT_COMMENCED, None
    since, until = entry.day("from"), entry.day("until")
    if since is None:
        raise entry.refuse("the day it came into force is missing", f"Give it “from”, a date, or “{_NOT_YET}”.")
    if until is not None and until < since:
        raise entry.refuse("it stops being in force before it starts", "Put “until” after “from”.")
    return since, until


def _watches(entry: Entry, key: str, link: str) -> tuple[Watch, ...]:
    rows = entry.row.get(key, [])
    rows = [rows] if isinstance(rows, Mapping) else rows
    needed = key == "opened_by" or (key == "completed_by" and not entry.row.get("derived", False))
    if not rows and needed:
        raise entry.refuse(f"its {key} is missing", f"Say which fact it is {key.replace('_', ' ')}.")
    return tuple(_watch(entry, key, row, link) for row in rows)


def _watch(entry: Entry, key: str, row: Mapping[str, Any], link: str) -> Watch:
    entry.known_keys(row, _WATCH_KEYS, f"its {key}")
    fact = entry.fact(row)
    own_link = row.get("link", link)
    if own_link not in LINKS:
        raise entry.refuse(f"its {key} is linked by “{own_link}”", f"Write one of: {', '.join(LINKS)}.")
    # The end of a period is final: it holds for whatever is recorded afterwards too.
    first = row.get("first", key == "ends" and fact.endswith(".ended") and own_link != "child")
    return Watch(fact, _texts(row, "code"), _texts(row, "outcome"), row.get("counts"), own_link, first)


def _while(entry: Entry, row: Mapping[str, Any]) -> While:
    entry.known_keys(row, _WHILE_KEYS, "its while")
    period = str(row.get("no", row.get("period", "")))
    if period not in declared_periods():
        raise entry.refuse(f"“{period}” is not a period that a rule may name", nearest(period, declared_periods()))
    ages = [entry.count(row[key]) if key in row else None for key in ("age_from", "age_under")]
    if any(age is not None and age.unit not in ("CD", "W", "M") for age in ages):
        raise entry.refuse("the age of a period is counted in working days or hours", "Count it in CD, W or M.")
    return While(period, _texts(row, "code"), _texts(row, "not_code"), ages[0], ages[1], "no" in row)


def _leg(entry: Entry, link: str) -> Leg | None:
    row = entry.row.get("or")
    if row is None:
        return None
    entry.known_keys(row, _LEG_KEYS, "its other way to count")
    take, own_link = row.get("take", "sooner"), row.get("link", link)
    if take not in ("sooner", "later") or own_link not in LINKS:
        raise entry.refuse("its other way to count takes neither", "Write take = “sooner” or “later”, and a link.")
    return Leg(entry.fact(row), entry.count(row.get("count", "")), own_link, take == "later")


def _nth(entry: Entry) -> tuple[int, int | None]:
    text = str(entry.row.get("nth", "1+"))
    try:
        return (int(text[:-1]), None) if text.endswith("+") else (int(text), int(text))
    except ValueError as error:
        raise entry.refuse(f"its nth is “{text}”", "Write 1 for the first only, 2+ for the second onwards.") from error


def _waits_for(opened: Iterable[Watch], completed: Iterable[Watch], conditions: Iterable[While]) -> tuple[str, ...]:
    """The facts it cannot do without that Kith does not hold: of several that would each do, all must be missing."""
    held = held_facts()
    either = [[watch.fact for watch in watches] for watches in (opened, completed)]
    missing = [fact for facts in either if facts and not any(fact in held for fact in facts) for fact in facts]
    asked = [f"{condition.period}.started" for condition in conditions if not condition.absent]
    return tuple(dict.fromkeys([*missing, *(fact for fact in asked if fact not in held)]))


def _texts(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


def nearest(word: str, allowed: Iterable[str]) -> str:
    """What was probably meant, or what may be written."""
    choices = list(allowed)
    near = difflib.get_close_matches(word, choices, n=1)
    if near:
        return f"Did you mean “{near[0]}”?"
    return f"Write one of: {', '.join(choices[:12])}{' …' if len(choices) > 12 else ''}."
