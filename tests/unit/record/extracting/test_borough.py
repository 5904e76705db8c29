"""Families of the invented borough: loaded, read back out of the record, written and read again; all the same."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import SYSTEM
from tests.unit.record.extracting.few import families
from tests.unit.record.extracting.test_round_trip import assert_equal

from kith.foundation.history.actor import acting
from kith.record.extracting.extract import extract
from kith.record.loading.actions import load_reading
from kith.statutory.returns.results import Reading, TableCount
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.writing import write_folder
from kith.statutory.returns.ssd_extract.reader import read_folder
from kith.synthetic.borough import Borough

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 31)
AT = datetime(2026, 3, 31, 23, 0, tzinfo=timezone.get_current_timezone())


def some(faultless: Borough) -> Dataset:
    apart = [each.person_id for each in faultless.shielded + faultless.adopted]
    return families(faultless.dataset, every=80, also=[*apart, *faultless.brothers])


def loaded(dataset: Dataset) -> None:
    counts = {name: TableCount(frame.height, frame.height) for name, frame in dataset.tables.items()}
    with acting(SYSTEM):
        load_reading(reading=Reading(kind="ssd", dataset=dataset, tables=counts), files=[], at=AT)


def test_families_come_out_as_they_went_in_and_the_folder_reads_back_equal(faultless: Borough, tmp_path: Path) -> None:
    few = some(faultless)
    assert few.table("ssd_person").height > 300 and sum(frame.height > 0 for frame in few.tables.values()) > 45
    loaded(few)
    found = extract(on=ON).dataset
    assert_equal(found, few)
    write_folder(found, tmp_path)
    again, reading = read_folder(tmp_path)
    assert reading.problems == ()
    assert again.equals(Dataset({name: found.tables[name] for name in again}))
    assert set(again) == set(found)


def test_a_later_load_changes_what_comes_out_and_keeps_what_it_leaves_out(faultless: Borough) -> None:
    few = some(faultless)
    plans = few.table("ssd_cp_plans")
    before = Dataset({**few.tables, "ssd_cp_plans": plans.with_columns(cppl_cp_plan_ola=None).cast(plans.schema)})
    loaded(Dataset({**before.tables, "ssd_cin_visits": before.table("ssd_cin_visits").head(10)}))
    loaded(Dataset({name: frame for name, frame in few.tables.items() if name != "kith_alias"}))
    assert_equal(extract(on=ON).dataset, few)


def test_it_asks_a_question_a_table_however_many_children_there_are(faultless: Borough) -> None:
    asked = []
    for every in (2000, 200):
        loaded(families(faultless.dataset, every=every))
        with CaptureQueriesContext(connection) as queries:
            extract(on=ON)
        asked.append(len(queries))
    assert asked[1] - asked[0] <= 12 and asked[1] < 120  # a table of the ledger that had no row before is one more
