"""Turns the checked rows of the lists about care, leaving care and adoption into tables of the dataset."""

from __future__ import annotations

import json

import polars as pl

from kith.statutory.returns.annex_a.mapping import Frames, identified
from kith.statutory.returns.annex_a.wording import plain

CARE_PLANS = (
    "REMAINSUP",
    "RETURN1M",
    "RETURN6M",
    "RETURNEV",
    "LTRELFR",
    "LTFOST18",
    "RESPLMT",
    "SUPPLIV",
    "ADOPTION",
    "OTHERPLN",
)
_LETTER = r"^\s*[a-zA-Z]{1,2}\)\s*"  # of a drop-down
_PLAN_OF = {
    "return": "RETURNEV",
    "adoption": "ADOPTION",
    "supported": "SUPPLIV",
    "long-term res": "RESPLMT",
    "long term res": "RESPLMT",
    "long-term fost": "LTFOST18",
    "long term fost": "LTFOST18",
}


def care(frame: pl.DataFrame) -> Frames:
    """List 8: the period of care, its present episode, home and legal status, and the latest of each duty."""
    told = _care_ids(frame)
    episode = told.select(
        clae_cla_episode_id="episode",
        clae_person_id="child",
        clae_cla_episode_start_date="episode_date",
        clae_cla_primary_need_code="need",
        clae_cla_episode_ceased_date="end_date",
        clae_cla_episode_ceased_reason="end_reason",
        clae_cla_id="cla",
        clae_cla_placement_id=pl.when(pl.col("home_start_date").is_not_null()).then("home"),
        clae_entered_care_date="start_date",
        clae_cla_last_iro_contact_date="iro_date",
    )
    home = told.filter(pl.col("home_start_date").is_not_null()).select(
        clap_cla_placement_id="home",
        clap_cla_placement_start_date="home_start_date",
        clap_cla_placement_type="placement_type",
        clap_cla_placement_urn="urn",
        clap_cla_id="cla",
        clap_cla_placement_provider="provider",
        clap_cla_placement_postcode="postcode",
        clap_cla_placement_end_date="end_date",
        clap_person_id="child",
    )
    legal = told.filter(pl.col("legal_status").is_not_null()).select(
        lega_legal_status_id="legal",
        lega_person_id="child",
        lega_legal_status="legal_status",
        lega_legal_status_start_date="legal_start_date",
        lega_legal_status_end_date="end_date",
    )
    tables = {"ssd_cla_episodes": episode, "ssd_cla_placement": home, "ssd_legal_status": legal}
    return tables | _duties(told) | _plans(told)


