"""The vocabulary of facts: what each means in words, and whether Kith holds it or waits for it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

# Facts that time itself makes from a date of birth, so that nobody has to record them: the code is the age.
BIRTHDAY = "birthday.reached"
# How the two ends of plain work that lasts are told: a rule sees it as it sees a period.
LASTING = {"opened": "started", "done": "ended"}


@cache
def held_facts() -> Mapping[str, str]:
    """Every fact that the record or the returns can bring, with its words."""
    return {**_words()["held"], **authority_facts()}


@cache
def authority_facts() -> Mapping[str, str]:
    """Of these, the facts about the authority itself, which are in nobody's record."""
    return _words()["authority"]


@cache
def waiting_facts() -> Mapping[str, str]:
    """Every fact that rules name and Kith does not hold yet, with its words."""
    return _words()["waiting"]


@cache
def why_waiting() -> Mapping[str, str]:
    """Of the facts that wait, some with why what Kith holds already does not say them."""
    return _words()["why_waiting"]


@cache
def declared_facts() -> frozenset[str]:
    """Every fact that a rule may name."""
    return frozenset(held_facts()) | frozenset(waiting_facts())


@cache
def declared_periods() -> tuple[str, ...]:
    """Every kind of period that a rule may ask for: one whose start is a fact."""
    return tuple(sorted(fact.removesuffix(".started") for fact in declared_facts() if fact.endswith(".started")))


def fact_in_words(fact: str) -> str:
    """What happened, as the end of "when …": "a referral was received"."""
    kind, _, moment = fact.partition(".")
    return held_facts().get(fact) or waiting_facts().get(fact) or f"{kind.replace('_', ' ')} {moment}"


def has_words(fact: str) -> bool:
    """Whether the fact has words of its own."""
    return fact in declared_facts()


@cache
def roles() -> Mapping[str, str]:
    """Everybody that a rule may fall to, with the words for them."""
    text = files("kith.statutory.timescales").joinpath("words/roles.toml").read_text(encoding="utf-8")
    found: Mapping[str, str] = tomllib.loads(text)["roles"]
    return found


@cache
def _words() -> Mapping[str, Mapping[str, Any]]:
    text = files("kith.statutory.timescales").joinpath("words/facts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def plain_kinds() -> tuple[str, ...]:
    """The kinds of work that are days, a choice and words: one form records them, one table of the dataset has them."""
    return tuple(_words()["plain"]["kinds"])


@cache
def follow_ons() -> frozenset[str]:
    """Of these, the kinds that follow another piece of work, or a home."""
    return frozenset(_words()["plain"]["follow_ons"])


@cache
def lasting_kinds() -> frozenset[str]:
    """Of these, the kinds that last: each is a period too, such as the approval of a carer."""
    return frozenset(_words()["plain"]["lasting"])


def fact_of(kind: str, moment: str) -> str:
    """The fact that a moment of a piece of work is told as: the ends of what lasts are those of a period."""
    return f"{kind}.{LASTING.get(moment, moment) if kind in lasting_kinds() else moment}"


@cache
def before_birth() -> frozenset[str]:
    """The kinds of work that may be for a child not yet born."""
    return frozenset(_words()["unborn"]["kinds"])
