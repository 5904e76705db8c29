"""Each row of a return is traced to the row of the dataset that it came from."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kith.statutory.returns.annex_a.headings import SPECS as ANNEX_A
from kith.statutory.returns.checking_returns import files_in
from kith.statutory.returns.cin_census.elements import SPECS as CIN
from kith.statutory.returns.cin_census.returned import read_census
from kith.statutory.returns.reading import read
from kith.statutory.returns.sources import PERSON, TRACED, Source, sources, traced
from kith.statutory.returns.ssd.dataset import Dataset, conform, schema
from kith.statutory.returns.ssda903.returned import read_return
from kith.statutory.returns.ssda903.tables import SPECS as CARE

TABLES = {"cin": CIN, "ssda903": CARE, "annex_a": ANNEX_A}


@pytest.mark.parametrize("kind", TABLES)
def test_every_table_says_where_it_comes_from_and_every_field_named_is_there(kind: str) -> None:
    told = sources(kind)
    assert set(told) == set(TABLES[kind])
    for name, each in told.items():
        fields = {field.name for field in TABLES[kind][name].fields}
        assert set(each.cells) <= fields, name
        for source in (each.row, *each.cells.values()):
            assert {source.mine} - {""} <= fields, name
            assert {source.theirs} - {""} <= set(schema(source.table)), (name, source)


def test_a_census_leads_back_to_what_it_was_loaded_into(fixtures: Path) -> None:
    files = [fixtures / "cin" / "every_module_2025.xml"]
    dataset, tables = read(files).dataset, read_census(files).said.tables
    for name, each in sources("cin").items():
        if name in tables and tables[name].height:
            found = traced(tables[name], each.row, dataset)
            assert found["at"].null_count() == 0, name
            assert set(found["table"]) <= {each.row.table, PERSON}
    came = traced(tables["CINdetails"], sources("cin")["CINdetails"].row, dataset)
    held = dataset.table("ssd_cin_episodes")[came["at"].to_list()]
    assert held["cine_referral_date"].to_list() == tables["CINdetails"]["CINreferralDate"].to_list()
    assert held["cine_person_id"].to_list() == tables["CINdetails"]["_id"].to_list()


def test_an_ssda903_leads_back_to_what_it_was_loaded_into(fixtures: Path) -> None:
    files = files_in([fixtures / "ssda903"])
    dataset, tables = read(files).dataset, read_return(files).said.tables
    came = traced(tables["Episodes"], sources("ssda903")["Episodes"].row, dataset)
    held = dataset.table("ssd_cla_episodes")[came["at"].to_list()]
    assert held.height and held["clae_cla_episode_start_date"].to_list() == tables["Episodes"]["DECOM"].to_list()


def test_what_no_day_fits_leads_to_the_only_row_else_to_the_child() -> None:
    plans = {"cinp_person_id": ["A", "B", "B"], "cinp_cin_plan_start_date": ["2025-01-01", "2025-02-01", "2025-03-01"]}
    people = pl.DataFrame({"pers_person_id": ["B", "A"]})
    typed = pl.DataFrame(plans).with_columns(pl.col("cinp_cin_plan_start_date").str.to_date())
    held = {"ssd_cin_plans": typed, "ssd_person": people}
    dataset = Dataset({name: conform(name, frame) for name, frame in held.items()})
    source = Source("ssd_cin_plans", "CINPlanStartDate", "cinp_cin_plan_start_date")
    rows = pl.DataFrame({"_id": ["A", "B", "B", "C"], "CINPlanStartDate": ["2030-01-01", "2025-03-01", None, None]})
    found = traced(rows.with_columns(pl.col("CINPlanStartDate").str.to_date()), source, dataset)
    assert found.rows() == [("ssd_cin_plans", 0), ("ssd_cin_plans", 2), ("ssd_person", 0), (None, None)]
    assert dict(found.schema) == dict(TRACED)


def test_what_lasts_is_the_last_that_began_by_the_day() -> None:
    began = pl.Series(["2025-01-01", "2025-03-01", "2025-02-01"]).str.to_date()
    homes = pl.DataFrame({"clap_person_id": ["A", "A", "B"], "clap_cla_placement_start_date": began})
    held = {"ssd_cla_placement": homes, "ssd_person": pl.DataFrame({"pers_person_id": ["A", "B"]})}
    dataset = Dataset({name: conform(name, frame) for name, frame in held.items()})
    days = pl.Series("DECOM", ["2025-03-09", "2025-02-28", "2024-12-31", "2025-02-01", None]).str.to_date()
    rows = pl.DataFrame({"_id": ["A", "A", "A", "B", "A"]}).with_columns(days)
    found = traced(rows, sources("ssda903")["Episodes"].cells["PLACE"], dataset)
    at = ("ssd_cla_placement", 1), ("ssd_cla_placement", 0), (PERSON, 0), ("ssd_cla_placement", 2), (PERSON, 0)
    assert tuple(found.rows()) == at
