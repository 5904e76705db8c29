"""Reads the rule files and refuses, in plain words, any rule that could mislead a clock."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.counts import Count, read_count
from kith.statutory.timescales.facts import KNOWN_FACTS, PERIOD_KINDS
from kith.statutory.timescales.rules import CHECKED, LINKS, STANDINGS, Rule, Waiting, Watch, While
from kith.vocabulary.errors import KithError

_REQUIRED = ("id", "sentence", "opened_by", "count", "completed_by", "falls_to", "citation", "checked", "standing")
_OPTIONAL = (
    *("from", "until", "then", "mode", "before_or_within", "link", "nth", "ends", "while", "warn"),
    *("child_age_from", "child_age_under"),
)
_MODES = ("day0", "inclusive")
_WATCH_KEYS = {"fact", "code", "outcome", "counts", "link", "first"}
_WHILE_KEYS = {"period", "no", "code", "not_code", "age_from", "age_under"}


class RuleFileError(KithError):
    """A rule file says something that cannot be: names the file, the rule and the mend."""


@cache
def rule_book() -> RuleBook:
    """The rules that come with Kith. Read once; raises RuleFileError when a file is wrong."""
    folder = files("kith.statutory.timescales").joinpath("data")
    texts = {item.name: item.read_text(encoding="utf-8") for item in folder.iterdir() if item.name.endswith(".toml")}
    return read_rules(texts)


def read_rules(texts: Mapping[str, str]) -> RuleBook:
    """A rule book from the text of its files, by file name. Raises RuleFileError."""
    rules: list[Rule] = []
    waiting: list[Waiting] = []
    for name in sorted(texts):
        data = _parsed(name, texts[name])
        process = str(data.get("process", name.removesuffix(".toml")))
        rules += [_rule(_Entry(name, process, row)) for row in data.get("rule", [])]
        waiting += [_waiting(_Entry(name, process, row)) for row in data.get("waiting", [])]
    rules.sort(key=lambda rule: (rule.id, rule.since))
    _check_versions(rules)
    _check_names(rules, waiting)
    return RuleBook(tuple(rules), tuple(sorted(waiting, key=lambda entry: entry.id)))


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleFileError(f"{name} cannot be read: {error}.", mend="Mend the line it names.") from error


class _Entry:
    """One rule as written, with its file and name for what must be said about it."""

    def __init__(self, file: str, process: str, row: Mapping[str, Any]) -> None:
        self.file, self.process, self.row = file, process, row
        self.id = str(row.get("id", "without an id"))

    def refuse(self, what: str, mend: str) -> RuleFileError:
        return RuleFileError(f"{self.file}, rule “{self.id}”: {what}.", mend=mend)

    def text(self, key: str) -> str:
        value = self.row.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(f"its {key} is missing", f"Give it a {key}.")
        return value

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        value = self.text(key) if default is None or key in self.row else default
        if value not in allowed:
            raise self.refuse(f"its {key} is “{value}”", f"Write one of: {', '.join(allowed)}.")
        return value

    def day(self, key: str) -> date | None:
        value = self.row.get(key)
        if value is not None and type(value) is not date:
            raise self.refuse(f"its “{key}” is not a date", "Write it as YYYY-MM-DD, without quotes.")
        return value

    def count(self, text: object) -> Count:
        try:
            return read_count(str(text))
        except ValueError as error:
            raise self.refuse(str(error), "Mend the count.") from error

    def known_keys(self, row: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
        unknown = sorted(set(row) - set(allowed))
        if unknown:
            raise self.refuse(f"{where} says “{unknown[0]}”, which means nothing here", _nearest(unknown[0], allowed))


def _rule(entry: _Entry) -> Rule:
    entry.known_keys(entry.row, (*_REQUIRED, *_OPTIONAL), "it")
    for key in ("id", "sentence", "falls_to", "citation"):
        entry.text(key)
    since, until = entry.day("from"), entry.day("until")
    if since is None:
        raise entry.refuse("the day it came into force is missing", "Give it “from”, a date.")
    if until is not None and until < since:
        raise entry.refuse("it stops being in force before it starts", "Put “until” after “from”.")
    link = entry.one_of("link", LINKS, "ref")
    nth_from, nth_until = _nth(entry)
    rule = Rule(
        id=entry.id,
        process=entry.process,
        sentence=entry.text("sentence"),
        citation=entry.text("citation"),
        checked=entry.one_of("checked", CHECKED),
        standing=entry.one_of("standing", STANDINGS),
        falls_to=entry.text("falls_to"),
        since=since,
        until=until,
        count=entry.count(entry.row.get("count", "")),
        then=tuple(entry.count(text) for text in entry.row.get("then", [])),
        inclusive=entry.one_of("mode", _MODES, "day0") == "inclusive",
        before_or_within=bool(entry.row.get("before_or_within", False)),
        link=link,
        nth_from=nth_from,
        nth_until=nth_until,
        opened_by=_watches(entry, "opened_by", link),
        completed_by=_watches(entry, "completed_by", link),
        ends=_watches(entry, "ends", link),
        conditions=tuple(_while(entry, row) for row in entry.row.get("while", [])),
        child_age_from=entry.row.get("child_age_from"),
        child_age_under=entry.row.get("child_age_under"),
        warn=entry.count(entry.row.get("warn", "CD+0")),
        file=entry.file,
    )
    _check_counting(entry, rule)
    return rule


def _check_counting(entry: _Entry, rule: Rule) -> None:
    if any(count.n < 0 for count in (rule.count, *rule.then)):
        raise entry.refuse("it counts backwards from what opens it", "Open it by an earlier fact.")
    if rule.inclusive and any(count.unit in ("M", "H") or count.n < 1 for count in (rule.count, *rule.then)):
        raise entry.refuse("only days and weeks can begin with the day itself", "Count it in WD, CD or W.")
    if rule.then and rule.warn.n > 0:
        raise entry.refuse("its warning counts from its opening, but it recurs", "Write the warning as, say, CD-7.")


def _watches(entry: _Entry, key: str, link: str) -> tuple[Watch, ...]:
    rows = entry.row.get(key, [])
    rows = [rows] if isinstance(rows, Mapping) else rows
    if not rows and key in _REQUIRED:
        raise entry.refuse(f"its {key} is missing", f"Say which fact it is {key.replace('_', ' ')}.")
    return tuple(_watch(entry, key, row, link) for row in rows)


def _watch(entry: _Entry, key: str, row: Mapping[str, Any], link: str) -> Watch:
    entry.known_keys(row, _WATCH_KEYS, f"its {key}")
    fact = str(row.get("fact", ""))
    if fact not in KNOWN_FACTS:
        raise entry.refuse(f"“{fact}” is not a fact that Kith holds", _nearest(fact, sorted(KNOWN_FACTS)))
    own_link = row.get("link", link)
    if own_link not in LINKS:
        raise entry.refuse(f"its {key} is linked by “{own_link}”", f"Write one of: {', '.join(LINKS)}.")
    # The end of a period is final: it holds for whatever is recorded afterwards too.
    first = row.get("first", key == "ends" and fact.endswith(".ended") and own_link != "child")
    return Watch(fact, _texts(row, "code"), _texts(row, "outcome"), row.get("counts"), own_link, first)


def _while(entry: _Entry, row: Mapping[str, Any]) -> While:
    entry.known_keys(row, _WHILE_KEYS, "its while")
    period = str(row.get("no", row.get("period", "")))
    if period not in PERIOD_KINDS:
        raise entry.refuse(f"“{period}” is not a period that Kith holds", _nearest(period, PERIOD_KINDS))
    ages = [entry.count(row[key]) if key in row else None for key in ("age_from", "age_under")]
    if any(age is not None and age.unit in ("WD", "H") for age in ages):
        raise entry.refuse("the age of a period is counted in working days or hours", "Count it in CD, W or M.")
    return While(period, _texts(row, "code"), _texts(row, "not_code"), ages[0], ages[1], "no" in row)


def _nth(entry: _Entry) -> tuple[int, int | None]:
    text = str(entry.row.get("nth", "1+"))
    try:
        return (int(text[:-1]), None) if text.endswith("+") else (int(text), int(text))
    except ValueError as error:
        raise entry.refuse(f"its nth is “{text}”", "Write 1 for the first only, 2+ for the second onwards.") from error


def _texts(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


def _waiting(entry: _Entry) -> Waiting:
    texts = {key: entry.text(key) for key in ("id", "sentence", "count", "citation", "waiting_for")}
    entry.known_keys(entry.row, (*texts, "checked", "standing"), "it")
    checked, standing = entry.one_of("checked", CHECKED), entry.one_of("standing", STANDINGS)
    return Waiting(process=entry.process, checked=checked, standing=standing, **texts)


def _nearest(word: str, allowed: Iterable[str]) -> str:
    choices = list(allowed)
    near = difflib.get_close_matches(word, choices, n=1)
    return f"Did you mean “{near[0]}”?" if near else f"Write one of: {', '.join(choices)}."


def _check_versions(rules: Sequence[Rule]) -> None:
    for earlier, later in pairwise(rules):
        if earlier.id == later.id and (earlier.until is None or later.since <= earlier.until):
            raise RuleFileError(
                f"{later.file}, rule “{later.id}”: two versions are in force on {later.since}.",
                mend=f"End the earlier one with “until = {later.since - timedelta(days=1)}”.",
            )


def _check_names(rules: Sequence[Rule], waiting: Sequence[Waiting]) -> None:
    running = {rule.id for rule in rules}
    for entry in waiting:
        if entry.id in running:
            raise RuleFileError(
                f"Rule “{entry.id}” runs and is also listed as waiting.", mend="Take it off the waiting list."
            )
