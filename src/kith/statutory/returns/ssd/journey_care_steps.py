"""The steps of children's journeys in care, when they go missing, and when they leave care."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.journey_parts import moment, outcome, ref, says, within
from kith.statutory.returns.ssd.journey_periods import care, care_children, spells_of
from kith.statutory.returns.ssd.journey_steps import visit

_CHECKS = {"dental": "dent", "optician": "optic|eye|sight", "immunisation": "immunis|vaccin", "health": "health"}


def _in_care(dataset: Dataset, table: str, *, child: str, day: str) -> pl.DataFrame:
    return within(dataset.table(table), spells_of(care(dataset)), child=child, day=day, into="_care")


def cla_visits(dataset: Dataset) -> pl.DataFrame:
    """Visits to looked-after children, in their period of care."""
    told = _in_care(dataset, "ssd_cla_visits", child="clav_person_id", day="clav_cla_visit_date")
    return told.select(
        *visit("cla", "clav_cla_visit_id", "clav_person_id", "clav_cla_visit"),
        span=pl.coalesce(ref("care", "clav_cla_id"), "_care"),
    )


def care_reviews(dataset: Dataset) -> pl.DataFrame:
    """Reviews of looked-after children. A cancelled review does not count; one without its care has no span."""
    told = dataset.table("ssd_cla_reviews").join(
        care_children(dataset), left_on="clar_cla_id", right_on="clae_cla_id", how="left", maintain_order="left"
    )
    in_care = told.select(
        ref=ref("care_review", "clar_cla_review_id"),
        child=pl.col("_child"),
        happened_on=pl.col("clar_cla_review_date"),
        outcome=pl.col("clar_cla_review_participation"),
        counts=says("clar_cla_review_cancelled", "Y").fill_null(False).not_(),
        span=ref("care", "clar_cla_id"),
    )
    loose = dataset.table("kith_care_review").select(
        ref=ref("care_review:loose", "kcar_table_id"),
        child=pl.col("kcar_person_id"),
        happened_on=pl.col("kcar_review_date"),
        outcome=pl.col("kcar_participation"),
    )
    return pl.concat([in_care, loose], how="diagonal").with_columns(kind=pl.lit("care_review"))


def health_assessments(dataset: Dataset) -> pl.DataFrame:
    """Health, dental and other checks. Only a check that was completed (or has no status) counts.

    A check that is planned is opened and has not happened.
    """
    told = _in_care(dataset, "ssd_cla_health", child="clah_person_id", day="clah_health_check_date")
    kind = pl.col("clah_health_check_type").str.to_lowercase()
    code = pl.coalesce(
        *[pl.when(kind.str.contains(words)).then(pl.lit(name)) for name, words in _CHECKS.items()],
        kind.str.replace_all(r"\W+", "_").str.strip_chars("_"),
    )
    status = pl.col("clah_health_check_status").str.to_lowercase().fill_null("completed")
    planned = status.str.starts_with("plan")
    return told.select(
        ref=ref("health_assessment", "clah_health_check_id"),
        kind=pl.lit("health_assessment"),
        code=code,
        child=pl.col("clah_person_id"),
        opened_on=pl.when(planned).then("clah_health_check_date"),
        happened_on=pl.when(~planned).then("clah_health_check_date"),
        outcome=status,
        counts=status.str.starts_with("complete"),
        span=pl.col("_care"),
    )


def peps(dataset: Dataset) -> pl.DataFrame:
    """Personal education plans; the outcome is the quality given to them."""
    told = _in_care(dataset, "kith_pep", child="pepl_person_id", day="pepl_date")
    return told.select(
        ref=ref("pep", "pepl_table_id"),
        kind=pl.lit("pep"),
        child=pl.col("pepl_person_id"),
        happened_on=pl.col("pepl_date"),
        outcome=pl.col("pepl_quality"),
        span=pl.coalesce(ref("care", "pepl_cla_id"), "_care"),
    )


def sdqs(dataset: Dataset) -> pl.DataFrame:
    """Strengths and Difficulties Questionnaires; the outcome is the score, or why there is none."""
    told = _in_care(dataset, "ssd_sdq_scores", child="csdq_person_id", day="csdq_sdq_completed_date")
    return told.select(
        ref=ref("sdq", "csdq_table_id"),
        kind=pl.lit("sdq"),
        child=pl.col("csdq_person_id"),
        happened_on=pl.col("csdq_sdq_completed_date"),
        outcome=pl.coalesce("csdq_sdq_score", "csdq_sdq_reason"),
        counts=pl.col("csdq_sdq_score").is_not_null(),
        span=pl.col("_care"),
    )


def convictions(dataset: Dataset) -> pl.DataFrame:
    """Offences of looked-after children, without their wording."""
    told = _in_care(dataset, "ssd_cla_convictions", child="clac_person_id", day="clac_cla_conviction_date")
    return told.select(
        ref=ref("conviction", "clac_cla_conviction_id"),
        kind=pl.lit("conviction"),
        child=pl.col("clac_person_id"),
        happened_on=pl.col("clac_cla_conviction_date"),
        span=pl.col("_care"),
    )


def return_interviews(dataset: Dataset) -> pl.DataFrame:
    """Return interviews offered and held, and those of which only the offer's answer is known (no date, so no fact)."""
    held = dataset.table("kith_return_interview")
    full = held.select(
        ref=ref("return_interview", "reti_table_id"),
        child=pl.col("reti_person_id"),
        opened_on=pl.col("reti_offered_date"),
        happened_on=pl.col("reti_held_date"),
        happened_at=moment("reti_held_date", "reti_held_time"),
        done_on=pl.col("reti_shared_date"),
        outcome=pl.col("reti_outcome"),
        span=ref("missing", "reti_missing_id"),
        worker=pl.col("reti_worker_id"),
    )
    answered = dataset.table("ssd_missing").join(held, left_on="miss_table_id", right_on="reti_missing_id", how="anti")
    offered = says("miss_missing_rhi_offered", "Y") | says("miss_missing_rhi_accepted", "Y")
    short = answered.filter(offered).select(
        ref=ref("return_interview:missing", "miss_table_id"),
        child=pl.col("miss_person_id"),
        outcome=outcome(
            (says("miss_missing_rhi_accepted", "Y"), "accepted"), (says("miss_missing_rhi_accepted", "N"), "declined")
        ),
        span=ref("missing", "miss_table_id"),
    )
    return pl.concat([full, short], how="diagonal").with_columns(kind=pl.lit("return_interview"))


