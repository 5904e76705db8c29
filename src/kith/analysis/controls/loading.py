"""Reads the files that controls are written in, and refuses, in plain words, one that could mislead."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from kith.statutory.timescales.counts import read_count
from kith.statutory.timescales.facts import KNOWN_FACTS, PERIOD_KINDS
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.rules import CHECKED, LINKS, STANDINGS, Watch
from kith.vocabulary.errors import KithError

from .shapes import HOW_MANY, REQUIRES, Control, EachDay, OnClocks, OnFacts

_TEXTS = ("id", "name", "sentence", "why", "citation", "row", "owner")
_WORDS = ("one", "many", "held", "not_held")
_NUMBERS = ("aim", "stopped_below")
_NEEDED = {*_TEXTS, "checked", "standing", *_NUMBERS, "words"}
# What a control may be built from: facts that follow facts, clocks that are met, or periods that run together.
_TESTS = ({"expects", "holds"}, {"clocks"}, {"each_day"})
_KNOWN = _NEEDED.union(*_TESTS)
_WATCH = {"fact", "code", "outcome", "counts", "link"}
# What somebody's part in a child's life is called here, beside the periods; and what has its own day, as clocks do.
PARTS = {"worker": "the allocated worker", "reviewing_officer": "the reviewing officer"}
PROMISE = "promise"


class ControlFileError(KithError):
    """A control's file says something that cannot be: names the file and the mend."""


def read_controls(texts: Mapping[str, str]) -> dict[str, Control]:
    """Controls by id, in order of id, from the text of their files by file name. Raises ControlFileError."""
    found: dict[str, Control] = {}
    for name in sorted(texts):
        control = read_control(name, texts[name])
        if control.id in found:
            raise _refusal(name, f"another file also holds “{control.id}”", "Give each control an id of its own.")
        found[control.id] = control
    return dict(sorted(found.items()))


def read_control(name: str, text: str) -> Control:
    """One control from the text of its file. Raises ControlFileError, which names the file and what to mend."""
    try:
        row = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refusal(name, f"cannot be read: {error}", "Mend the line it names.") from error
    _check_keys(name, row)
    words = row["words"]
    return Control(
        **{key: str(row[key]) for key in _TEXTS},
        checked=_one_of(name, row, "checked", CHECKED),
        standing=_one_of(name, row, "standing", STANDINGS),
        one=words["one"],
        many=words["many"],
        held_words=words["held"],
        not_held_words=words["not_held"],
        test=_test(name, row),
        aim=float(row["aim"]),
        stopped_below=float(row["stopped_below"]),
    )


def _check_keys(name: str, row: Mapping[str, Any]) -> None:
    lacking = [key for key in sorted(_NEEDED) if row.get(key) in (None, "", {})]
    lacking += [f"words.{key}" for key in _WORDS if not row.get("words", {}).get(key)]
    if lacking:
        raise _refusal(name, f"{lacking[0]} is missing", f"Give it {lacking[0]}.")
    if unknown := sorted(set(row) - _KNOWN):
        raise _refusal(name, f"“{unknown[0]}” means nothing here", f"Known are: {', '.join(sorted(_KNOWN))}.")


def _test(name: str, row: Mapping[str, Any]) -> OnFacts | OnClocks | EachDay:
    given = {key for key in set().union(*_TESTS) if row.get(key)}
    if given not in _TESTS:
        missing = next((key for part in _TESTS if given < part for key in sorted(part - given) if given), "")
        what = f"{missing} is missing" if missing else "it is built from nothing, or from more than one thing"
        raise _refusal(name, what, "Write expects and holds, or clocks, or each_day.")
    if "clocks" in given:
        return _on_clocks(name, row["clocks"])
    return _each_day(name, row["each_day"]) if "each_day" in given else _on_facts(name, row["expects"], row["holds"])


def _on_facts(name: str, expects: Mapping[str, Any], holds: Mapping[str, Any]) -> OnFacts:
    try:
        within = read_count(str(holds.get("within", "")))
    except ValueError as error:
        raise _refusal(name, str(error), "Write within as CD+0, WD+5 or H+72.") from error
    if within.n < 0:
        raise _refusal(name, "it looks back before the day it was expected", "Raise it by an earlier fact.")
    return OnFacts(
        expects=_watch(name, expects, extra=set()),
        holds=_watch(name, holds, extra={"requires", "within"}),
        requires=_one_of(name, holds, "requires", REQUIRES),  # type: ignore[arg-type]
        within=within,
    )


def _on_clocks(name: str, row: Mapping[str, Any]) -> OnClocks:
    rules = _texts(row, "rules")
    known = {rule.id for rule in rule_book().rules} | {PROMISE}
    if unknown := [rule for rule in rules if rule not in known]:
        raise _refusal(
            name, f"“{unknown[0]}” is not a clock that runs", "Name rules of the book that wait for nothing."
        )
    if not rules:
        raise _refusal(name, "it names no clock", "Give clocks its rules.")
    return OnClocks(rules)


def _each_day(name: str, row: Mapping[str, Any]) -> EachDay:
    known = {*PERIOD_KINDS, *PARTS}
    for key in ("of", "has"):
        if row.get(key) not in known:
            raise _refusal(name, f"“{row.get(key)}” is no period", f"Write one of: {', '.join(sorted(known))}.")
    settled = row.get("settled", 0)
    if not isinstance(settled, int) or settled < 0:
        raise _refusal(name, "settled is not a number of days", "Write 0 or more.")
    return EachDay(row["of"], row["has"], _one_of(name, row, "how_many", HOW_MANY), settled)  # type: ignore[arg-type]


def _one_of(name: str, row: Mapping[str, Any], key: str, allowed: Mapping[Any, str] | tuple[str, ...]) -> str:
    if row.get(key) not in allowed:
        raise _refusal(name, f"its {key} is “{row.get(key)}”", f"Write one of: {', '.join(allowed)}.")
    return str(row[key])


def _watch(name: str, row: Mapping[str, Any], extra: set[str]) -> Watch:
    if unknown := sorted(set(row) - _WATCH - extra):
        raise _refusal(name, f"“{unknown[0]}” means nothing here", f"Known are: {', '.join(sorted(_WATCH | extra))}.")
    if row.get("fact") not in KNOWN_FACTS:
        raise _refusal(
            name, f"“{row.get('fact')}” is not a fact that Kith holds", "See docs/GLOSSARY.md for the facts."
        )
    link = row.get("link", "ref")
    if link not in LINKS:
        raise _refusal(name, f"it is linked by “{link}”", f"Write one of: {', '.join(LINKS)}.")
    return Watch(row["fact"], _texts(row, "code"), _texts(row, "outcome"), row.get("counts"), link)


def _texts(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


def _refusal(name: str, what: str, mend: str) -> ControlFileError:
    return ControlFileError(f"{name}: {what}.", mend=mend)
