"""Periods, steps and each child's part in them, from a dataset's journeys; with what visits, homes and meetings add."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.ssd import journeys
from kith.statutory.returns.ssd.dataset import Dataset

from .details import common, details
from .told import told
from .words import Frames, known, ref, told_of, yes

DAYS = ("opened_on", "opened_at", "planned_on", "happened_on", "happened_at", "done_on", "done_at")
SHARED = ("kind", "code", *DAYS)


def work(dataset: Dataset, *, detailed: bool = True) -> Frames:
    """Every period and step that the dataset tells of, and what belongs to them.

    Not `detailed`: without the rest of each source's row, for whoever asks the ledger for it.
    """
    more = details(dataset if detailed else Dataset({}))
    parted = _with_step(journeys.steps(dataset))
    return {
        "period": _periods(journeys.periods(dataset), more),
        "home": _homes(dataset),
        "step": _steps(parted, more),
        "part": _parts(parted),
        "told": told(dataset),
        "visit_part": _visit_parts(dataset),
        "strategy_meeting": _strategy_meetings(dataset, parted),
        "strategy_decision": _strategy_decisions(dataset),
        "attendance": _attendances(dataset, parted),
        "promise": _promises(dataset, parted),
    }


def _periods(told: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    return told.join(more, on="ref", how="left", maintain_order="left").select(
        pl.exclude("child", "worker", "team"),
        person=ref("person", "child"),
        worker=ref("worker", "worker"),
        team=ref("team", "team"),
    )


@told_of("ssd_cla_placement")
def _homes(dataset: Dataset) -> pl.DataFrame:
    told = dataset.table("ssd_cla_placement").select(
        ref=ref("home", "clap_cla_placement_id"),
        provider="clap_cla_placement_provider",
        urn="clap_cla_placement_urn",
        postcode="clap_cla_placement_postcode",
        miles_from_home="clap_cla_placement_distance",
    )
    return known(told, *told.columns[1:])


def _with_step(told: pl.DataFrame) -> pl.DataFrame:
    """The journeys' steps with `step`: one for brothers and sisters who share a meeting, when it was one meeting.

    Where a source gives one meeting's number to children whose days differ, each keeps a step of their own.
    """
    group = ["kind", "code", "meeting"]
    one = pl.all_horizontal(pl.col(each).n_unique().over(group) == 1 for each in SHARED[2:])
    shared = pl.lit("meeting:") + pl.col("kind") + pl.lit(":") + pl.col("meeting")
    return told.with_columns(step=pl.when(pl.col("meeting").is_not_null() & one).then(shared).otherwise("ref"))


def _steps(parted: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    told = parted.join(more, on="ref", how="left", maintain_order="left")
    alone = told.filter(~pl.col("step").is_duplicated())
    together = told.filter(pl.col("step").is_duplicated())
    merged = together.group_by("step", maintain_order=True).agg(
        *(pl.col(each).drop_nulls().first() for each in (*SHARED, "led_from", "worker", "team")),
        details=pl.col("details"),
    )
    merged = merged.with_columns(
        pl.col("details").map_elements(lambda each: common(list(each)), return_dtype=pl.String)
    )
    columns = ["step", *SHARED, "led_from", "worker", "team", "details"]
    return pl.concat([alone.select(columns), merged.select(columns)]).select(
        pl.col("step").alias("ref"),
        pl.exclude("step", "worker", "team"),
        worker=ref("worker", "worker"),
        team=ref("team", "team"),
    )


def _parts(parted: pl.DataFrame) -> pl.DataFrame:
    return parted.select("ref", "step", "span", "outcome", "counts", person=ref("person", "child"))


@told_of("ssd_cin_visits", "ssd_cp_visits", "ssd_cla_visits")
def _visit_parts(dataset: Dataset) -> pl.DataFrame:
    kinds = (("cin", "cinv_cin", True), ("cp", "cppv_cp", True), ("cla", "clav_cla", False))
    told = [_visits(dataset, code, f"{start}_visit", bedroom) for code, start, bedroom in kinds]
    return pl.concat(told, how="diagonal").with_columns(pl.col("ref"))


def _visits(dataset: Dataset, code: str, start: str, bedroom: bool) -> pl.DataFrame:
    key = f"{start}_id"
    notes = dataset.table("kith_visit_note").select(id="vnot_visit_id", where="vnot_where", said="vnot_said")
    visits = dataset.table(f"ssd_{code}_visits").filter(pl.col(key).is_not_null())
    return visits.join(notes, left_on=key, right_on="id", how="left", maintain_order="left").select(
        "where",
        "said",
        ref=ref(f"visit:{code}", key),
        seen=yes(f"{start}_seen"),
        seen_alone=yes(f"{start}_seen_alone"),
        bedroom_seen=yes(f"{start}_bedroom") if bedroom else pl.lit(None, dtype=pl.Boolean),
    )


@told_of("kith_strategy_meeting")
def _strategy_meetings(dataset: Dataset, parted: pl.DataFrame) -> pl.DataFrame:
    told = dataset.table("kith_strategy_meeting").select(
        part=ref("strategy_meeting", "stra_table_id"), reason="stra_reason"
    )
    steps = parted.select(part="ref", ref="step")
    return (
        known(told, "reason")
        .join(steps, on="part")
        .select("ref", "reason")
        .unique("ref", keep="first", maintain_order=True)
    )


@told_of("kith_strategy_meeting")
def _strategy_decisions(dataset: Dataset) -> pl.DataFrame:
    told = dataset.table("kith_strategy_meeting").select(
        ref=ref("strategy_meeting", "stra_table_id"), rationale="stra_rationale"
    )
    return known(told, "rationale")


def _made_in(parted: pl.DataFrame) -> pl.DataFrame:
    """`id` and `step`: what other rows may call a step by: its meeting's number, its ref, or the id its ref ends in."""
    meetings = parted.filter(pl.col("meeting").is_not_null()).select(id="meeting", step="step")
    refs = parted.select(id="ref", step="step")
    ends = parted.select(id=pl.col("ref").str.split(":").list.last(), step="step")
    return pl.concat([meetings, refs, ends]).unique("id", keep="first", maintain_order=True)


@told_of("kith_meeting_attendance")
def _attendances(dataset: Dataset, parted: pl.DataFrame) -> pl.DataFrame:
    told = dataset.table("kith_meeting_attendance")
    return told.join(
        _made_in(parted), left_on="matt_meeting_id", right_on="id", how="left", maintain_order="left"
    ).select(
        "step",
        ref=ref("attendance", "matt_table_id"),
        agency="matt_agency",
        name="matt_name",
        role="matt_role",
        invited=yes("matt_invited"),
        attended=yes("matt_attended"),
        apologies=yes("matt_apologies"),
    )


@told_of("kith_promise")
def _promises(dataset: Dataset, parted: pl.DataFrame) -> pl.DataFrame:
    told = dataset.table("kith_promise").join(
        _made_in(parted), left_on="prom_made_in", right_on="id", how="left", maintain_order="left"
    )
    return told.select(
        ref=ref("promise", "prom_table_id"),
        person=ref("person", "prom_person_id"),
        made_in=pl.coalesce("step", "prom_made_in"),
        made_on="prom_made_date",
        what="prom_what",
        owner=ref("worker", "prom_owner_worker_id"),
        owner_agency="prom_owner_agency",
        owner_name="prom_owner_name",
        due_on="prom_due_date",
        done_on="prom_done_date",
        evidence="prom_evidence",
        effect="prom_effect",
        dropped_on="prom_dropped_date",
        dropped_why="prom_dropped_why",
    )
