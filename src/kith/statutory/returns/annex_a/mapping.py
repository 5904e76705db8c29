"""Turns the checked rows of the lists about children's need and protection into tables of the dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from kith.statutory.returns.ids import with_id

Rows = Mapping[str, pl.DataFrame]
Frames = dict[str, pl.DataFrame]
_GENDER = {"M": "01", "F": "02", "U": "00"}


def identified(frame: pl.DataFrame, *, name: str, day: str) -> pl.DataFrame:
    """The rows with a text id: the child and the day."""
    content = [each for each in frame.columns if not each.startswith("_")]
    days = frame.with_columns(pl.col(day).cast(pl.String).alias("_day"))
    return with_id(days, name=name, natural=["child"], days=["_day"], content=content).drop("_day")


def people(rows: Rows) -> Frames:
    """Every child that any list names, without names of people; the first list to say something is believed."""
    lists = [frame for frame in rows.values() if "child" in frame.columns]
    if not lists:
        return {}
    wanted = ("gender", "ethnicity", "birth_date", "disability")
    found = pl.concat(
        [frame.select(each for each in ("child", *wanted) if each in frame.columns) for frame in lists], how="diagonal"
    )
    absent = [pl.lit(None, dtype=pl.String).alias(each) for each in wanted if each not in found.columns]
    known = found.with_columns(absent).group_by("child", maintain_order=True)
    child = known.agg(pl.col(each).drop_nulls().first() for each in wanted)
    person = child.select(
        pers_person_id="child",
        pers_sex="gender",
        pers_gender=pl.col("gender").replace(_GENDER),
        pers_ethnicity="ethnicity",
        pers_dob="birth_date",
    )
    none = pl.when(pl.col("disability") == "N").then(pl.lit("NONE")).otherwise(pl.lit("YES"))
    disability = child.filter(pl.col("disability").is_not_null()).select(
        disa_person_id="child",
        disa_table_id=pl.concat_str("child", pl.lit("-disability")),
        disa_disability_code=none,
    )
    return {"ssd_person": person, "ssd_disability": disability}


def workforce(rows: Rows) -> Frames:
    """Teams and workers by name, for the lists have no ids; and who holds each child in need, on a plan or in care."""
    teams = _names(rows, ["team"])
    workers = _names(rows, ["worker", "adviser"])
    held = [
        frame.filter(pl.col("worker").is_not_null()).select(
            invo_involvements_id=pl.concat_str("child", pl.lit(f"-{name}")),
            invo_professional_id="worker",
            invo_professional_role_id=pl.lit("Allocated worker"),
            invo_professional_team="team",
            invo_person_id="child",
        )
        for name, frame in rows.items()
        if name in ("List 6", "List 7", "List 8", "List 9")
    ]
    involved = pl.concat(held).unique("invo_involvements_id", keep="first", maintain_order=True) if held else None
    tables = {
        "ssd_department": teams.select(dept_team_id="name", dept_team_name="name"),
        "ssd_professionals": workers.select(prof_professional_id="name", prof_professional_name="name"),
    }
    return tables | ({"ssd_involvements": involved} if involved is not None else {})


def _names(rows: Rows, fields: Sequence[str]) -> pl.DataFrame:
    found = [frame[field].rename("name") for frame in rows.values() for field in fields if field in frame.columns]
    together = pl.concat(found) if found else pl.Series("name", [], dtype=pl.String)
    return together.drop_nulls().unique(maintain_order=True).to_frame()


def contacts(frame: pl.DataFrame) -> Frames:
    """List 1."""
    told = identified(frame, name="id", day="contact_date")
    return {
        "ssd_contacts": told.select(
            cont_contact_id="id",
            cont_person_id="child",
            cont_contact_date="contact_date",
            cont_contact_source_code="source",
        )
    }


def early_help(frame: pl.DataFrame) -> Frames:
    """List 2."""
    told = identified(frame, name="id", day="start_date")
    return {
        "ssd_early_help_episodes": told.select(
            earl_episode_id="id",
            earl_person_id="child",
            earl_episode_start_date="start_date",
            earl_episode_end_date="end_date",
            earl_episode_organisation="organisation",
        )
    }


def referrals(rows: Rows) -> Frames:
    """Lists 3 and 6: one referral is in both when the child and the day are the same."""
    parts: list[pl.DataFrame] = []
    if "List 3" in rows:
        told = identified(rows["List 3"], name="cine_referral_id", day="referral_date")
        parts.append(
            told.select(
                "cine_referral_id",
                cine_person_id="child",
                cine_referral_date="referral_date",
                cine_referral_source_code="source",
                cine_referral_nfa="nfa",
                cine_referral_team="team",
                cine_referral_worker_id="worker",
            )
        )
    if "List 6" in rows:
        told = identified(rows["List 6"], name="cine_referral_id", day="start_date")
        parts.append(
            told.select(
                "cine_referral_id",
                cine_person_id="child",
                cine_referral_date="start_date",
                cine_cin_primary_need_code="need",
                cine_close_date="closure_date",
                cine_close_reason="closure_reason",
                cine_referral_team="team",
                cine_referral_worker_id="worker",
            )
        )
    if not parts:
        return {}
    together = pl.concat(parts, how="diagonal").group_by("cine_referral_id", maintain_order=True)
    return {"ssd_cin_episodes": together.agg(pl.all().drop_nulls().first())}


def last_seen(frame: pl.DataFrame) -> Frames:
    """List 6: the day a child on a child in need plan was last seen. For others it is a visit of lists 7 and 8."""
    on_plan = pl.col("status").str.to_lowercase().str.contains("in need")
    told = identified(frame.filter(on_plan & pl.col("last_seen_date").is_not_null()), name="id", day="last_seen_date")
    return {
        "ssd_cin_visits": told.select(
            cinv_cin_visit_id="id",
            cinv_person_id="child",
            cinv_cin_visit_date="last_seen_date",
            cinv_cin_visit_seen=pl.lit("Y"),
        )
    }


def with_referral(frame: pl.DataFrame, tables: Frames, *, day: str) -> pl.DataFrame:
    """The rows with `referral`: the child's last referral on or before the day; null where none is listed."""
    known = tables.get("ssd_cin_episodes")
    if known is None:
        return frame.with_columns(pl.lit(None, dtype=pl.String).alias("referral"))
    referrals = known.select(child="cine_person_id", _on="cine_referral_date", referral="cine_referral_id").drop_nulls()
    numbered = frame.with_row_index("_at").sort(day, nulls_last=True)
    told = numbered.join_asof(
        referrals.sort("_on"), left_on=day, right_on="_on", by="child", check_sortedness=False, coalesce=False
    )
    return told.sort("_at").drop("_at", "_on")


