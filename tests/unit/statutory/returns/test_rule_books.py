"""The books of rules: every published rule is there, in its years; a rule that breaks is named and the rest run."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kith.statutory.returns.cin_census.rules import BOOK as CIN
from kith.statutory.returns.rule_running import Return, run
from kith.statutory.returns.rule_shapes import required, when
from kith.statutory.returns.rules import QUERY, RuleBook, rules_of
from kith.statutory.returns.ssda903.rules import BOOK as SSDA903

ROOT = Path(__file__).parents[4]
SPECIFICATIONS = ROOT.parent / "shared" / "specs" / "returns"
BOOKS = {"cin_rules.csv": CIN, "ssda903_rules.csv": SSDA903}
YEARS = (2024, 2025, 2026, 2027)


def test_the_books_hold_as_many_rules_in_each_year_as_were_published_for_it() -> None:
    assert [len(CIN.codes(year)) for year in YEARS] == [105, 109, 109, 109]
    assert [len(SSDA903.codes(year)) for year in YEARS] == [312, 305, 312, 323]


@pytest.mark.parametrize("name", BOOKS)
def test_every_active_rule_of_the_specification_is_in_the_book(name: str) -> None:
    if not SPECIFICATIONS.is_dir():
        pytest.skip(
            "the shared folder beside the project is not here: the book was not compared with the published list"
        )
    with (SPECIFICATIONS / name).open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row.get("status", "active") == "active"]
    assert {row["code"] for row in rows} <= set(BOOKS[name].codes(2027))


@pytest.mark.parametrize("book", BOOKS.values(), ids=lambda book: book.name)
def test_a_code_stands_for_one_rule_in_a_year_and_each_rule_says_what_must_be_true(book: RuleBook) -> None:
    for year in YEARS:
        twice = [code for code, times in Counter(rule.code for rule in book.of_year(year)).items() if times > 1]
        assert not twice
    for rule in book:
        assert rule.sentence.endswith(".") and rule.sentence[0].isupper(), rule.code
        assert rule.fields and rule.shape, rule.code
        assert rule.since is None or rule.until is None or rule.since <= rule.until, rule.code


def test_queries_of_the_census_end_in_q() -> None:
    assert all((rule.severity == QUERY) == rule.code.endswith("Q") for rule in CIN)


def _return(**columns: list[object]) -> Return:
    rows = pl.DataFrame(columns).with_row_index("_n").with_columns(_row=pl.col("_n") + 1, _id="CHILD", _child="_n")
    return Return(kind="made", year=2026, tables={"Made": rows}, constants={"_year_end": date(2026, 3, 31)})


def test_a_rule_that_breaks_is_named_and_the_others_run() -> None:
    pen = rules_of("Made")
    pen("A1", "The name is given.", "NAME", required("NAME"))
    pen("A2", "This cannot be worked out.", "NO_SUCH", when(pl.col("NO_SUCH_COLUMN") > 1))
    outcome = run(RuleBook("made", [pen]), _return(CHILD=["a", "b"], NAME=["x", None]))
    assert [rule.code for rule in outcome.rules] == ["A1"]
    assert [(each.code, each.failed) for each in outcome.not_run] == [("A2", True)]
    assert outcome.issues.rows() == [("A1", "b", "Made", 2)]


def test_a_rule_without_its_table_is_not_run_and_says_why() -> None:
    pen = rules_of("Other")
    pen("A1", "The name is given.", "NAME", required("NAME"))
    outcome = run(RuleBook("made", [pen]), _return(CHILD=["a"], NAME=["x"]))
    assert [(each.code, each.why, each.failed) for each in outcome.not_run] == [
        ("A1", "no table Other was given.", False)
    ]
