"""Each rule of the census: the borough's own census passes it, and one change breaks it and no other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from tests.unit.statutory.returns.cin_mutations import MUTATIONS, OF_2024, Mutation, mutated
from tests.unit.statutory.returns.cin_roles import Census, chosen

from kith.statutory.returns.checking_returns import check_cin
from kith.statutory.returns.cin_census.rules import BOOK
from kith.statutory.returns.cin_census.writer import Source, write_census
from kith.synthetic.borough import Borough
from kith.synthetic.clean_census import clean_census

EACH = [(code, each) for group in (MUTATIONS, OF_2024) for code, each in group.items()]


@pytest.fixture(scope="session")
def built(faultless: Borough, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Census]:
    """A few children of the borough's own census of each year that a change is made in."""
    path, source = tmp_path_factory.mktemp("built") / "census.xml", Source("999", datetime(2026, 4, 30, 9, tzinfo=UTC))
    found = {}
    for year in sorted({each.year for _, each in EACH}):
        write_census(faultless.dataset, path, year=year, source=source)
        found[year] = chosen(path, year=year)
    return found


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


@pytest.mark.parametrize("year", [2024, 2026])
def test_what_was_built_passes_every_rule_before_it_is_changed(
    built: dict[int, Census], year: int, tmp_path: Path
) -> None:
    assert _broken(built[year].root, tmp_path) == set()


def test_every_rule_has_a_change_that_breaks_it() -> None:
    assert set(MUTATIONS) == set(BOOK.codes(2026))
    assert set(OF_2024) == {rule.code for rule in BOOK if rule.until == 2024}


@pytest.mark.parametrize(("code", "mutation"), EACH, ids=[f"{code}-{each.year}" for code, each in EACH])
def test_one_change_breaks_the_rule_and_no_other(
    code: str, mutation: Mutation, built: dict[int, Census], tmp_path: Path
) -> None:
    assert _broken(mutated(mutation, built[mutation.year]), tmp_path) == {code, *mutation.also}
    assert bool(mutation.also) == bool(mutation.why)
