"""The same person? Pairs found on a labelled set that the linkage was not trained on; and twins are never one."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from kith.analysis.linkage import same_person
from kith.analysis.linkage.features import PEOPLE
from kith.analysis.linkage.settings import settings
from kith.synthetic.labelled import labelled, true_pairs, twin_pairs

SEED = 27  # tools/train_linkage.py trained on another


def found_in(records: pl.DataFrame) -> set[tuple[int, int]]:
    """The pairs shown as likely."""
    return set(same_person.likely(records, threads=1).select("one", "other").iter_rows())


def somebody(person: int, **columns: Any) -> dict[str, Any]:
    """A record with a name, a birth date and an address."""
    known = {
        "forename": "Mohammed",
        "surname": "Rahman",
        "names": [],
        "born_on": date(2015, 4, 3),
        "sex": "M",
        "numbers": [],
        "homes": ["12 Quay Street|RV1 2AB"],
        "kin": [],
    }
    return {"person": person, **known, **columns}


def pair(**columns: Any) -> pl.DataFrame:
    """What is found of two records that differ in these columns."""
    return same_person.likely(pl.DataFrame([somebody(1), somebody(2, **columns)], schema=PEOPLE), threads=1)


def test_on_the_half_it_was_not_trained_on_f1_is_at_least_95_percent_and_no_twin_is_joined() -> None:
    records = labelled(seed=SEED, people=1500)
    found, true, twins = found_in(records), true_pairs(records), twin_pairs(records)
    right = len(found & true)
    assert len(true) > 400 and len(twins) > 100
    assert 2 * right / (len(found) + len(true)) >= 0.95
    assert found & twins == set()


def test_without_the_rules_of_what_is_never_shown_twins_would_be_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    records = labelled(seed=SEED, people=1500)
    unguarded = replace(settings(), never=(("nothing", "gamma_forename > 99"),))
    monkeypatch.setattr(same_person, "settings", lambda: unguarded)
    assert found_in(records) & twin_pairs(records)


def test_the_same_records_give_the_same_pairs_in_whatever_order_they_come() -> None:
    records = labelled(seed=SEED, people=300)
    first = same_person.likely(records, threads=1)
    assert same_person.likely(records.reverse(), threads=1).equals(first)
    assert labelled(seed=SEED, people=300).equals(records)
    assert not labelled(seed=SEED + 1, people=300).equals(records)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"forename": "محمد", "surname": "رحمن"}, "another form or spelling of the forename"),
        ({"forename": "Muhamed"}, "another form or spelling of the forename"),
        ({"forename": "Rahman", "surname": "Mohammed"}, "forename and surname the other way round"),
        ({"born_on": date(2015, 3, 4)}, "date of birth with day and month turned round"),
        ({"surname": "Okafor"}, "surnames differ"),
        ({"born_on": None}, "the same address"),
    ],
)
def test_a_second_record_is_found_and_says_why(columns: dict[str, Any], why: str) -> None:
    found = pair(**columns)
    assert found.select("one", "other").rows() == [(1, 2)]
    assert why in found["why"].to_list()[0]


@pytest.mark.parametrize(
    "columns",
    [
        {"forename": "Imran"},
        {"forename": "Baby"},
        {"forename": "Mehnaz", "sex": "F"},
        {"born_on": date(1985, 6, 20)},
    ],
    ids=["twin", "not yet named", "twin sister", "his father"],
)
def test_two_people_of_one_home_are_not_shown_as_one(columns: dict[str, Any]) -> None:
    assert pair(**columns).height == 0


def test_a_different_nhs_number_is_a_different_child_even_of_one_name() -> None:
    both = pl.DataFrame(
        [somebody(1, numbers=["nhs:9990000018"]), somebody(2, numbers=["nhs:9990000476"])], schema=PEOPLE
    )
    assert same_person.likely(both, threads=1).height == 0


def test_an_empty_record_gives_no_pairs() -> None:
    assert same_person.likely(pl.DataFrame(schema=PEOPLE)).height == 0


def test_splink_is_not_imported_when_the_service_starts() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import sys, kith.config.wsgi, kith.config.urls; print('splink' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "False"
