"""The borough's own census, before any failure is planted, passes every rule of its year and reads back as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from kith.statutory.returns.checking_returns import check_cin
from kith.statutory.returns.cin_census.reader import read_files
from kith.statutory.returns.cin_census.rules import BOOK
from kith.statutory.returns.cin_census.validity import faults_of_form
from kith.statutory.returns.cin_census.writer import Source, write_census
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.journey_periods import category
from kith.synthetic.borough import Borough

SOURCE = Source(authority="999", at=datetime(2026, 4, 30, 9, tzinfo=UTC))
LAST = 2026  # the year that ends on the story's last day: nothing in the dataset comes after it
START = date(2025, 4, 1)
YEARS = (2022, 2023, 2024, 2025, 2026)

# What the census holds of the dataset, cell for cell: everything but ids (it has none but the child's), who did it, and
# what it does not ask for. Gender is asked for until 2023/24 only.
HELD = {
    "ssd_person": "pers_person_id pers_sex pers_ethnicity pers_dob pers_expected_dob pers_death_date pers_upn "
    "pers_upn_unknown",
    "ssd_disability": "disa_person_id disa_disability_code",
    "ssd_cin_episodes": "cine_person_id cine_referral_date cine_cin_primary_need_code cine_referral_source_code "
    "cine_referral_nfa cine_close_reason cine_close_date",
    "ssd_cin_assessments": "cina_person_id cina_assessment_start_date cina_assessment_auth_date",
    "ssd_assessment_factors": "cinf_assessment_factors_json",
    "ssd_cin_plans": "cinp_person_id cinp_cin_plan_start_date cinp_cin_plan_end_date",
    "ssd_s47_enquiry": "s47e_person_id s47e_s47_start_date s47e_s47_nfa",
    "ssd_initial_cp_conference": "icpc_person_id icpc_icpc_target_date icpc_icpc_date icpc_icpc_outcome_cp_flag",
    "ssd_cp_plans": "cppl_person_id cppl_cp_plan_start_date cppl_cp_plan_end_date cppl_cp_plan_initial_category "
    "cppl_cp_plan_latest_category",
    "ssd_cp_reviews": "cppr_person_id cppr_cp_review_date",
}


def _write(dataset: Dataset, folder: Path, year: int) -> Path:
    path = folder / f"census-{year}.xml"
    written = write_census(dataset, path, year=year, source=SOURCE)
    assert written.left_out == {}
    return path


@pytest.mark.parametrize("year", YEARS)
def test_each_years_census_has_its_form_and_passes_every_rule(faultless: Borough, year: int, tmp_path: Path) -> None:
    path = _write(faultless.dataset, tmp_path, year)
    assert faults_of_form(path, year=year) == ()
    checked = check_cin([path])
    assert checked.outcome.issues.to_dicts() == []
    assert (checked.outcome.not_run, checked.outcome.failed) == ((), ())
    assert {rule.code for rule in checked.outcome.rules} == set(BOOK.codes(year))
    assert checked.returned.rows_in == checked.returned.rows_read > 15_000


def test_a_borough_that_says_less_does_not_pass(faultless: Borough, tmp_path: Path) -> None:
    """The control: the rules must be able to find something in a census of this size."""
    episodes = faultless.dataset.table("ssd_cin_episodes")
    silent = episodes.with_columns(cine_close_reason=pl.lit(None, pl.String))
    path = _write(Dataset({**faultless.dataset.tables, "ssd_cin_episodes": silent}), tmp_path, LAST)
    closed = episodes.filter(pl.col("cine_close_date") >= START)
    found = check_cin([path]).outcome.issues.filter(pl.col("rule") == "8805")
    assert found.height == closed.height > 1000


def _going_on(frame: pl.DataFrame, *ended: str) -> pl.DataFrame:
    return frame.filter((pl.coalesce(*ended) >= START).fill_null(True))


def _of_the_year(dataset: Dataset) -> dict[str, pl.DataFrame]:
    """The rows of the dataset that belong in the last year, chosen the plain way; no day in it comes after the year."""
    held = _going_on(dataset.table("ssd_cin_episodes"), "cine_close_date")
    referrals, children = held["cine_referral_id"].implode(), held["cine_person_id"].implode()
    table = dataset.table
    assessed = _going_on(table("ssd_cin_assessments"), "cina_assessment_auth_date")
    assessed = assessed.filter(pl.col("cina_referral_id").is_in(referrals))
    met = table("ssd_initial_cp_conference").select("icpc_s47_enquiry_id", "icpc_icpc_date")
    asked = table("ssd_s47_enquiry").join(
        met, left_on="s47e_s47_enquiry_id", right_on="icpc_s47_enquiry_id", how="left"
    )
    asked = _going_on(asked, "icpc_icpc_date", "s47e_s47_end_date").filter(pl.col("s47e_referral_id").is_in(referrals))
    plans = _going_on(table("ssd_cp_plans"), "cppl_cp_plan_end_date")
    return {
        "ssd_person": table("ssd_person").filter(pl.col("pers_person_id").is_in(children)),
        "ssd_disability": table("ssd_disability").filter(pl.col("disa_person_id").is_in(children)),
        "ssd_cin_episodes": held,
        "ssd_cin_assessments": assessed,
        "ssd_assessment_factors": table("ssd_assessment_factors").filter(
            pl.col("cinf_assessment_id").is_in(assessed["cina_assessment_id"].implode())
        ),
        "ssd_cin_plans": _going_on(table("ssd_cin_plans"), "cinp_cin_plan_end_date"),
        "ssd_s47_enquiry": asked.with_columns(pl.col("s47e_s47_nfa").fill_null("N")),  # not decided is not “not needed”
        "ssd_initial_cp_conference": table("ssd_initial_cp_conference")
        .filter(pl.col("icpc_s47_enquiry_id").is_in(asked["s47e_s47_enquiry_id"].implode()))
        .with_columns(pl.col("icpc_icpc_outcome_cp_flag").replace("N", None)),  # the census says it by the plan alone
        "ssd_cp_plans": plans.with_columns(
            category(each).alias(each) for each in ("cppl_cp_plan_initial_category", "cppl_cp_plan_latest_category")
        ),
        "ssd_cp_reviews": table("ssd_cp_reviews").filter(
            pl.col("cppr_cp_plan_id").is_in(plans["cppl_cp_plan_id"].implode())
        ),
    }


def test_what_is_written_reads_back_cell_for_cell(faultless: Borough, tmp_path: Path) -> None:
    reading = read_files([_write(faultless.dataset, tmp_path, LAST)])
    assert not reading.problems
    for name, frame in _of_the_year(faultless.dataset).items():
        columns = HELD[name].split()
        before, after = (each.select(columns).sort(columns) for each in (frame, reading.dataset.table(name)))
        assert before.height > 300, name
        assert after.equals(before), name
    counted = reading.dataset.table("kith_cp_plan_detail")["kcpp_previous_plans"]
    assert counted.len() == reading.dataset.table("ssd_cp_plans").height
    assert set(counted.to_list()) >= {0, 1}


def test_what_was_read_back_is_written_and_read_the_same_again(faultless: Borough, tmp_path: Path) -> None:
    """All but enquiries of the year before that needed no conference: the census does not say when they were over."""
    once = read_files([_write(faultless.dataset, tmp_path, LAST)]).dataset
    enquiries = once.table("ssd_s47_enquiry")
    unsure = (pl.col("s47e_s47_start_date") < START) & (pl.col("s47e_s47_nfa") == "Y")
    assert 0 < enquiries.filter(unsure).height < 50
    sure = Dataset({**once.tables, "ssd_s47_enquiry": enquiries.filter(~unsure)})
    assert read_files([_write(once, tmp_path, LAST)]).dataset.equals(sure)
