"""What each duty is called in a few words, and which duties belong together."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from kith.statutory.timescales.fact_words import fact_in_words
from kith.statutory.timescales.loading import rule_book

TITLES = Path(__file__).with_name("data") / "titles.toml"


@cache
def titles() -> dict[str, str]:
    """The short title of every rule of somebody's record; one that has none yet is called by its sentence."""
    short = tomllib.loads(TITLES.read_text(encoding="utf-8"))
    return {rule.id: short.get(rule.id, rule.sentence) for rule in rule_book().rules if not rule.of_nobody}


def title_of(rule: str) -> str:
    """A rule's short title; a rule that has left the book is called by its own name."""
    return titles().get(rule) or rule.replace("_", " ").capitalize()


@cache
def subjects() -> dict[str, tuple[str, ...]]:
    """The rules of each subject, by the name of the rule file they come from."""
    found: dict[str, list[str]] = {}
    for rule in rule_book().rules:
        found.setdefault(rule.file.removesuffix(".toml"), []).append(rule.id)
    return {subject: tuple(dict.fromkeys(rules)) for subject, rules in sorted(found.items())}


@cache
def unless(rule: str) -> str:
    """What would meet a rule, in words that follow "unless by then": "the child was visited". Empty for a limit."""
    watched = next((each.completed_by for each in rule_book().rules if each.id == rule), ())
    return " or ".join(dict.fromkeys(fact_in_words(watch.fact) for watch in watched))


@cache
def met_by(fact: str) -> frozenset[str]:
    """The rules that a fact of this name may meet: which clocks a visit moves, for one."""
    return frozenset(rule.id for rule in rule_book().rules if any(watch.fact == fact for watch in rule.completed_by))
