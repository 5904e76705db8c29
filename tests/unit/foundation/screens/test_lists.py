"""Counts open exactly what they counted, and long lists have pages."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.foundation.screens.lists import Listing, Pages, address, page_asked_for


def test_a_count_opens_the_list_with_the_filters_it_was_counted_by() -> None:
    listing = Listing("late visits", {"state": "late", "team": 3, "worker": None, "kinds": ["visit", "review"]}, 7, "/")
    assert listing.url == "/?kinds=visit&kinds=review&state=late&team=3"
    assert Listing("all", {}, 7, "/people/").url == "/people/"


@given(st.dictionaries(st.text(min_size=1), st.text(min_size=1)))
def test_no_filter_is_lost_or_changed_on_the_way(filters: dict[str, str]) -> None:
    assert dict(parse_qsl(urlsplit(address("/x/", filters)).query, keep_blank_values=True)) == filters


@pytest.mark.parametrize(
    ("asked", "given_page"),
    [(None, 1), ("", 1), ("2", 2), ("0", 1), ("-1", 1), ("99", 3), ("²", 1), ("٣", 1), ("1; DROP", 1)],
)
def test_nonsense_asks_for_the_first_page_and_too_far_for_the_last(asked: str | None, given_page: int) -> None:
    assert page_asked_for(path="/", filters={}, count=120, asked=asked).number == given_page


@given(count=st.integers(0, 5000), size=st.integers(1, 100))
def test_the_pages_together_are_the_whole_list_once(count: int, size: int) -> None:
    last = Pages("/", {}, count, 1, size).last
    rows = [row for number in range(1, last + 1) for row in range(count)[Pages("/", {}, count, number, size).rows]]
    assert rows == list(range(count))


@given(number=st.integers(1, 60))
def test_the_page_links_show_this_page_the_ends_and_a_gap_only_where_there_is_one(number: int) -> None:
    numbers = Pages("/", {}, 3000, number).numbers
    real = [each for each in numbers if each]
    assert {1, number, 60} <= set(real) and real == sorted(set(real))
    for before, after in pairwise(numbers):
        assert 0 in (before, after) or after == before + 1


def test_the_first_page_has_the_lists_own_address() -> None:
    found = page_asked_for(path="/people/", filters={"q": "khan"}, count=200, asked="2")
    assert (found.url(1), found.url(3)) == ("/people/?q=khan", "/people/?page=3&q=khan")
