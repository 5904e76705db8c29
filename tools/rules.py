"""Prints the manual of the return rules: every rule of every book, grouped by the table it judges."""

from __future__ import annotations

from itertools import groupby

from kith.statutory.returns.across.rules import BOOK as ACROSS
from kith.statutory.returns.annex_a.rules import BOOK as ANNEX_A
from kith.statutory.returns.cin_census.rules import BOOK as CIN
from kith.statutory.returns.rules import Rule, RuleBook
from kith.statutory.returns.ssda903.rules import BOOK as SSDA903

_NEEDS = {
    "last_year": "last year's return",
    "postcodes": "a directory of postcodes",
    "providers": "a list of providers",
    "authority": "the returning authority's code",
    "xml": "the form of XML",
}


def cin() -> str:
    """docs/generated/rules/cin.md."""
    return _manual(CIN, "The rules of the children in need census")


def ssda903() -> str:
    """docs/generated/rules/ssda903.md."""
    return _manual(SSDA903, "The rules of the looked-after children return (SSDA903)")


def annex_a() -> str:
    """docs/generated/rules/annex_a.md."""
    return _manual(ANNEX_A, "The rules of the Annex A lists")


def across() -> str:
    """docs/generated/rules/across.md."""
    return _manual(ACROSS, "One child across returns")


def _manual(book: RuleBook, title: str) -> str:
    lines = [
        f"# {title}",
        "",
        "Made by `make docs` from the rules themselves; do not edit. Each sentence says what must be true. A year is",
        f"the one whose 31 March ends the collection. {len(book.codes())} codes; in force {_counts(book)}.",
    ]
    ordered = sorted(book, key=lambda rule: rule.tables[0])
    for table, rules in groupby(ordered, key=lambda rule: rule.tables[0]):
        head = ["| Rule | What must be true | Fields | When | Shape |", "|---|---|---|---|---|"]
        lines += ["", f"## {table}", "", *head]
        lines += [_row(rule) for rule in rules]
    return "\n".join(lines) + "\n"


def _counts(book: RuleBook) -> str:
    return ", ".join(f"{len(book.codes(year))} in {year}" for year in (2024, 2025, 2026, 2027))


def _row(rule: Rule) -> str:
    said = [rule.sentence, rule.note, _needs(rule), _also(rule)]
    shown = " ".join(each for each in said if each).replace("|", "\\|")
    severity = "" if rule.severity == "error" else " (query)"
    return f"| {rule.code}{severity} | {shown} | {', '.join(rule.fields)} | {_years(rule)} | {rule.shape} |"


def _needs(rule: Rule) -> str:
    return f"Needs {' and '.join(_NEEDS[each] for each in rule.needs)}." if rule.needs else ""


def _also(rule: Rule) -> str:
    others = rule.tables[1:]
    return f"Names rows of {' and '.join(others)} too." if others else ""


def _years(rule: Rule) -> str:
    if rule.since is None and rule.until is None:
        return "every year"
    since = f"from {rule.since}" if rule.since else ""
    until = f"to {rule.until}" if rule.until else ""
    return " ".join(each for each in (since, until) if each)
