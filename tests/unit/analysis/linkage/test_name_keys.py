"""Hard pairs of names: the one written down and the one heard, in many tongues, must meet in a key and rank."""

from __future__ import annotations

import itertools

import pytest
from tests.unit.analysis.linkage.hard_pairs import HARD_PAIRS

from kith.analysis.linkage.name_keys import KINDS, LONGEST, keys, keys_of_many, tokens
from kith.analysis.linkage.ranking import Candidate, rank

DIFFERENT = [
    ("Muhammad Khan", "Sarah Price"),
    ("Niamh Byrne", "Jacob Turner"),
    ("Emily Carter", "Tyler Jones"),
    ("Chloe Marshall", "Grace Patel"),
    ("Liam Foster", "Isla Begum"),
]


def _person(key: int, name: str) -> Candidate:
    forename, _, surname = name.partition(" ")
    return Candidate(key=key, names=((forename, surname),))


@pytest.mark.parametrize(("written", "heard"), HARD_PAIRS)
def test_a_hard_pair_shares_a_key_in_every_word_that_finds_it_and_ranks(written: str, heard: str) -> None:
    shared = set(keys(written, "")) & set(keys(heard, ""))
    assert shared, "no key finds one from the other"
    assert [match.key for match in rank([heard], [_person(1, written)])] == [1]
    assert [match.key for match in rank([written], [_person(1, heard)])] == [1], "it must find either from the other"


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_different_names_do_not_rank(one: str, other: str) -> None:
    assert rank([one], [_person(1, other)]) == []


def test_few_of_all_the_wrong_pairs_of_names_are_let_in() -> None:
    names = [written for written, _ in HARD_PAIRS]
    wrong = [(a, b) for a, b in itertools.combinations(names, 2) if rank([a], [_person(1, b)])]
    assert len(wrong) <= 3, wrong


def test_the_right_person_comes_first_among_a_thousand_invented_others() -> None:
    firsts = ["Jack", "Maya", "Noah", "Ella", "Musa", "Hana", "Kian", "Zara", "Ivo", "Faye"]
    lasts = ["Archer", "Bell", "Cole", "Dunn", "Egan", "Ford", "Gale", "Hunt", "Iqbal", "Jolly"]
    crowd = [Candidate(key=100 + i, names=((f, s),)) for i, (f, s) in enumerate(itertools.product(firsts, lasts * 10))]
    for written, heard in HARD_PAIRS:
        assert rank([heard], [*crowd, _person(1, written)])[0].key == 1, heard


def test_names_are_folded_from_any_script_and_joined_where_they_are_one_word() -> None:
    assert tokens("Łukasz O’Neill") == ("lukasz", "oneill")
    assert tokens("Ann-Marie") == ("ann", "marie")
    assert tokens("  ") == ()


def test_a_swapped_name_has_the_same_keys_and_a_key_for_both_words_together() -> None:
    assert set(keys("Amina", "Yusuf")) == set(keys("Yusuf", "Amina"))
    one, other = keys("Mohamed", "Khan"), keys("Mhmd", "Kahn")
    assert "pair" in {kind for kind, _ in set(one) & set(other)}, "a common name misspelt is found by both its words"


def test_every_key_is_of_a_known_kind_fits_its_column_and_is_said_once() -> None:
    found = keys("Wolfeschlegelsteinhausenbergerdorff" * 4, "Ó Súilleabháin 2nd")
    assert {kind for kind, _ in found} <= set(KINDS)
    assert all(0 < len(key) <= LONGEST for _, key in found)
    assert len(found) == len(set(found))


def test_a_name_that_is_not_there_has_no_keys() -> None:
    assert keys("", "") == []
    assert keys_of_many([("", ""), ("Ada", "Ray"), ("Ada", "Ray")])[("", "")] == []
