"""The whole invented borough: loaded, and read back out of the record, it is what it was, row for row."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from django.utils import timezone
from tests.factories import SYSTEM

from kith.foundation.history.actor import acting
from kith.record.extracting.extract import extract
from kith.record.loading.actions import load_reading
from kith.record.people.models import Restriction
from kith.statutory.returns.results import Reading, TableCount
from kith.statutory.returns.ssd.dataset import Dataset
from kith.synthetic.borough import build

ON = date(2026, 3, 31)


@pytest.mark.whole_borough  # some of its families: tests/unit/record/extracting/test_borough.py
@pytest.mark.django_db
def test_the_borough_comes_out_of_the_record_as_it_went_in() -> None:
    dataset = build(on=ON).dataset
    counts = {name: TableCount(frame.height, frame.height) for name, frame in dataset.tables.items()}
    at = datetime(2026, 3, 31, 23, tzinfo=timezone.get_current_timezone())
    with acting(SYSTEM):
        load_reading(reading=Reading(kind="ssd", dataset=dataset, tables=counts), files=[], at=at)
    found = extract(on=ON)
    assert found.notes == ()
    assert dataset.table("ssd_person").height > 32_000
    told = {name: dataset.table(name) for name in found.dataset} | {"kith_person_detail": _as_shielded(dataset)}
    assert [name for name, frame in found.dataset.tables.items() if not frame.equals(told[name])] == []


def _as_shielded(dataset: Dataset) -> pl.DataFrame:
    """What was loaded, with the shield that the load itself put on a second record of a shielded mother."""
    put = Restriction.objects.exclude(matched=None).values_list("person__ref", "level")
    levels = {ref.removeprefix("person:"): level for ref, level in put}
    assert levels, "the borough holds such records"
    level = pl.col("pdet_person_id").replace_strict(levels, default=None, return_dtype=pl.String)
    return dataset.table("kith_person_detail").with_columns(pdet_restriction=pl.coalesce(level, "pdet_restriction"))
