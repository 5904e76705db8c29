"""The periods of children's lives that a dataset tells of: need, plans, care, homes, missing, leaving care."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.journey_parts import coded, moment, ref, within

CATEGORY = {"NEG": "^NEG", "PHY": "^PHY", "SAB": "^(?:SAB|SEX)", "EMO": "^EMO", "MUL": "^MUL"}
_LEGAL = "C1|C2|D1|E1|V1|V2|V3|V4|J1|J2|J3|L1|L2|L3"


def category(column: str) -> pl.Expr:
    """The census code of a category of abuse written in words ("Physical abuse", "a) Neglect"); else as it is."""
    plain = pl.col(column).str.to_uppercase().str.replace(r"^\s*[A-Z]\)\s*", "")
    cases = [pl.when(plain.str.contains(pattern)).then(pl.lit(code)) for code, pattern in CATEGORY.items()]
    return pl.coalesce(*cases, pl.col(column))


def need(dataset: Dataset) -> pl.DataFrame:
    """Each referral is an episode of need, from the referral until the case closes."""
    return dataset.table("ssd_cin_episodes").select(
        ref=ref("need", "cine_referral_id"),
        kind=pl.lit("need"),
        code=pl.col("cine_cin_primary_need_code"),
        child=pl.col("cine_person_id"),
        started_on=pl.col("cine_referral_date"),
        ended_on=pl.col("cine_close_date"),
        end_reason=pl.col("cine_close_reason"),
        worker=pl.col("cine_referral_worker_id"),
        team=pl.col("cine_referral_team"),
    )


def cin_plans(dataset: Dataset) -> pl.DataFrame:
    """Child in need plans, within their need."""
    return dataset.table("ssd_cin_plans").select(
        ref=ref("cin_plan", "cinp_cin_plan_id"),
        kind=pl.lit("cin_plan"),
        child=pl.col("cinp_person_id"),
        started_on=pl.col("cinp_cin_plan_start_date"),
        ended_on=pl.col("cinp_cin_plan_end_date"),
        parent=ref("need", "cinp_referral_id"),
        worker=pl.col("cinp_cin_plan_worker_id"),
        team=pl.col("cinp_cin_plan_team"),
    )


def cp_plans(dataset: Dataset) -> pl.DataFrame:
    """Child protection plans by their latest category, within their need."""
    return dataset.table("ssd_cp_plans").select(
        ref=ref("cp_plan", "cppl_cp_plan_id"),
        kind=pl.lit("cp_plan"),
        code=pl.coalesce(category("cppl_cp_plan_latest_category"), category("cppl_cp_plan_initial_category")),
        child=pl.col("cppl_person_id"),
        started_on=pl.col("cppl_cp_plan_start_date"),
        ended_on=pl.col("cppl_cp_plan_end_date"),
        parent=ref("need", "cppl_referral_id"),
    )


def care(dataset: Dataset) -> pl.DataFrame:
    """Whole periods of care: from the first episode to the last, open while the last is open or only changes (X1)."""
    episodes = dataset.table("ssd_cla_episodes").filter(pl.col("clae_cla_id").is_not_null())
    ordered = episodes.sort("clae_cla_id", "clae_cla_episode_start_date", "clae_cla_episode_id")
    whole = ordered.group_by("clae_cla_id", maintain_order=True).agg(
        child=pl.col("clae_person_id").first(),
        code=pl.col("clae_cla_primary_need_code").drop_nulls().first(),
        started_on=pl.coalesce(pl.col("clae_entered_care_date").min(), pl.col("clae_cla_episode_start_date").min()),
        start_reason=pl.col("clae_cla_episode_start_reason").first(),
        end_reason=pl.col("clae_cla_episode_ceased_reason").last(),
        ended_on=pl.col("clae_cla_episode_ceased_date").last(),
    )
    goes_on = pl.col("end_reason").str.starts_with("X1").fill_null(False) | pl.col("ended_on").is_null()
    return whole.select(
        "child",
        "code",
        "started_on",
        "start_reason",
        ref=ref("care", "clae_cla_id"),
        kind=pl.lit("care"),
        ended_on=pl.when(~goes_on).then("ended_on"),
        end_reason=pl.when(~goes_on).then("end_reason"),
    )


def care_episodes(dataset: Dataset) -> pl.DataFrame:
    """Looked-after episodes; their code is the legal status in force on the day each began."""
    episodes = dataset.table("ssd_cla_episodes")
    legal = _legal_spells(dataset).rename({"code": "ref"})
    told = within(episodes, legal, child="clae_person_id", day="clae_cla_episode_start_date", into="_legal")
    return told.select(
        ref=ref("care_episode", "clae_cla_episode_id"),
        kind=pl.lit("care_episode"),
        code=pl.col("_legal"),
        child=pl.col("clae_person_id"),
        started_on=pl.col("clae_cla_episode_start_date"),
        ended_on=pl.col("clae_cla_episode_ceased_date"),
        start_reason=pl.col("clae_cla_episode_start_reason"),
        end_reason=pl.col("clae_cla_episode_ceased_reason"),
        parent=ref("care", "clae_cla_id"),
    )


def _legal_spells(dataset: Dataset) -> pl.DataFrame:
    return dataset.table("ssd_legal_status").select(
        child=pl.col("lega_person_id"),
        code=coded("lega_legal_status", _LEGAL),
        started_on=pl.col("lega_legal_status_start_date"),
        ended_on=pl.col("lega_legal_status_end_date"),
    )


def homes(dataset: Dataset) -> pl.DataFrame:
    """Where a looked-after child lives, by type of placement, within the period of care."""
    of_care = care_children(dataset)
    told = dataset.table("ssd_cla_placement").join(
        of_care, left_on="clap_cla_id", right_on="clae_cla_id", how="left", maintain_order="left"
    )
    return told.select(
        ref=ref("home", "clap_cla_placement_id"),
        kind=pl.lit("home"),
        code=pl.col("clap_cla_placement_type"),
        child=pl.coalesce("clap_person_id", "_child"),
        started_on=pl.col("clap_cla_placement_start_date"),
        ended_on=pl.col("clap_cla_placement_end_date"),
        end_reason=pl.col("clap_cla_placement_change_reason"),
        parent=ref("care", "clap_cla_id"),
    )


def care_children(dataset: Dataset) -> pl.DataFrame:
    """The child of each period of care: columns clae_cla_id and _child."""
    episodes = dataset.table("ssd_cla_episodes").filter(pl.col("clae_cla_id").is_not_null())
    return episodes.group_by("clae_cla_id", maintain_order=True).agg(pl.col("clae_person_id").first().alias("_child"))


def legal_statuses(dataset: Dataset) -> pl.DataFrame:
    """Legal statuses; the parent is the period of care each began in, when it began in one."""
    table = dataset.table("ssd_legal_status")
    spells = spells_of(care(dataset))
    told = within(table, spells, child="lega_person_id", day="lega_legal_status_start_date", into="_care")
    return told.select(
        ref=ref("legal_status", "lega_legal_status_id"),
        kind=pl.lit("legal_status"),
        code=coded("lega_legal_status", _LEGAL),
        child=pl.col("lega_person_id"),
        started_on=pl.col("lega_legal_status_start_date"),
        ended_on=pl.col("lega_legal_status_end_date"),
        parent=pl.col("_care"),
    )


def spells_of(periods: pl.DataFrame) -> pl.DataFrame:
    """What `within` needs of a frame of periods."""
    return periods.select("child", "ref", "started_on", "ended_on")


def missing(dataset: Dataset) -> pl.DataFrame:
    """Times a child was missing, or away without leave, with the time of day where it is held."""
    detail = dataset.table("kith_missing_detail")
    told = dataset.table("ssd_missing").join(
        detail, left_on="miss_table_id", right_on="misd_missing_id", how="left", maintain_order="left"
    )
    away = pl.col("miss_missing_episode_type").str.to_lowercase().str.contains(r"^\s*(?:a$|a\b|away|absent)")
    return told.select(
        ref=ref("missing", "miss_table_id"),
        kind=pl.lit("missing"),
        code=pl.when(away.fill_null(False)).then(pl.lit("away")).otherwise(pl.lit("missing")),
        child=pl.col("miss_person_id"),
        started_on=pl.col("miss_missing_episode_start_date"),
        started_at=moment("miss_missing_episode_start_date", "misd_start_time"),
        ended_on=pl.col("miss_missing_episode_end_date"),
        ended_at=moment("miss_missing_episode_end_date", "misd_end_time"),
    )


def care_leavers(dataset: Dataset) -> pl.DataFrame:
    """Care leavers by eligibility. The dataset holds no start: the end of their last period of care stands for it.

    Where care has not ended, or is not held, the earliest contact or pathway plan date that is known is taken.
    """
    table = dataset.table("ssd_care_leavers")
    left = (
        care(dataset)
        .group_by("child")
        .agg(pl.col("ended_on").max().alias("_left"), pl.col("ended_on").is_null().any().alias("_in_care"))
    )
    told = table.join(left, left_on="clea_person_id", right_on="child", how="left", maintain_order="left")
    known = pl.min_horizontal("clea_care_leaver_latest_contact", "clea_pathway_plan_review_date")
    left_care = pl.when(~pl.col("_in_care").fill_null(False)).then("_left")
    return told.select(
        ref=ref("care_leaver", "clea_table_id"),
        kind=pl.lit("care_leaver"),
        code=pl.col("clea_care_leaver_eligibility"),
        child=pl.col("clea_person_id"),
        started_on=pl.coalesce(left_care, known),
        worker=pl.col("clea_care_leaver_worker_id"),
        team=pl.col("clea_care_leaver_allocated_team"),
    )


def early_help(dataset: Dataset) -> pl.DataFrame:
    """Early help; the code is the body that gives it."""
    return dataset.table("ssd_early_help_episodes").select(
        ref=ref("early_help", "earl_episode_id"),
        kind=pl.lit("early_help"),
        code=pl.col("earl_episode_organisation"),
        child=pl.col("earl_person_id"),
        started_on=pl.col("earl_episode_start_date"),
        ended_on=pl.col("earl_episode_end_date"),
        start_reason=pl.col("earl_episode_reason"),
        end_reason=pl.col("earl_episode_end_reason"),
        worker=pl.col("earl_episode_worker_id"),
    )


def immigration(dataset: Dataset) -> pl.DataFrame:
    """Immigration statuses, by their wording."""
    return dataset.table("ssd_immigration_status").select(
        ref=ref("immigration", "immi_immigration_status_id"),
        kind=pl.lit("immigration"),
        code=pl.col("immi_immigration_status"),
        child=pl.col("immi_person_id"),
        started_on=pl.col("immi_immigration_status_start_date"),
        ended_on=pl.col("immi_immigration_status_end_date"),
    )


def pre_proceedings(dataset: Dataset) -> pl.DataFrame:
    """Pre-proceedings, from the decision to begin until it is agreed to step down or to issue."""
    return dataset.table("ssd_pre_proceedings").select(
        ref=ref("pre_proceedings", "prep_table_id"),
        kind=pl.lit("pre_proceedings"),
        child=pl.col("prep_person_id"),
        started_on=pl.col("prep_pre_pro_decision_date"),
        ended_on=pl.col("prep_agree_stepdown_issue_date"),
        end_reason=pl.col("prep_pre_pro_outcome"),
    )


PERIODS: Mapping[Callable[[Dataset], pl.DataFrame], tuple[str, ...]] = {
    need: ("ssd_cin_episodes",),
    cin_plans: ("ssd_cin_plans",),
    cp_plans: ("ssd_cp_plans",),
    care: ("ssd_cla_episodes",),
    care_episodes: ("ssd_cla_episodes",),
    homes: ("ssd_cla_placement",),
    legal_statuses: ("ssd_legal_status",),
    missing: ("ssd_missing",),
    care_leavers: ("ssd_care_leavers",),
    early_help: ("ssd_early_help_episodes",),
    immigration: ("ssd_immigration_status",),
    pre_proceedings: ("ssd_pre_proceedings",),
}