def assessments(frame: pl.DataFrame, tables: Frames) -> Frames:
    """List 4."""
    told = identified(with_referral(frame, tables, day="start_date"), name="id", day="start_date")
    return {
        "ssd_cin_assessments": told.select(
            cina_assessment_id="id",
            cina_person_id="child",
            cina_referral_id="referral",
            cina_assessment_start_date="start_date",
            cina_assessment_child_seen="seen",
            cina_assessment_auth_date="authorised_date",
            cina_assessment_outcome_nfa=pl.col("needs_support").replace({"Y": "N", "N": "Y"}),
            cina_assessment_team="team",
            cina_assessment_worker_id="worker",
        )
    }


def enquiries(frame: pl.DataFrame, tables: Frames) -> Frames:
    """List 5: section 47 enquiries, and the conference where one is dated."""
    told = identified(with_referral(frame, tables, day="start_date"), name="id", day="start_date")
    enquiry = told.select(
        s47e_s47_enquiry_id="id",
        s47e_referral_id="referral",
        s47e_person_id="child",
        s47e_s47_start_date="start_date",
        s47e_s47_nfa="conference_unnecessary",
        s47e_s47_completed_by_worker_id="worker",
        s47e_s47_completed_by_team="team",
    )
    conference = told.filter(pl.col("conference_date").is_not_null()).select(
        icpc_icpc_id=pl.concat_str("id", pl.lit("-s47")),
        icpc_s47_enquiry_id="id",
        icpc_person_id="child",
        icpc_referral_id="referral",
        icpc_icpc_date="conference_date",
        icpc_icpc_outcome_cp_flag="plan_resulted",
        icpc_icpc_team="team",
        icpc_icpc_worker_id="worker",
    )
    return {"ssd_s47_enquiry": enquiry, "ssd_initial_cp_conference": conference}


def protection_plans(frame: pl.DataFrame, tables: Frames) -> Frames:
    """List 7: plans, with the latest visit and review of each."""
    told = identified(with_referral(frame, tables, day="start_date"), name="id", day="start_date")
    told = told.join(_conferences(tables), on=["child", "start_date"], how="left", maintain_order="left")
    words = [
        pl.col(each).str.replace(r"^\s*[a-zA-Z]{1,2}\)\s*", "") for each in ("initial_category", "latest_category")
    ]
    plan = told.with_columns(words).select(
        cppl_cp_plan_id="id",
        cppl_referral_id="referral",
        cppl_icpc_id="_conference",
        cppl_person_id="child",
        cppl_cp_plan_start_date="start_date",
        cppl_cp_plan_end_date="end_date",
        cppl_cp_plan_initial_category="initial_category",
        cppl_cp_plan_latest_category="latest_category",
    )
    visited = identified(told.filter(pl.col("visit_date").is_not_null()), name="visit", day="visit_date")
    visit = visited.select(
        cppv_cp_visit_id="visit",
        cppv_person_id="child",
        cppv_cp_plan_id="id",
        cppv_cp_visit_date="visit_date",
        cppv_cp_visit_seen=pl.when(pl.col("seen_alone") == "Y").then(pl.lit("Y")),
        cppv_cp_visit_seen_alone="seen_alone",
    )
    reviewed = identified(told.filter(pl.col("review_date").is_not_null()), name="review", day="review_date")
    review = reviewed.select(
        cppr_cp_review_id="review",
        cppr_person_id="child",
        cppr_cp_plan_id="id",
        cppr_cp_review_date="review_date",
    )
    return {"ssd_cp_plans": plan, "ssd_cp_visits": visit, "ssd_cp_reviews": review}


def _conferences(tables: Frames) -> pl.DataFrame:
    """The conference of a child on a day: a plan that began that day came of it."""
    held = tables.get("ssd_initial_cp_conference")
    if held is None:
        return pl.DataFrame(schema={"child": pl.String, "start_date": pl.Date, "_conference": pl.String})
    days = held.select(child="icpc_person_id", start_date="icpc_icpc_date", _conference="icpc_icpc_id").drop_nulls()
    return days.unique(["child", "start_date"], keep="first", maintain_order=True)