def care_leaver_contacts(dataset: Dataset) -> pl.DataFrame:
    """Each contact with a care leaver, and the latest in the care leaver's own record where it is another day."""
    leavers = dataset.table("ssd_care_leavers")
    of_child = leavers.group_by("clea_person_id").agg(pl.col("clea_table_id").min())
    each = dataset.table("kith_care_leaver_contact").join(
        of_child, left_on="clco_person_id", right_on="clea_person_id", how="left", maintain_order="left"
    )
    kept = each.select(
        ref=ref("care_leaver_contact", "clco_table_id"),
        child=pl.col("clco_person_id"),
        code=pl.col("clco_how"),
        happened_on=pl.col("clco_date"),
        span=ref("care_leaver", "clea_table_id"),
        worker=pl.col("clco_worker_id"),
    )
    latest = leavers.filter(pl.col("clea_care_leaver_latest_contact").is_not_null()).select(
        ref=ref("care_leaver_contact:latest", "clea_table_id"),
        child=pl.col("clea_person_id"),
        happened_on=pl.col("clea_care_leaver_latest_contact"),
        span=ref("care_leaver", "clea_table_id"),
        worker=pl.col("clea_care_leaver_worker_id"),
    )
    other = latest.join(kept, on=["child", "happened_on"], how="anti")
    return pl.concat([kept, other], how="diagonal").with_columns(kind=pl.lit("care_leaver_contact"))
