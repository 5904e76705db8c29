"""Reading measures: the whole service's, in few queries, and for a viewer those of the children they may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kith.record.deadlines.measuring import BASES, Tally, tallies

from .book import Measure, measures


def whole_service(*, on: date) -> dict[str, Tally]:
    """The tally of every measure that can be counted, by id: it holds no child's name. Four queries."""
    return _tallied([each for each in measures().values() if each.running], on=on)


def of_one(measure: Measure, *, on: date) -> Tally:
    """The whole service's tally of one measure."""
    return _tallied([measure], on=on)[measure.id]


def _tallied(some: Iterable[Measure], *, on: date) -> dict[str, Tally]:
    chosen = list(some)
    rules_of = {basis: {rule for each in chosen if each.basis == basis for rule in each.running} for basis in BASES}
    table = tallies(rules_of, on=on)
    return {
        each.id: sum((table[each.basis, rule, each.counts] for rule in each.running), start=Tally()) for each in chosen
    }
