"""The council's own timescales in words, for their pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from kith.foundation.screens.words import nice_date
from kith.statutory.timescales.counts import Count, read_count
from kith.statutory.timescales.fact_words import fact_in_words, roles
from kith.statutory.timescales.rules import Rule

from .duties import titles
from .local import local_book
from .models import LocalDefault

FIELDS = {"count": "How long", "then": "After the first", "warn": "Due soon", "falls_to": "Falls to"}


def row(rule: Rule, *, on: date) -> list[Any]:
    """One timescale as a row of the table: its name, its number today, what comes later, who set it."""
    now = next((each for each in local_book().whole if each.id == rule.id and each.in_force(on)), rule)
    later = f"; {how_long(rule)} from {nice_date(rule.since)}" if rule.since > on else ""
    name = {"words": titles().get(rule.id, rule.sentence), "url": reverse("deadlines:timescale", args=[rule.id])}
    return [name, f"{how_long(now)}{later}", "This council" if rule.set_by else "As it came"]


def how_long(rule: Rule) -> str:
    """Its number in words: "20 working days", "2 working days before", "6 months, then every 3 months"."""
    return ", then ".join([_first_words(rule.count), *(f"every {count.words}" for count in rule.then)])


def _first_words(count: Count) -> str:
    if not count.n and not count.written and count.unit != "TERM":
        return f"the same day at {count.clock:%H:%M}" if count.clock else "the same day"
    return f"{count.words} before" if count.n < 0 else count.words


def about(rule: Rule) -> list[tuple[str, object]]:
    """The timescale as it stands."""
    rows: list[tuple[str, object]] = [
        ("The rule", f"{rule.sentence}."),
        ("It begins when", fact_in_words(rule.opened_by[0].fact)),
        ("How long", how_long(rule)),
        ("In force from", nice_date(rule.since)),
        ("Falls to", roles().get(rule.falls_to, rule.falls_to)),
        ("Set by", rule.set_by or "It is as it came with Kith."),
        ("Source", rule.citation),
    ]
    if rule.waits_for:
        rows.append(("Waits until Kith holds when", "; ".join(fact_in_words(fact) for fact in rule.waits_for)))
    return rows


def history(made: Iterable[LocalDefault]) -> list[list[str]]:
    """Every change as a row: from when, what, who, when it was said and why."""
    return [
        [
            nice_date(each.since),
            f"{FIELDS[each.field]}: {_value(each)}",
            each.by.name,
            nice_date(each.at.date()),
            each.why,
        ]
        for each in made
    ]


def _value(each: LocalDefault) -> str:
    if each.field == "falls_to":
        return roles().get(each.value, each.value)
    if not each.value.strip():
        return "nothing more"
    counts = [read_count(text.strip()) for text in each.value.split(",")]
    if each.field == "warn":
        return f"{counts[0].words} before"
    return ", then ".join(_first_words(count) for count in counts)
