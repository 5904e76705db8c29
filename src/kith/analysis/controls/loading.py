"""Reads the files that controls are written in, and refuses, in plain words, one that could mislead."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from kith.statutory.timescales.counts import read_count
from kith.statutory.timescales.facts import KNOWN_FACTS
from kith.statutory.timescales.rules import CHECKED, LINKS, STANDINGS, Watch
from kith.vocabulary.errors import KithError

from .shapes import REQUIRES, Control

_TEXTS = ("id", "name", "sentence", "why", "citation", "owner")
_WORDS = ("one", "many", "held", "not_held")
_NUMBERS = ("aim", "stopped_below")
_TABLES = ("words", "expects", "holds")
_KNOWN = {*_TEXTS, "checked", "standing", *_NUMBERS, *_TABLES}
_WATCH = {"fact", "code", "outcome", "counts", "link"}


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
    words, holds = row["words"], row["holds"]
    try:
        within = read_count(str(holds.get("within", "")))
    except ValueError as error:
        raise _refusal(name, str(error), "Write within as CD+0, WD+5 or H+72.") from error
    if within.n < 0:
        raise _refusal(name, "it looks back before the day it was expected", "Raise it by an earlier fact.")
    return Control(
        **{key: str(row[key]) for key in _TEXTS},
        checked=_one_of(name, row, "checked", CHECKED),
        standing=_one_of(name, row, "standing", STANDINGS),
        one=words["one"],
        many=words["many"],
        held_words=words["held"],
        not_held_words=words["not_held"],
        expects=_watch(name, row["expects"], extra=set()),
        holds=_watch(name, holds, extra={"requires", "within"}),
        requires=_one_of(name, holds, "requires", REQUIRES),  # type: ignore[arg-type]
        within=within,
        aim=float(row["aim"]),
        stopped_below=float(row["stopped_below"]),
    )


def _check_keys(name: str, row: Mapping[str, Any]) -> None:
    lacking = [key for key in sorted(_KNOWN) if row.get(key) in (None, "", {})]
    lacking += [f"words.{key}" for key in _WORDS if not row.get("words", {}).get(key)]
    if lacking:
        raise _refusal(name, f"{lacking[0]} is missing", f"Give it {lacking[0]}.")
    if unknown := sorted(set(row) - _KNOWN):
        raise _refusal(name, f"“{unknown[0]}” means nothing here", f"Known are: {', '.join(sorted(_KNOWN))}.")


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
