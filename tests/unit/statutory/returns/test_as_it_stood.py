"""The dataset as it stood on an earlier day: what is said of every table, and the borough's own of a year before."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from kith.statutory.returns.ssd.as_it_stood import as_it_stood, standings
from kith.statutory.returns.ssd.dataset import Dataset, references, schema, table_names
from kith.statutory.returns.ssd.owners import owners
from kith.statutory.returns.ssd.pointing import loose_ends

D = date
THEN = D(2025, 3, 31)


def test_every_day_that_a_table_can_hold_is_spoken_of_once() -> None:
    for name in table_names():
        said = standings().get(name)
        days = {field for field, kind in schema(name).items() if kind == pl.Date()}
        if said is None:
            assert not days, name
            continue
        spoken = {*said.began, *said.came, *said.meant}
        assert days == spoken, (name, days ^ spoken)
        named = {field for more in said.came.values() for field in more} | {
            each for each in (said.of, said.year) if each
        }
        assert named <= set(schema(name)), name
        assert all(target.split(".")[1] in schema(target.split(".")[0]) for target in said.among), name
    assert set(standings()) <= set(table_names())


def _small() -> Dataset:
    """Two children in work a year apart, and one whose referral has no day; the second child's work points ahead."""
    born = [D(2010, 1, 1), D(2012, 1, 1), D(2025, 4, 2)]
    episodes = {
        "cine_referral_id": ["OLD", "OVER", "NEW", "UNDATED"],
        "cine_person_id": ["A", "A", "B", "C"],
        "cine_referral_date": [D(2025, 1, 1), D(2024, 1, 1), D(2025, 5, 1), None],
        "cine_close_date": [D(2025, 6, 1), D(2024, 3, 1), None, None],
        "cine_close_reason": ["RC1", "RC2", None, None],
    }
    assessments = {
        "cina_assessment_id": ["1", "2"],
        "cina_person_id": ["A", "B"],
        "cina_referral_id": ["NEW", "NEW"],
        "cina_assessment_start_date": [D(2025, 1, 5), D(2025, 5, 2)],
        "cina_assessment_auth_date": [D(2025, 4, 1), None],
        "cina_assessment_outcome_json": ["{}", None],
    }
    tables = {
        "ssd_person": {"pers_person_id": ["A", "B", "C"], "pers_dob": born},
        "ssd_cin_episodes": episodes,
        "ssd_cin_assessments": assessments,
        "ssd_assessment_factors": {"cinf_table_id": ["F1", "F2"], "cinf_assessment_id": ["1", "2"]},
        "ssd_disability": {"disa_person_id": ["A", "B"], "disa_table_id": ["D1", "D2"]},
    }
    return Dataset.of({name: pl.DataFrame(table) for name, table in tables.items()})


def test_what_came_later_is_not_known_and_what_ended_later_goes_on() -> None:
    stood = as_it_stood(_small(), on=THEN)
    told = stood.table("ssd_cin_episodes").select("cine_referral_id", "cine_close_date", "cine_close_reason").rows()
    assert told == [("OLD", None, None), ("OVER", D(2024, 3, 1), "RC2"), ("UNDATED", None, None)]
    [work] = stood.table("ssd_cin_assessments").to_dicts()
    said = [work[f"cina_assessment_{name}"] for name in ("id", "auth_date", "outcome_json")]
    assert said == ["1", None, None]
    assert work["cina_referral_id"] is None  # what it pointed at was not there yet
    assert stood.table("ssd_assessment_factors")["cinf_table_id"].to_list() == ["F1"]
    assert stood.table("ssd_person").select("pers_person_id", "pers_dob").rows() == [("A", D(2010, 1, 1)), ("C", None)]
    assert stood.table("ssd_disability")["disa_person_id"].to_list() == ["A"]


@pytest.fixture(scope="module")
def stood(riverside: Dataset) -> Dataset:
    return as_it_stood(riverside, on=THEN)


def test_the_borough_of_a_year_before_holds_no_later_day_and_points_at_nothing_that_is_not_there(
    riverside: Dataset, stood: Dataset
) -> None:
    for name, said in standings().items():
        for day in (*said.began[:1], *said.came):
            assert not (stood.table(name)[day] > THEN).any(), (name, day)
    assert set(loose_ends(stood)) <= set(loose_ends(riverside))
    assert 0 < stood.row_count() < riverside.row_count()
    people, now = (set(each.table("ssd_person")["pers_person_id"]) for each in (riverside, stood))
    adults, still = (set(each.table("kith_adult")["adul_person_id"]) for each in (riverside, stood))
    gone = (people - now) | (adults - still)
    assert len(people - now) > 100 and len(adults - still) > 100
    for name, whose in owners(stood).items():
        assert not gone & set(whose.drop_nulls()), name
    assert not gone & set(stood.table("kith_relationship")["rela_other_person_id"])


def test_nothing_that_was_over_is_lost_and_as_it_stands_today_it_is_whole(riverside: Dataset, stood: Dataset) -> None:
    over = riverside.table("ssd_cla_placement").filter(pl.col("clap_cla_placement_end_date") <= THEN)
    assert (
        over.join(stood.table("ssd_cla_placement"), on=over.columns, how="semi", nulls_equal=True).height == over.height
    )
    assert over.height > 100
    assert as_it_stood(riverside, on=D(2036, 3, 31)).equals(riverside)
    assert references("ssd_cin_assessments")["cina_referral_id"] == "ssd_cin_episodes.cine_referral_id"
