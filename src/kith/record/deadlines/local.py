"""The rule book as this council has it: the one that comes with Kith, and the council's own numbers from their days."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from kith.foundation.prepared import Prepared
from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.overrides import Override, with_overrides
from kith.statutory.timescales.rules import Rule

from .models import LocalDefault

Changes = tuple[Override, ...]
COLUMNS = ("rule", "field", "value", "since", "by__name", "why", "pk")
_made = Prepared(lambda: LocalDefault.objects.values_list(*COLUMNS))


def changes() -> Changes:
    """Every change that this council has made, in the order they were made. One query."""
    return changes_in(_made.ask())


def changes_in(rows: Iterable[tuple[Any, ...]]) -> Changes:
    """The changes that rows of `COLUMNS` hold, in the order they were made."""
    known = {rule.id for rule in rule_book().whole}
    return tuple(Override(*row[:-1]) for row in sorted(rows, key=itemgetter(-1)) if row[0] in known)


def local_book() -> RuleBook:
    """The rule book with the council's own numbers."""
    return with_changes(changes())


@lru_cache(maxsize=8)
def with_changes(made: Changes) -> RuleBook:
    """The rule book with these numbers: worked out once for each set of them."""
    return with_overrides(rule_book(), made) if made else rule_book()


def local_rules() -> list[Rule]:
    """The timescales that are the council's own to set, as they stand today and later, in order of their name."""
    latest = {rule.id: rule for rule in local_book().whole if rule.local and rule.commenced}
    return [latest[key] for key in sorted(latest)]


def history_of(rule: str) -> QuerySet[LocalDefault]:
    """Every change of one timescale, the newest first, with who made it."""
    return LocalDefault.objects.filter(rule=rule).select_related("by").order_by("-pk")


def times_changed(rule: str) -> int:
    """How many times this timescale was changed: a form is written against this number."""
    return LocalDefault.objects.filter(rule=rule, field="count").count()
