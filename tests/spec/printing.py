"""Prints the drawn tables and the rule book as docs/generated/timescales.md. Run: python -m tests.spec.printing."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from kith.statutory.timescales.fact_words import fact_in_words, roles, why_waiting
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.rules import CHECKED, Rule, Watch, While
from kith.statutory.timescales.why import Why, why
from kith.vocabulary.working_days import england
from tests.spec import drawn

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "generated" / "timescales.md"
_STATES = {
    "not_due": "not due",
    "due_soon": "due soon",
    "overdue": "overdue",
    "met": "met",
    "met_late": "met late",
    "ended": "ended",
    "not_required": "not required",
    "voided": "void",
}


def manual() -> str:
    """The whole page."""
    book = rule_book()
    rules = sorted(book.whole, key=lambda rule: (rule.process, rule.id))
    apart = sum(rule.of_nobody for rule in book)
    lines = [
        "# Timescales",
        "",
        "Made by `make docs` from the rule files and from the tests in tests/spec; do not edit. Every case and story",
        "here is a test that runs.",
        "",
        f"{len(rules)} rules. {len(book.rules)} run: {apart} about the authority itself, on the returns' pages, the",
        f"others in the record. {len(book.waiting)} wait for facts that Kith does not hold yet: see the last part.",
        "",
        *_counting(),
        *_rules(rules),
        *_stories(),
        *_waiting(book.waiting),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _counting() -> list[str]:
    calendar = england()
    rows = []
    for case in drawn.table("counting"):
        day, moment = drawn.day_and_time(case["opened"])
        shown = why(rule=rule_book().rule(case["rule"]), opened_on=day, opened_at=moment, calendar=calendar)
        rows.append((case["shows"], shown.count, _said(case["opened"]), _said(case["due"]), _left_out(shown)))
    intro = [
        "## How days are counted",
        "",
        "The day it opens is day 0. Working days are Monday to Friday, leaving out bank holidays; weeks, months and",
        f"hours never move for one. Bank holidays: {calendar.known_from.year} to {calendar.known_until.year}. Source:",
        f"{calendar.source}.",
        "",
    ]
    return [*intro, *_table(("what it shows", "count", "opened", "due", "holidays left out"), rows), ""]


def _rules(rules: Iterable[Rule]) -> list[str]:
    cases = {case["rule"]: case for case in drawn.table("rules")}
    lines = ["## The rules", ""]
    for process, group in groupby(rules, key=lambda rule: rule.process):
        lines += [f"### {process}", ""]
        for rule in group:
            lines += _rule(rule, cases[rule.id])
    return lines


def _rule(rule: Rule, case: Mapping[str, Any]) -> list[str]:
    counted = " then ".join(str(count) for count in (rule.count, *rule.then))
    also = " Or done beforehand." if rule.before_or_within else ""
    ends = f" Ends when {_any_of(rule.ends)}." if rule.ends else ""
    again = " Doing it starts it again." if rule.recurs else ""
    number = " A council may change the number." if rule.local else ""
    waits = f" **Waits for:** {_facts(rule.waits_for)}." if rule.waits_for else ""
    return [
        f"**{rule.sentence}.** `{rule.id}`",
        "",
        f"Opens when {_any_of(rule.opened_by)}; `{counted}`; met when {_any_of(rule.completed_by)}.{also}{again}{ends}"
        + "".join(f" {only}." for only in _only(rule)),
        f"Falls to {roles()[rule.falls_to]}; a warning at `{rule.warn}`.{number}{waits}",
        f"{rule.citation} ({rule.standing}; {CHECKED[rule.checked]}). {_in_force(rule)}.",
        "",
        *_table(("opened", "due", "done", "state"), _drawn(rule, case)),
        "",
    ]


def _drawn(rule: Rule, case: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    due, after = case["due"], drawn.later(case["due"], days=1)[:10]
    missed = "ended" if rule.lapses else "overdue"
    late = "ended" if rule.lapses else "met late"
    return [
        (_said(case["opened"]), _said(due), _said(due), "met"),
        ("", "", _said(drawn.too_late(rule, due)), late),
        ("", "", f"not by {_said(after)}", missed),
    ]


def _in_force(rule: Rule) -> str:
    if not rule.commenced:
        return "Not in force: no day is set yet (drawn as if from 29 April 2026)"
    until = f" until {_said(rule.until.isoformat())}" if rule.until else ""
    return f"In force from {_said(rule.version)}{until}"


def _facts(facts: Iterable[str]) -> str:
    return "; ".join(fact_in_words(fact) for fact in facts)


def _only(rule: Rule) -> list[str]:
    """What must be so on the day it opens, a sentence for each."""
    words = [_condition(condition) for condition in rule.conditions]
    if rule.child_age_from is not None:
        words.append(f"Only for a child of {rule.child_age_from} or over")
    if rule.child_age_under is not None:
        words.append(f"Only for a child under {rule.child_age_under}")
    if rule.early:
        words.append(f"It may be done up to {rule.early.words} before")
    if rule.leg:
        way = "before" if rule.leg.count.n < 0 else "after"
        sooner = "later" if rule.leg.later else "sooner"
        counted = f"{rule.leg.count.words} {way} {fact_in_words(rule.leg.fact)}"
        words.append(f"Or {counted}, if that is {sooner}")
    if rule.lapses:
        words.append("It closes by itself, and is never late")
    if rule.gives_way_to:
        words.append(f"Not where one of these opens: {', '.join(f'`{other}`' for other in rule.gives_way_to)}")
    if (rule.nth_from, rule.nth_until) != (1, None):
        words.append(f"Only number {rule.nth_from}{'' if rule.nth_until else ' onwards'}")
    return words


def _condition(condition: While) -> str:
    kind = condition.period.replace("_", " ")
    codes = f" {', '.join(condition.codes)}" if condition.codes else ""
    others = f" other than {', '.join(condition.not_codes)}" if condition.not_codes else ""
    age = f" that began at least {condition.age_from.words} ago" if condition.age_from else ""
    young = f" that began less than {condition.age_under.words} ago" if condition.age_under else ""
    return f"{'Not' if condition.absent else 'Only'} while there is a {kind}{codes}{others}{age}{young}"


def _stories() -> list[str]:
    lines = ["## Stories", ""]
    for story in drawn.table("stories"):
        lines += [f"**{story['shows']}.** As it stands on {_said(story['on'])}.", ""]
        lines += [f"- {_said(fact['on'])}: {_told(fact)}" for fact in story["facts"]]
        rows = [
            (
                f"`{row.get('rule', story['rules'][0])}`",
                row["by"],
                _said(row["due"]),
                _STATES[row["state"]],
                _said(row.get("met", "")),
            )
            for row in story["rows"]
        ]
        lines += ["", *_table(("rule", "opened by", "due", "state", "done"), rows), ""]
    return lines


def _waiting(waiting: Sequence[Rule]) -> list[str]:
    lines = ["## Rules that wait for facts", ""]
    if not waiting:
        return [*lines, "None: Kith holds what every rule asks for."]
    ordered = sorted(waiting, key=lambda rule: (rule.process, rule.id))
    for process, group in groupby(ordered, key=lambda rule: rule.process):
        rows = [(f"`{rule.id}`", _facts(rule.waits_for), _why(rule)) for rule in group]
        lines += [f"### {process}", "", *_table(("rule", "waiting for", "why it is not told yet"), rows), ""]
    return lines


def _why(rule: Rule) -> str:
    """Why what is held does not say it; empty where it only lacks a form."""
    return "; ".join(why_waiting()[fact] for fact in rule.waits_for if fact in why_waiting())


def _left_out(shown: Why) -> str:
    return ", ".join(f"{left.name} ({left.day.day} {left.day:%b})" for left in shown.holidays)


def _any_of(watches: Iterable[Watch]) -> str:
    return ", or ".join(dict.fromkeys(_watch(watch) for watch in watches))


def _watch(watch: Watch) -> str:
    kinds = f" ({', '.join((*watch.codes, *watch.outcomes))})" if watch.codes or watch.outcomes else ""
    return fact_in_words(watch.fact) + kinds


def _told(fact: Mapping[str, Any]) -> str:
    kinds = ", ".join(str(fact[key]) for key in ("code", "outcome") if key in fact)
    unseen = "; it does not count" if fact.get("counts") is False else ""
    return f"{fact['ref']}: {fact_in_words(fact['fact'])}{f' ({kinds})' if kinds else ''}{unseen}"


def _said(text: str) -> str:
    if not text:
        return ""
    day = date.fromisoformat(text[:10])
    return f"{day:%a} {day.day} {day:%b %Y}{text[10:]}"


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    heads = list(headings)
    cells = [" | ".join(cell.replace("|", "/") for cell in row) for row in rows]
    return [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads), *(f"| {row} |" for row in cells)]


def main() -> None:
    """Writes the page, or prints it with --stdout."""
    if "--stdout" in sys.argv[1:]:
        sys.stdout.write(manual())
        return
    MANUAL.parent.mkdir(parents=True, exist_ok=True)
    MANUAL.write_text(manual(), encoding="utf-8")


if __name__ == "__main__":
    main()
