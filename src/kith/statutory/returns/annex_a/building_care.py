"""Builds the lists about care, leaving care and adoption."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.annex_a.mapping_care import ADOPTER_DAYS, CARE_PLANS
from kith.statutory.returns.annex_a.on_the_day import OnTheDay
from kith.statutory.returns.rule_shapes import one_of
from kith.statutory.returns.ssda903.directories import plain
from kith.statutory.returns.ssda903.looked_after import ADOPTED

_AWAY = r"^\s*(?:A$|A\b|AWAY|ABSENT)"


def in_care(seen: OnTheDay) -> pl.DataFrame:
    """List 8: each child looked after in six months, short breaks apart, once: the last period of care."""
    last = seen.care.unique("period", keep="last", maintain_order=True).unique(
        "child", keep="last", maintain_order=True
    )
    rows = last.filter(seen.lasting("start", "end")).select(
        "child",
        "need",
        "place",
        "provider",
        "urn",
        "postcode",
        "legal_status",
        _care="care",
        start_date="entered",
        end_date="end",
        end_reason="reason",
        placement_type="place",
        legal_start_date=pl.max_horizontal("legal_start", "entered"),
        home_start_date=pl.coalesce(pl.max_horizontal("home_start", "entered"), "start"),
    )
    told = _missing(seen, _placed(seen, _duties(seen, _periods(seen, rows))))
    named = seen.named(seen.held_by(_located(seen, told), start="start_date", end="end_date"))
    return _seeking_asylum(seen, named, months=12).sort("start_date", "child")


def _periods(seen: OnTheDay, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with whether another period of care began in twelve months, before this one."""
    begun = seen.care.unique("period", maintain_order=True).filter(pl.col("entered") >= seen.months_before(12))
    both = rows.select("child", "start_date").join(begun.select("child", "entered"), on="child")
    again = both.filter(pl.col("entered") < pl.col("start_date")).select("child", second_period=pl.lit("Y")).unique()
    told = rows.join(again, on="child", how="left", maintain_order="left")
    return told.with_columns(pl.col("second_period").fill_null("N"))


