"""Reading measures: the whole service's, in few queries, and for a viewer those of the children they may see."""

from __future__ import annotations

from datetime import date

from kith.record.deadlines.measuring import BASES, Tally, tallies

from .book import Measure, measures


def whole_service(*, on: date) -> dict[str, Tally]:
    """The tally of every measure that can be counted, by id: it holds no child's name. Two queries for each basis."""
    by_basis = {basis: [each for each in measures().values() if each.basis == basis] for basis in BASES}
    found: dict[str, Tally] = {}
    for basis, some in by_basis.items():
        rules = {rule for each in some for rule in each.running}
        counted = tallies(basis, rules, on=on)
        found |= {each.id: _sum(each, counted) for each in some if each.running}
    return found


def _sum(measure: Measure, counted: object) -> Tally:
    table: dict[tuple[str, str], Tally] = counted  # type: ignore[assignment]
    return sum((table.get((rule, measure.counts), Tally()) for rule in measure.running), start=Tally())


def of_one(measure: Measure, *, on: date) -> Tally:
    """The whole service's tally of one measure."""
    return _sum(measure, tallies(measure.basis, measure.running, on=on))
