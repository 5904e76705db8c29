"""Every safeguard finds the failure planted for it, and finds nothing there in the same borough without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import pytest

from kith.analysis.controls.evaluate import expectations
from kith.analysis.controls.loading import PROMISE
from kith.analysis.controls.shapes import SPANS_SCHEMA, TURNS_SCHEMA, Control, EachDay, OnClocks
from kith.analysis.controls.turning import of_clocks, of_each_day
from kith.oversight.controls.book import book
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.journeys import periods, steps
from kith.statutory.timescales.clocks import deadlines
from kith.statutory.timescales.facts import facts_from
from kith.statutory.timescales.loading import rule_book
from kith.synthetic.borough import Borough, build
from kith.vocabulary.working_days import england

ROLES = {"social_worker": "worker", "reviewing_officer": "reviewing_officer"}


@dataclass(frozen=True)
class Seen:
    """What a borough's dataset says, as every safeguard sees it."""

    facts: pl.DataFrame
    turns: pl.DataFrame
    spans: pl.DataFrame
    on: date

    def missed(self, control: Control) -> set[tuple[str, str]]:
        """For whom it did not hold: child, and what raised it."""
        test = control.test
        if isinstance(test, OnClocks):
            rows = of_clocks(turns=self.turns, test=test, on=self.on)
        elif isinstance(test, EachDay):
            rows = of_each_day(spans=self.spans, test=test, days=[self.on - timedelta(days=1)], on=self.on)
        else:
            rows = expectations(facts=self.facts, test=test, calendar=england(), on=self.on)
        short = rows.filter((pl.col("due_on") < self.on) & ~pl.col("held"))
        return set(short.select("child", "ref").iter_rows())


def seen(dataset: Dataset, on: date) -> Seen:
    told, running = steps(dataset), periods(dataset)
    facts = facts_from(told, running)
    people = dataset.table("ssd_person").select(child="pers_person_id", dob="pers_dob")
    clocks = deadlines(facts=facts, rules=rule_book(), calendar=england(), on=on, people=people, flagged=False)
    turns = clocks.with_columns(ref="opened_by", late=pl.col("state") == "met_late")
    promised = dataset.table("kith_promise").select(
        child="prom_person_id",
        rule=pl.lit(PROMISE),
        ref="prom_table_id",
        due_on="prom_due_date",
        met_on="prom_done_date",
        met_by=pl.lit(None),
        late=pl.col("prom_done_date") > pl.col("prom_due_date"),
        ended_on=pl.lit(None),
    )
    held = dataset.table("ssd_involvements").select(
        child="invo_person_id",
        kind=pl.col("invo_professional_role_id").replace_strict(ROLES, default="other"),
        ref="invo_involvements_id",
        started_on="invo_involvement_start_date",
        ended_on="invo_involvement_end_date",
    )
    return Seen(facts, _all(TURNS_SCHEMA, turns, promised), _all(SPANS_SCHEMA, running, held), on)


def _all(schema: dict[str, pl.DataType], *frames: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([each.select(pl.col(name).cast(kind) for name, kind in schema.items()) for each in frames])


@pytest.fixture(scope="module")
def planted(borough: Borough, on: date) -> Seen:
    return seen(borough.dataset, on)


@pytest.fixture(scope="module")
def unplanted(on: date) -> Seen:
    return seen(build(seed=11, on=on, planted=False).dataset, on)


def test_there_are_at_least_25_and_each_names_the_row_it_comes_from() -> None:
    assert len(book()) >= 25
    assert all(control.row[0] in "ABCDE" and control.row[1:].isdigit() for control in book().values())


@pytest.mark.parametrize("control", book().values(), ids=lambda control: control.id)
def test_it_finds_the_failure_planted_for_it_and_finds_none_there_when_it_is_not(
    control: Control, borough: Borough, planted: Seen, unplanted: Seen
) -> None:
    children = {item.person_id for item in borough.planted if control.id in item.controls}
    assert children, "no failure is planted for it"
    found, without = planted.missed(control), unplanted.missed(control)
    because = {child for child, _ in found - without}  # what it says of nobody but for the planting
    assert children <= because, "it does not find what was planted"
