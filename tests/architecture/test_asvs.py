"""The security register is whole, names tests that are there, and its page is what the data says."""

from __future__ import annotations

from copy import deepcopy

import pytest
from asvs import ASKED, ROOT, chapters, faults, page, tests_there_are

REGISTER, TESTS = chapters(), tests_there_are()


def test_the_register_is_whole_and_names_tests_that_are_there() -> None:
    assert len(ASKED) == 253 + 13
    assert faults(REGISTER, TESTS) == []


def test_its_page_is_what_the_data_says() -> None:
    assert (ROOT / "docs" / "asvs.md").read_text() == page()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda v1: v1.pop("1.1.1"), "1.1.1 is missing"),
        (lambda v1: v1.update({"1.9.9": {"asks": "x", "met": []}}), "1.9.9 is not asked for"),
        (lambda v1: v1["1.1.2"].update(met=["tests/test_x.py::test_y"]), "which is no test"),
        (lambda v1: v1["1.1.2"].update(not_yet="later"), "must have one state"),
        (lambda v1: v1["1.1.2"].update(asks=""), "does not say what is asked"),
        (lambda v1: v1.update({"2.1.1": v1["1.1.2"]}), "2.1.1 stands in v1"),
    ],
)
def test_a_register_that_is_not_whole_is_noticed(change: object, said: str) -> None:
    broken = deepcopy(REGISTER)
    change(broken["v1"])  # type: ignore[operator]
    assert any(said in each for each in faults(broken, TESTS))
