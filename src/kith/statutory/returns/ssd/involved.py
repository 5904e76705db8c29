"""Who had a part in each child's life, when each was born, what was promised: what clocks ask beside the journeys."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.journey_parts import ref
from kith.statutory.timescales.shapes import BIRTHS_SCHEMA, PARTS_SCHEMA, PROMISES_SCHEMA

# What sources call a part in a child's life, and what Kith calls it.
PARTS = {
    "social_worker": "Allocated social worker",
    "social worker": "Allocated social worker",
    "allocated worker": "Allocated social worker",
    "case worker": "Allocated social worker",
    "cw": "Allocated social worker",
    "reviewing_officer": "Reviewing officer",
    "independent reviewing officer": "Reviewing officer",
    "iro": "Reviewing officer",
    "cp_chair": "CP chair",
    "personal_adviser": "Personal adviser",
    "pa": "Personal adviser",
    "early_help_worker": "Early help worker",
    "adoption_officer": "Adoption worker",
    "supervising_social_worker": "Supervising social worker",
    "designated_officer": "Designated officer",
    "supervisor": "Supervisor",
}


def role_of(column: str) -> pl.Expr:
    """What Kith calls a part in a child's life; one that it has no word for stays as the source calls it."""
    held = pl.col(column)
    return held.str.to_lowercase().str.strip_chars().replace_strict(PARTS, default=held)


def parts(dataset: Dataset) -> pl.DataFrame:
    """Every part that a named worker had in a child's life (PARTS_SCHEMA)."""
    told = dataset.table("ssd_involvements").filter(pl.col("invo_professional_id").is_not_null())
    found = told.select(
        child=pl.col("invo_person_id"),
        role=role_of("invo_professional_role_id"),
        ref=ref("involvement", "invo_involvements_id"),
        started_on=pl.col("invo_involvement_start_date"),
        ended_on=pl.col("invo_involvement_end_date"),
    )
    return found.select(pl.col(name).cast(kind) for name, kind in PARTS_SCHEMA.items())


def births(dataset: Dataset) -> pl.DataFrame:
    """When each child was born, or is expected to be (BIRTHS_SCHEMA)."""
    columns = {"child": "pers_person_id", "dob": "pers_dob", "expected": "pers_expected_dob"}
    people = dataset.table("ssd_person")
    return people.select(pl.col(columns[name]).cast(kind).alias(name) for name, kind in BIRTHS_SCHEMA.items())


def promises(dataset: Dataset) -> pl.DataFrame:
    """What was promised in strategy meetings (PROMISES_SCHEMA): a meeting is named by its number, its id or its ref."""
    meetings = dataset.table("kith_strategy_meeting")
    names = ("stra_meeting_id", "stra_table_id", ref("strategy_meeting", "stra_table_id"))
    known = pl.concat([meetings.select(made_in=name) for name in names]).drop_nulls().unique()
    told = dataset.table("kith_promise").select(
        child="prom_person_id",
        ref=ref("promise", "prom_table_id"),
        made_in="prom_made_in",
        due_on="prom_due_date",
        done_on="prom_done_date",
        dropped_on="prom_dropped_date",
    )
    found = told.join(known, on="made_in", how="semi").with_columns(made_in=pl.lit("strategy_meeting"))
    return found.select(pl.col(name).cast(kind) for name, kind in PROMISES_SCHEMA.items())
