"""The dataset of one child, read alone: what the whole extract says of her, in a few questions."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import polars as pl
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import SYSTEM, a_worker
from tests.unit.record.extracting.few import about
from tests.unit.record.extracting.test_round_trip import with_rows
from tests.unit.record.loading.extracts import Rows, everything, row, stored

from kith.foundation.history.actor import acting
from kith.record.duplicates.actions import agree, part, propose
from kith.record.extracting.extract import extract, extract_of
from kith.record.loading.models import SourceRow
from kith.record.people.models import Person
from kith.record.steps.models import Part, Step
from kith.statutory.returns.from_dataset import READS
from kith.statutory.returns.ssd.dataset import Dataset

pytestmark = pytest.mark.django_db
ON = date(2026, 4, 1)


def loaded() -> None:
    """Everything, with what names nobody and what only a source says."""
    rows: Rows = everything()
    rows["ssd_assessment_factors"] = [
        {"cinf_table_id": f"F{number}", "cinf_assessment_id": f"S{number}", "cinf_assessment_factors_json": '["2A"]'}
        for number in (1, 2)
    ]
    rows["ssd_permanence"] = [{"perm_table_id": f"PE{number}", "perm_person_id": f"P{number}"} for number in (1, 3)]
    row(rows, "kith_strategy_meeting", 1)["stra_chair_worker_id"] = "W1"  # the sister's row alone says who held it
    with acting(SYSTEM):
        stored(rows)


def person(ref: str) -> Person:
    return Person.objects.get(ref=f"person:{ref}")


@pytest.mark.parametrize("child", ["P1", "P2", "P3"])
def test_it_is_what_the_whole_says_of_her(child: str) -> None:
    loaded()
    with acting(SYSTEM):
        Part.objects.filter(ref="visit:cp:V1").update(outcome="not_seen", counts=False)
    found = extract_of([person(child).pk], on=ON)
    alone = with_rows(found.dataset)
    assert {name: frame.height for name, frame in found.origins.items()} == {
        name: frame.height for name, frame in found.dataset.tables.items()
    }
    whole = with_rows(about(extract(on=ON).dataset, pl.Series([child])))
    for name in ("ssd_professionals", "ssd_department"):
        assert name not in alone or alone[name].join(whole.pop(name), on=alone[name].columns, nulls_equal=True).height
    left_out = {"kith_post", "ssd_professionals", "ssd_department"}
    assert {name: frame.to_dicts() for name, frame in alone.items() if name not in left_out} == {
        name: frame.to_dicts() for name, frame in whole.items() if name not in left_out
    }


def test_it_asks_few_questions_whoever_she_is() -> None:
    loaded()
    for child in ("P1", "P2", "P3"):
        with CaptureQueriesContext(connection) as asked:
            extract_of([person(child).pk], on=ON)
        assert len(asked) <= 27
        with CaptureQueriesContext(connection) as asked:
            extract_of([person(child).pk], on=ON, tables=READS)
        assert len(asked) <= 17


@pytest.mark.parametrize("child", ["P1", "P2", "P3"])
def test_where_some_tables_are_wanted_they_are_as_in_the_whole(child: str) -> None:
    loaded()
    with acting(SYSTEM):  # what the record says other than its source, in tables that are wanted and in others
        Part.objects.filter(ref="visit:cp:V1").update(outcome="not_seen", counts=False)
        Step.objects.filter(kind="assessment").update(done_on=ON)
        Step.objects.filter(kind="section47").update(cancelled_on=ON)
        Person.objects.filter(ref=f"person:{child}").update(ethnicity="WBRI", known_as="Sunny")
    whole, some = (extract_of([person(child).pk], on=ON, tables=tables) for tables in (None, READS))
    for name in READS:
        assert some.dataset.table(name).equals(whole.dataset.table(name)), name
        assert some.origins_of([name])[name].equals(whole.origins_of([name])[name]), name
    assert some.dataset.table("ssd_person")["pers_ethnicity"].to_list() == ["WBRI"]


def test_rows_are_found_by_numbers_already_read_and_not_by_joins() -> None:
    """With a join the databases began at the wrong end: one question read a table of the whole service."""
    loaded()
    with CaptureQueriesContext(connection) as asked:
        extract_of([person("P1").pk], on=ON)
    assert len(asked) > 20 and not [each["sql"] for each in asked if " JOIN " in each["sql"]]


def test_a_row_that_names_nobody_is_hers_by_what_it_points_at_also_in_a_later_load() -> None:
    rows = everything()
    factors = {"cinf_table_id": "F1", "cinf_assessment_id": "S1", "cinf_assessment_factors_json": '["2A"]'}
    with acting(SYSTEM):
        stored(rows)
        stored({"ssd_assessment_factors": [factors]})
    assert SourceRow.objects.get(table="ssd_assessment_factors").whose == "P1"
    assert extract_of([person("P1").pk], on=ON).dataset.table("ssd_assessment_factors").height == 1
    assert extract_of([person("P3").pk], on=ON).dataset.table("ssd_assessment_factors").height == 0


def test_rows_that_were_there_before_are_told_whose_they_are_when_the_database_is_brought_up_to_date() -> None:
    loaded()
    before = dict(SourceRow.objects.values_list("pk", "whose"))
    SourceRow.objects.update(whose="")
    import_module("kith.record.loading.migrations.0003_whose_row").say_whose(apps, connection.schema_editor())
    assert dict(SourceRow.objects.values_list("pk", "whose")) == before
    assert {"P1", "P3", "A1", ""} <= set(before.values())


def test_of_nobody_there_is_nothing() -> None:
    loaded()
    assert set(with_rows(extract_of([], on=ON).dataset)) == {"ssd_department"}
    assert isinstance(extract_of([], on=ON).dataset, Dataset)


def test_two_records_of_one_person_are_one_child_until_they_are_parted() -> None:
    loaded()
    one, other = person("P1"), person("P3")
    with acting(SYSTEM):
        proposer, manager = a_worker(), a_worker("Maureen Okafor", role="team_manager")
        same = propose(person=other, leads=one, why="One girl, spelt twice.", by=proposer)
        assert "P3" in extract(on=ON).dataset.table("ssd_person")["pers_person_id"], "it is only proposed"
        same = agree(same=same, by=manager, on=ON)
    for found in (extract(on=ON), extract_of([one.pk, other.pk], on=ON)):
        told = found.dataset
        [leader] = {"P1", "P3"} & set(told.table("ssd_person")["pers_person_id"])
        assert set(told.table("ssd_cin_assessments")["cina_person_id"]) == {leader}
        assert told.table("ssd_permanence")["perm_person_id"].to_list() == [leader, leader]
        assert told.table("kith_person_detail").height == 1
        assert all(frame.height == told.tables[name].height for name, frame in found.origins.items())
    alone = extract_of([other.pk], on=ON).dataset.table("ssd_person")
    assert alone["pers_person_id"].to_list() == ["P3"], "whoever asks may not know of the other"
    with acting(SYSTEM):
        part(same=same, why="Two girls.", by=manager, on=ON)
    assert {"P1", "P3"} < set(extract(on=ON).dataset.table("ssd_person")["pers_person_id"])