def _care_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with ids as SSDA903 would give them: the child, and the day that care, episode, home or status began."""
    begun = pl.max_horizontal("start_date", "legal_start_date", "home_start_date")
    told = identified(frame.with_columns(begun.alias("episode_date")), name="cla", day="start_date")
    for name, day in (("episode", "episode_date"), ("home", "home_start_date"), ("legal", "legal_start_date")):
        told = identified(told, name=name, day=day)
    return told


def _on(frame: pl.DataFrame, day: str) -> pl.DataFrame:
    """The rows that have this day, with `id`: the child and the day."""
    return identified(frame.filter(pl.col(day).is_not_null()), name="id", day=day)


def _duties(told: pl.DataFrame) -> Frames:
    checks = []
    for day, kind in (("health_date", "Health assessment"), ("dental_date", "Dental check")):
        checks.append(
            _on(told, day).select(
                clah_health_check_id=pl.concat_str("id", pl.lit(f"-{day.removesuffix('_date')}")),
                clah_person_id="child",
                clah_health_check_type=pl.lit(kind),
                clah_health_check_date=day,
                clah_health_check_status=pl.lit("Completed"),
            )
        )
    return {
        "ssd_cla_reviews": _on(told, "review_date").select(
            clar_cla_review_id="id", clar_cla_id="cla", clar_cla_review_date="review_date"
        ),
        "ssd_cla_visits": _on(told, "visit_date").select(
            clav_cla_visit_id="id", clav_cla_id="cla", clav_person_id="child", clav_cla_visit_date="visit_date"
        ),
        "ssd_cla_health": pl.concat(checks),
    }


def _plans(told: pl.DataFrame) -> Frames:
    planned = told.filter(pl.col("permanence_plan").is_not_null())
    said = {each: _plan_json(each) for each in planned["permanence_plan"].unique()}
    return {
        "ssd_cla_care_plan": planned.select(
            lacp_table_id="cla",
            lacp_person_id="child",
            lacp_cla_care_plan_json=pl.col("permanence_plan").replace_strict(said, return_dtype=pl.String),
        )
    }


def _plan_json(wording: str) -> str:
    words = plain(wording).lower()
    code = next((code for start, code in _PLAN_OF.items() if words.startswith(start)), "OTHERPLN")
    return json.dumps({each: "Y" if each == code else "" for each in CARE_PLANS})


def uasc(rows: list[pl.DataFrame]) -> Frames:
    """Lists 8 and 9: children who are, or were, unaccompanied and seeking asylum. The lists give no dates."""
    marked = [frame.filter(pl.col("uasc") == "Y").select("child") for frame in rows if "uasc" in frame.columns]
    if not marked:
        return {}
    told = pl.concat(marked).unique(maintain_order=True)
    return {
        "ssd_immigration_status": told.select(
            immi_person_id="child",
            immi_immigration_status_id=pl.concat_str("child", pl.lit("-uasc")),
            immi_immigration_status=pl.lit("UASC"),
        )
    }


def care_leavers(frame: pl.DataFrame) -> Frames:
    """List 9."""
    words = pl.col("eligibility").str.replace(_LETTER, "").str.to_titlecase()
    words = words.str.replace(r" (Child|Care Leaver)$", "")
    told = identified(frame.with_columns(words, pl.lit("leaver").alias("_leaver")), name="id", day="_leaver")
    return {
        "ssd_care_leavers": told.select(
            clea_table_id="id",
            clea_person_id="child",
            clea_care_leaver_eligibility="eligibility",
            clea_care_leaver_in_touch="in_touch",
            clea_care_leaver_latest_contact="contact_date",
            clea_care_leaver_accommodation="accommodation",
            clea_care_leaver_accom_suitable="suitability",
            clea_care_leaver_activity="activity",
            clea_pathway_plan_review_date="pathway_date",
            clea_care_leaver_personal_advisor="adviser",
            clea_care_leaver_allocated_team="team",
            clea_care_leaver_worker_id="worker",
        )
    }


def adoption(frame: pl.DataFrame) -> Frames:
    """List 10: the way to adoption, and the adoptive family."""
    told = identified(frame, name="id", day="decision_date")
    ordered = pl.col("adoption_date").is_not_null()
    permanence = told.select(
        perm_table_id="id",
        perm_person_id="child",
        perm_adm_decision_date="decision_date",
        perm_placement_order_date="order_date",
        perm_matched_date="matched_date",
        perm_placed_for_adoption_date="placed_date",
        perm_permanence_order_date="adoption_date",
        perm_permanence_order_type=pl.when(ordered).then(pl.lit("Adoption")),
        perm_decision_reversed_date="reversed_date",
        perm_decision_reversed_reason="reversed_reason",
        perm_placed_ffa_cp_date="fostering_date",
    )
    family = told.filter(pl.col("family").is_not_null()).unique(["child", "family"], keep="first", maintain_order=True)
    return {
        "ssd_permanence": permanence,
        "ssd_family": family.select(
            fami_table_id=pl.concat_str("child", pl.lit("-"), "family"),
            fami_family_id="family",
            fami_person_id="child",
        ),
    }


def adopters(frame: pl.DataFrame) -> Frames:
    """List 11: kept as listed, one row for each adopter and enquiry."""
    told = identified(frame.with_columns(pl.col("adopter").alias("child")), name="adop_adopter_id", day="enquiry_date")
    return {
        "kith_adopter": told.select(
            "adop_adopter_id",
            adop_family_id="family",
            adop_sex="gender",
            adop_ethnicity="ethnicity",
            adop_disability="disability",
            adop_fostering_for_adoption="fostering",
            adop_children_placed="children_placed",
            adop_left_reason=pl.col("left_reason").str.replace(_LETTER, ""),
            **{f"adop_{day}": day for day in ADOPTER_DAYS if day not in ("adoption_date", "left_date")},
            adop_order_date="adoption_date",
            adop_left_date="left_date",
        )
    }


# of list 11, in the order in which they come to pass; the builder of the list asks for the same
ADOPTER_DAYS = (
    "enquiry_date",
    "stage_1_start_date",
    "stage_1_end_date",
    "stage_2_start_date",
    "stage_2_end_date",
    "application_date",
    "approved_date",
    "matched_date",
    "placed_date",
    "adoption_date",
    "left_date",
)
