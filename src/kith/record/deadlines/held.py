"""Which facts this record holds, and so which clocks it can be judged by: one that nothing could meet says nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import polars as pl
from django.db.models import DateField, QuerySet, Value

from kith.foundation.prepared import Prepared
from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.coverage import judgeable
from kith.statutory.timescales.fact_words import BIRTHDAY
from kith.statutory.timescales.loading import rule_book

from . import local, sources
from .models import HeldFact, LocalDefault

Pairs = frozenset[tuple[str, str]]
SINCE = local.COLUMNS.index("since")


@Prepared
def _held_and_changed() -> QuerySet[Any, Any]:
    """In one query: each fact that is held, without a day; and what the council changed, each with its day."""
    nothing = (Value(""), Value(None, DateField()), Value(""), Value(""), Value(0))
    held = HeldFact.objects.values_list("fact", "code", *nothing)
    return held.union(LocalDefault.objects.values_list(*local.COLUMNS), all=True)


def judged_by(facts: pl.DataFrame) -> tuple[RuleBook, bool]:
    """The rules to judge by, with these facts now held too; and whether a rule they brought in may open for others too.

    Beside another system an extract may hold no core groups at all: then every core group would seem late. Such a rule
    waits until the first one arrives; nobody else need be looked at where nothing that opens it was held before. Work
    of a kind that has a page of its own in Kith always counts as held.
    """
    rows = _held_and_changed.ask()
    known: Pairs = frozenset(row[:2] for row in rows if row[SINCE] is None)
    found: Pairs = frozenset(facts.select("fact", pl.col("code").fill_null("")).unique().iter_rows())
    made = local.changes_in(row for row in rows if row[SINCE] is not None)
    before, new = _rules(known, made), found - known
    if not new:
        return before, False
    HeldFact.objects.bulk_create([HeldFact(fact=fact, code=code) for fact, code in sorted(new)], ignore_conflicts=True)
    now = _rules(known | found, made)
    return now, _opens_for_others(before, now, {fact for fact, _ in known})


def _opens_for_others(before: RuleBook, now: RuleBook, known: set[str]) -> bool:
    """Whether a rule that was left out before may open on what was known already, or on what time itself makes."""
    judged = {rule.id for rule in before.rules}
    new = [rule for rule in now.rules if rule.id not in judged]
    return any(watch.fact in known or watch.fact == BIRTHDAY for rule in new for watch in rule.opened_by)


@lru_cache(maxsize=16)
def _rules(held: Pairs, made: local.Changes) -> RuleBook:
    native = {
        (watch.fact, code)
        for rule in rule_book().rules
        for watch in rule.completed_by
        if watch.fact.split(".")[0] in sources.recorded_here
        for code in (watch.codes or ("",))
    }
    rows = [(fact, code or None) for fact, code in sorted(held | native)]
    frame = pl.DataFrame(rows, schema={"fact": pl.String, "code": pl.String}, orient="row")
    return judgeable(rules=local.with_changes(made), facts=frame)[0]


def left_out() -> list[str]:
    """The ids of the rules that wait for a fact nobody has brought yet: what did not run is named."""
    now = _rules(frozenset(HeldFact.objects.values_list("fact", "code")), ())
    kept = {rule.id for rule in now.rules}
    return sorted({rule.id for rule in rule_book().rules if not rule.of_nobody} - kept)
