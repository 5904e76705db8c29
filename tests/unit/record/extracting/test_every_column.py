"""Column by column: what the record comes to say is told in the dataset, and read again as what it says."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.unit.record.extracting.few import families

from kith.record.extracting.facts import differing, facts
from kith.record.extracting.places import places
from kith.record.extracting.rows import ID
from kith.record.extracting.telling import told
from kith.record.loading.shaping.whole import whole
from kith.record.loading.shaping.words import Frames
from kith.statutory.returns.ssd.dataset import Dataset
from kith.synthetic.borough import Borough

ON = date(2026, 3, 31)
# What the dataset has no field for, and a reading works out of other fields: it cannot be told by itself.
WORKED_OUT = {
    ("period", "parent"): {"legal_status"},
    ("period", "code"): {"care", "care_episode"},
    ("period", "person"): {"care"},
    ("period", "started_on"): {"care", "care_leaver"},
    ("period", "ended_on"): {"care"},
    ("period", "start_reason"): {"care"},
    ("period", "end_reason"): {"care"},
    ("step", "person"): {"care_review"},
    ("step", "outcome"): {"visit", "section47"},
    ("step", "counts"): {"visit", "sdq"},
}
# Said of a meeting by each of its children together, of the day and its time together, of a time in care by all its
# episodes, or the name of the row itself.
NOT_ALONE = {
    "step": {
        "kind",
        "step",
        "span",
        "led_from",
        "worker",
        "team",
        "reason",
        "code",
        "opened_at",
        "happened_at",
        "done_at",
    },
    "period": {"started_at", "ended_at", "need"},
    "team": {"parent_name"},
    "identifier": {"person", "value", "kind"},
    "person": {"is_child", "upn", "nhs"},
}
COLUMNS = sorted(
    {
        (place.of, column)
        for place in places()
        for uses in place.uses.values()
        for column in uses
        if column not in NOT_ALONE.get(place.of, set())
    }
)


@pytest.fixture(scope="module")
def few(faultless: Borough) -> Dataset:
    """Some families, and a few of whose plain work a time, or a day set beforehand, is told, or a promise dropped."""
    work = faultless.dataset.table("kith_work")
    timed = [work.filter(pl.col(f"work_{name}").is_not_null()) for name in ("planned_date", "opened_time", "done_time")]
    also = [child for rows in timed for child in rows["work_person_id"].unique(maintain_order=True).head(3)]
    dropped = faultless.dataset.table("kith_promise").filter(pl.col("prom_dropped_date").is_not_null())
    also += dropped.unique("prom_dropped_date", maintain_order=True)["prom_person_id"].head(2).to_list()
    return families(faultless.dataset, every=400, also=also)


def read(dataset: Dataset) -> Frames:
    return facts(whole([("ssd", dataset)], on=ON, there=frozenset(), detailed=False))


@pytest.fixture(scope="module")
def before(few: Dataset) -> Frames:
    return read(few)


@pytest.mark.parametrize(("of", "column"), COLUMNS)
def test_what_the_record_says_is_told_and_read_again(few: Dataset, before: Frames, of: str, column: str) -> None:
    """Every value of the column is changed for that of another row of its kind."""
    held = before[of]
    kind = [each for each in ("kind", "code", "is_child") if each in held.columns and each != column]
    turned = pl.col(column).reverse().over(kind) if kind else pl.col(column).reverse()
    now = held.with_columns(turned.alias(column))
    record = before | {of: now.with_columns(pl.int_range(pl.len()).alias(ID))}
    said = differing(sources=before, record=record)
    again = read(Dataset(told(dict(few.tables), said)))[of]
    both = now.join(again.select("ref", pl.col(column).alias("_again")), on="ref", how="left")
    wrong = both.filter(pl.col(column).ne_missing(pl.col("_again")))
    kinds = set(wrong["kind"]) if of in ("step", "period") else {of for _ in range(wrong.height)}
    assert kinds <= WORKED_OUT.get((of, column), set())


def test_the_columns_do_change_in_most_of_these(before: Frames) -> None:
    """A column that says the same in every row would prove nothing."""
    dull = [(of, column) for of, column in COLUMNS if before[of][column].n_unique() < 2]
    assert len(COLUMNS) > 75 and len(dull) <= 12, dull
