"""Each rule of the census: a clean census passes them all, and one change of it breaks the rule and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from tests.unit.statutory.returns.cin_mutations import MUTATIONS, OF_2024, Mutation, mutated

from kith.statutory.returns.checking_returns import check_cin
from kith.statutory.returns.cin_census.rules import BOOK
from kith.synthetic.clean_census import clean_census

EACH = [(code, each) for group in (MUTATIONS, OF_2024) for code, each in group.items()]


def _broken(root: etree._Element, folder: Path) -> set[str]:
    """The codes of the rules that the census breaks, as the real reader reads it."""
    path = folder / "census.xml"
    etree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    checked = check_cin([path])
    assert not checked.outcome.not_run
    assert checked.returned.rows_in == checked.returned.rows_read
    return set(checked.outcome.issues["rule"])


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_a_clean_census_passes_every_rule_of_its_year(year: int, tmp_path: Path) -> None:
    assert _broken(clean_census(year=year), tmp_path) == set()


def test_every_rule_has_a_change_that_breaks_it() -> None:
    assert set(MUTATIONS) == set(BOOK.codes(2026))
    assert set(OF_2024) == {rule.code for rule in BOOK if rule.until == 2024}


@pytest.mark.parametrize(("code", "mutation"), EACH, ids=[f"{code}-{each.year}" for code, each in EACH])
def test_one_change_breaks_the_rule_and_no_other(code: str, mutation: Mutation, tmp_path: Path) -> None:
    assert _broken(mutated(mutation), tmp_path) == {code, *mutation.also}
    assert bool(mutation.also) == bool(mutation.why)
