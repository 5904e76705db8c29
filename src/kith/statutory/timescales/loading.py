"""Reads the rule files and refuses, in plain words, any rule that could mislead a clock."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.entries import Entry, RuleFileError, rule_from
from kith.statutory.timescales.rules import Rule
from kith.statutory.timescales.soundness import check_book, check_rule

__all__ = ["RuleFileError", "read_rules", "rule_book"]


@cache
def rule_book() -> RuleBook:
    """The rules that come with Kith. Read once; raises RuleFileError when a file is wrong."""
    folder = files("kith.statutory.timescales").joinpath("data")
    texts = {item.name: item.read_text(encoding="utf-8") for item in folder.iterdir() if item.name.endswith(".toml")}
    return read_rules(texts)


def read_rules(texts: Mapping[str, str]) -> RuleBook:
    """A rule book from the text of its files, by file name. Raises RuleFileError.

    A rule that needs a fact which Kith does not hold yet is whole, and waits.
    """
    rules: list[Rule] = []
    for name in sorted(texts):
        data = _parsed(name, texts[name])
        process = str(data.get("process", name.removesuffix(".toml")))
        rules += [_rule(Entry(name, process, row)) for row in data.get("rule", [])]
    rules.sort(key=lambda rule: (rule.id, rule.since))
    check_book(rules)
    return RuleBook(
        tuple(rule for rule in rules if not rule.waits_for), tuple(rule for rule in rules if rule.waits_for)
    )


def _rule(entry: Entry) -> Rule:
    rule = rule_from(entry)
    check_rule(entry, rule)
    return rule


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleFileError(f"{name} cannot be read: {error}.", mend="Mend the line it names.") from error