def _duties(seen: OnTheDay, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the last review, visit, plan, contact by the reviewing officer, and health and dental checks."""
    health = seen.dataset.table("ssd_cla_health").filter(
        pl.col("clah_health_check_status").str.to_lowercase().str.contains("completed").fill_null(True)
    )
    kind = pl.col("clah_health_check_type").str.to_lowercase()
    whose = seen.care.select("child", care="care").drop_nulls().unique("care", keep="first", maintain_order=True)
    held = seen.dataset.table("ssd_cla_reviews").filter(pl.col("clar_cla_review_cancelled").ne_missing("Y"))
    reviews = held.join(whose, left_on="clar_cla_id", right_on="care")
    events = {
        "review_date": reviews.select("child", _day="clar_cla_review_date"),
        "visit_date": seen.dataset.table("ssd_cla_visits").select(child="clav_person_id", _day="clav_cla_visit_date"),
        "iro_date": seen.dataset.table("ssd_cla_episodes").select(
            child="clae_person_id", _day="clae_cla_last_iro_contact_date"
        ),
        "health_date": health.filter(kind.str.contains("health")).select(
            child="clah_person_id", _day="clah_health_check_date"
        ),
        "dental_date": health.filter(kind.str.contains("dental")).select(
            child="clah_person_id", _day="clah_health_check_date"
        ),
    }
    for name, table in events.items():
        both = rows.select("child", "start_date", "end_date").join(table, on="child")
        within = pl.col("_day").is_between(pl.col("start_date"), pl.coalesce("end_date", pl.lit(seen.on)))
        latest = both.filter(within).group_by("child").agg(pl.col("_day").max().alias(name))
        rows = rows.join(latest, on="child", how="left", maintain_order="left")
    return _planned(seen, rows)


def _planned(seen: OnTheDay, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with what the last care plan of the period is for."""
    said = pl.col("lacp_cla_care_plan_json")
    chosen = [pl.when(said.str.json_path_match(f"$.{plan}") == "Y").then(pl.lit(plan)) for plan in CARE_PLANS]
    plans = seen.dataset.table("ssd_cla_care_plan").select(
        child="lacp_person_id", _day="lacp_cla_care_plan_start_date", permanence_plan=pl.coalesce(chosen)
    )
    both = rows.select("child", "start_date").join(plans, on="child")
    known = (pl.col("_day") <= seen.on) & (pl.col("_day") >= pl.col("start_date"))
    last = both.filter(pl.col("_day").is_null() | known).sort("_day", maintain_order=True)
    plan = last.unique("child", keep="last", maintain_order=True).select("child", "permanence_plan")
    return rows.join(plan, on="child", how="left", maintain_order="left")


def _placed(seen: OnTheDay, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with how many homes the child had in twelve months: those moved to, and the one they then were in."""
    since = seen.months_before(12)
    recent = seen.care.filter(seen.lasting("start", "end", months=12))
    moved = one_of("why", "S P B") | (one_of("why", "T U") & (pl.col("start") < since))
    counted = recent.filter(moved).group_by("child").agg(homes_in_year=pl.len().cast(pl.Int64))
    told = rows.join(counted, on="child", how="left", maintain_order="left")
    return told.with_columns(pl.col("homes_in_year").fill_null(1))


def _located(seen: OnTheDay, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the authority that the home lies in, and whether it is the inspected one."""
    nowhere = rows.with_columns(location=pl.lit(None, pl.String), home_authority=pl.lit(None, pl.String))
    if seen.directory is None:
        return nowhere
    there = seen.directory.frame.select(_post="postcode", _code="PL_LA", _name="name")
    told = rows.with_columns(_post=plain("postcode")).join(there, on="_post", how="left", maintain_order="left")
    inside = pl.when(pl.col("_code") == pl.lit(seen.authority, pl.String)).then(pl.lit("IN")).otherwise(pl.lit("OUT"))
    return told.with_columns(
        location=pl.when(pl.col("_code").is_not_null()).then(inside), home_authority=pl.coalesce("_name", "_code")
    ).drop("_post", "_code", "_name")


def _missing(seen: OnTheDay, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with how often the child was missing and away in twelve months, and of the last time missing whether a
    return interview was offered and accepted.
    """
    kind = pl.col("miss_missing_episode_type").str.to_uppercase()
    told = seen.dataset.table("ssd_missing").select(
        child="miss_person_id",
        _day="miss_missing_episode_start_date",
        _away=kind.str.contains(_AWAY).fill_null(False),
        interview_offered="miss_missing_rhi_offered",
        interview_accepted="miss_missing_rhi_accepted",
    )
    known = told.filter(pl.col("_day") <= seen.on).sort("_day", maintain_order=True)
    recent = known.filter(pl.col("_day") >= seen.months_before(12)).group_by("child")
    counted = recent.agg(
        missing_in_year=(~pl.col("_away")).sum().cast(pl.Int64), absent_in_year=pl.col("_away").sum().cast(pl.Int64)
    )
    last = known.filter(~pl.col("_away")).unique("child", keep="last", maintain_order=True).drop("_day", "_away")
    both = rows.join(counted, on="child", how="left", maintain_order="left").with_columns(
        pl.col("missing_in_year", "absent_in_year").fill_null(0)
    )
    return both.join(last, on="child", how="left", maintain_order="left")


def _seeking_asylum(seen: OnTheDay, rows: pl.DataFrame, *, months: int | None) -> pl.DataFrame:
    """The rows with whether the child is, or within so many months was, an unaccompanied asylum-seeking child."""
    status = seen.dataset.table("ssd_immigration_status").filter(
        pl.col("immi_immigration_status").str.to_uppercase().str.contains("UASC")
    )
    if months is not None:
        ended = pl.col("immi_immigration_status_end_date")
        status = status.filter(ended.is_null() | (ended >= seen.months_before(months)))
    marked = status.select(child="immi_person_id", uasc=pl.lit("Y")).unique()
    told = rows.join(marked, on="child", how="left", maintain_order="left")
    return told.with_columns(pl.col("uasc").fill_null("N"))


def care_leavers(seen: OnTheDay) -> pl.DataFrame:
    """List 9: everyone entitled to the services of leaving care, once."""
    told = seen.dataset.table("ssd_care_leavers").select(
        child="clea_person_id",
        eligibility="clea_care_leaver_eligibility",
        pathway_date="clea_pathway_plan_review_date",
        in_touch="clea_care_leaver_in_touch",
        contact_date="clea_care_leaver_latest_contact",
        accommodation="clea_care_leaver_accommodation",
        suitability="clea_care_leaver_accom_suitable",
        activity="clea_care_leaver_activity",
        adviser="clea_care_leaver_personal_advisor",
        team="clea_care_leaver_allocated_team",
        worker="clea_care_leaver_worker_id",
    )
    entitled = told.filter(~pl.col("eligibility").str.to_lowercase().str.starts_with("no ").fill_null(False))
    rows = entitled.unique("child", keep="last", maintain_order=True).with_columns(
        seen.known("pathway_date", "contact_date")
    )
    return _seeking_asylum(seen, seen.named(rows, workers=("worker", "adviser")), months=None).sort("child")


def for_adoption(seen: OnTheDay) -> pl.DataFrame:
    """List 10: each child adopted in twelve months, whose decision was reversed in them, or who waits to be adopted."""
    days = {
        "decision_date": "perm_adm_decision_date",
        "order_date": "perm_placement_order_date",
        "matched_date": "perm_matched_date",
        "placed_date": "perm_placed_for_adoption_date",
        "reversed_date": "perm_decision_reversed_date",
        "fostering_date": "perm_placed_ffa_cp_date",
    }
    by_order = pl.col("perm_permanence_order_type").str.to_lowercase().str.contains("adoption").fill_null(False)
    told = seen.dataset.table("ssd_permanence").select(
        child="perm_person_id",
        reversed_reason="perm_decision_reversed_reason",
        _ordered=pl.when(by_order).then("perm_permanence_order_date"),
        **days,
    )
    known = told.with_columns(seen.known(*days, "_ordered")).filter(pl.col("decision_date").is_not_null())
    last = known.sort("decision_date", maintain_order=True).unique("child", keep="last", maintain_order=True)
    ended = seen.care.filter(one_of("reason", ADOPTED)).select("child", _left="end").unique("child", keep="last")
    entered = seen.care.group_by("child", maintain_order=True).agg(care_date=pl.col("entered").last())
    rows = last.join(ended, on="child", how="left", maintain_order="left").join(
        entered, on="child", how="left", maintain_order="left"
    )
    rows = rows.with_columns(
        adoption_date=pl.coalesce("_ordered", "_left"),
        reversed_reason=pl.when(pl.col("reversed_date").is_not_null()).then("reversed_reason"),
    )
    since = seen.months_before(12)
    waits = pl.col("adoption_date").is_null() & pl.col("reversed_date").is_null()
    recent = (pl.col("adoption_date") >= since).fill_null(False) | (pl.col("reversed_date") >= since).fill_null(False)
    return _adoptive_family(seen, rows.filter(waits | recent)).sort("decision_date", "child")


def _adoptive_family(seen: OnTheDay, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the family in list 11 that the child belongs to; never the family the child was born into."""
    adopting = seen.dataset.table("kith_adopter").select(fami_family_id="adop_family_id").drop_nulls().unique()
    families = seen.dataset.table("ssd_family").join(adopting, on="fami_family_id", how="semi")
    child = families.select(child="fami_person_id", family="fami_family_id").unique("child", keep="last")
    return rows.join(child, on="child", how="left", maintain_order="left")


def adopters(seen: OnTheDay) -> pl.DataFrame:
    """List 11: each person who hopes to adopt or adopted, where anything happened in twelve months."""
    named = {step: f"adop_{step}" for step in ADOPTER_DAYS} | {"adoption_date": "adop_order_date"}
    told = seen.dataset.table("kith_adopter").select(
        adopter=_without_day("adop_adopter_id", "adop_enquiry_date"),
        family="adop_family_id",
        gender="adop_sex",
        ethnicity="adop_ethnicity",
        disability=pl.col("adop_disability").fill_null("U"),
        fostering="adop_fostering_for_adoption",
        children_placed="adop_children_placed",
        left_reason="adop_left_reason",
        **named,
    )
    known = told.with_columns(seen.known(*ADOPTER_DAYS)).with_columns(
        left_reason=pl.when(pl.col("left_date").is_not_null()).then("left_reason"),
        children_placed=pl.when(pl.col("placed_date").is_not_null()).then("children_placed"),
    )
    active = pl.any_horizontal((pl.col(step) >= seen.months_before(12)).fill_null(False) for step in ADOPTER_DAYS)
    return known.filter(active).sort("enquiry_date", "adopter")


def _without_day(adopter: str, enquired: str) -> pl.Expr:
    """An adopter's own id: reading a list adds the day they first asked, to tell their enquiries apart."""
    return pl.col(adopter).str.strip_suffix("-" + pl.col(enquired).cast(pl.String).fill_null("undated"))
