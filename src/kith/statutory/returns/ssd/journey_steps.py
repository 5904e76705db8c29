"""The steps of children's journeys before and under plans: contacts, referrals, assessments, meetings and visits."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.journey_parts import flagged, moment, outcome, ref, says, within
from kith.statutory.returns.ssd.journey_periods import cin_plans, cp_plans, spells_of


def contacts(dataset: Dataset) -> pl.DataFrame:
    """Contacts. Where nothing is held of the decision but a referral came of it, it was made by that referral's day."""
    decided = dataset.table("kith_contact_decision").with_columns(_held=pl.lit(True))
    told = dataset.table("ssd_contacts").join(
        decided, left_on="cont_contact_id", right_on="cdec_contact_id", how="left", maintain_order="left"
    )
    result = outcome(
        (flagged("cont_contact_outcome_json", "NEW_REFERRAL_FLAG"), "referral"),
        (flagged("cont_contact_outcome_json", "EXISTING_REFERRAL_FLAG"), "existing_referral"),
        (flagged("cont_contact_outcome_json", "NFA_FLAG"), "nfa"),
    )
    led_to = pl.when(pl.col("_held").is_null() & (pl.col("outcome") == "referral")).then("_referred_on")
    return _with_next_referral(dataset, told.with_columns(outcome=result)).select(
        "outcome",
        ref=ref("contact", "cont_contact_id"),
        kind=pl.lit("contact"),
        code=pl.when(flagged("cont_contact_outcome_json", "MISSING_FLAG")).then(pl.lit("missing")),
        child=pl.col("cont_person_id"),
        opened_on=pl.col("cont_contact_date"),
        done_on=pl.coalesce("cdec_decision_date", led_to),
        worker=pl.col("cdec_worker_id"),
    )


def _with_next_referral(dataset: Dataset, contacts: pl.DataFrame) -> pl.DataFrame:
    """The contacts with the day of the child's first referral on or after each, as `_referred_on`."""
    referrals = dataset.table("ssd_cin_episodes").select(
        cont_person_id=pl.col("cine_person_id"), _referred_on=pl.col("cine_referral_date")
    )
    numbered = contacts.with_row_index("_at")
    return (
        numbered.sort("cont_contact_date", "_at", nulls_last=True)
        .join_asof(
            referrals.drop_nulls().sort("_referred_on"),
            left_on="cont_contact_date",
            right_on="_referred_on",
            by="cont_person_id",
            strategy="forward",
            check_sortedness=False,
            coalesce=False,
        )
        .sort("_at")
        .drop("_at")
    )


def referrals(dataset: Dataset) -> pl.DataFrame:
    """Referrals. Where nothing is held of the decision, it is the day by which it must have been made.

    That is when the first assessment or section 47 enquiry of the referral began, or when it closed with nothing more
    to do. A referral with none of these, or whose decision is held without a date, is undecided.
    """
    decided = dataset.table("kith_referral_decision").with_columns(_held=pl.lit(True))
    told = (
        dataset.table("ssd_cin_episodes")
        .join(
            _first(dataset, "ssd_cin_assessments", "cina_referral_id", "cina_assessment_start_date"), on=_ID, how="left"
        )
        .join(_first(dataset, "ssd_s47_enquiry", "s47e_referral_id", "s47e_s47_start_date"), on=_ID, how="left")
        .join(decided, left_on=_ID, right_on="rdec_referral_id", how="left")
    )
    begun = pl.min_horizontal("ssd_cin_assessments", "ssd_s47_enquiry")
    no_more = says("cine_referral_nfa", "Y").fill_null(False)
    said_nfa = pl.col("rdec_decision").str.to_lowercase().str.contains("nfa|no further")
    return told.select(
        ref=ref("referral", _ID),
        kind=pl.lit("referral"),
        child=pl.col("cine_person_id"),
        opened_on=pl.col("cine_referral_date"),
        done_on=pl.coalesce(
            "rdec_decision_date",
            pl.when(pl.col("_held").is_null()).then(pl.coalesce(begun, pl.when(no_more).then("cine_close_date"))),
        ),
        outcome=outcome(
            (no_more | said_nfa, "nfa"),
            (says("cine_referral_nfa", "N") | pl.col("rdec_decision").is_not_null(), "accepted"),
            (begun.is_not_null(), "accepted"),
        ),
        span=ref("need", _ID),
        worker=pl.coalesce("rdec_worker_id", "cine_referral_worker_id"),
        team=pl.col("cine_referral_team"),
    )


_ID = "cine_referral_id"


def _first(dataset: Dataset, table: str, referral: str, day: str) -> pl.DataFrame:
    return dataset.table(table).group_by(pl.col(referral).alias(_ID)).agg(pl.col(day).min().alias(table))


def assessments(dataset: Dataset) -> pl.DataFrame:
    """Single assessments, from their start until a manager authorises them."""
    return dataset.table("ssd_cin_assessments").select(
        ref=ref("assessment", "cina_assessment_id"),
        kind=pl.lit("assessment"),
        code=pl.lit("single"),
        child=pl.col("cina_person_id"),
        opened_on=pl.col("cina_assessment_start_date"),
        done_on=pl.col("cina_assessment_auth_date"),
        outcome=outcome(
            (says("cina_assessment_outcome_nfa", "Y"), "nfa"),
            (says("cina_assessment_outcome_nfa", "N"), "further_action"),
        ),
        span=ref("need", "cina_referral_id"),
        worker=pl.col("cina_assessment_worker_id"),
        team=pl.col("cina_assessment_team"),
    )


def strategy_meetings(dataset: Dataset) -> pl.DataFrame:
    """Strategy meetings, one for each child; brothers and sisters share the meeting."""
    return dataset.table("kith_strategy_meeting").select(
        ref=ref("strategy_meeting", "stra_table_id"),
        kind=pl.lit("strategy_meeting"),
        child=pl.col("stra_person_id"),
        opened_on=pl.col("stra_requested_date"),
        happened_on=pl.col("stra_held_date"),
        happened_at=moment("stra_held_date", "stra_held_time"),
        done_on=pl.col("stra_decided_date"),
        outcome=pl.col("stra_decision"),
        span=ref("need", "stra_referral_id"),
        worker=pl.col("stra_chair_worker_id"),
        team=pl.col("stra_team_id"),
        meeting=pl.col("stra_meeting_id"),
    )


def section47s(dataset: Dataset) -> pl.DataFrame:
    """Section 47 enquiries, each led to by the strategy meeting of the child held on the day it began."""
    enquiries = dataset.table("ssd_s47_enquiry")
    conferences = dataset.table("ssd_initial_cp_conference").select(
        pl.col("icpc_s47_enquiry_id").alias("s47e_s47_enquiry_id"),
        pl.col("icpc_icpc_date").is_not_null().alias("_icpc"),
    )
    held = conferences.drop_nulls().group_by("s47e_s47_enquiry_id").agg(pl.col("_icpc").any())
    told = enquiries.join(held, on="s47e_s47_enquiry_id", how="left", maintain_order="left")
    led = _strategy_days(dataset)
    told = told.join(led, on=["s47e_person_id", "s47e_s47_start_date"], how="left", maintain_order="left")
    flags = "s47e_s47_outcome_json"
    return told.select(
        ref=ref("section47", "s47e_s47_enquiry_id"),
        kind=pl.lit("section47"),
        child=pl.col("s47e_person_id"),
        opened_on=pl.col("s47e_s47_start_date"),
        done_on=pl.col("s47e_s47_end_date"),
        outcome=outcome(
            (flagged(flags, "CP_CONFERENCE_FLAG") | pl.col("_icpc"), "icpc"),
            (flagged(flags, "NFA_CONTINUE_SINGLE_FLAG"), "continue"),
            (flagged(flags, "NFA_FLAG") | says("s47e_s47_nfa", "Y"), "nfa"),
            (says("s47e_s47_nfa", "N"), "icpc"),
        ),
        span=ref("need", "s47e_referral_id"),
        led_from=pl.col("_led_from"),
        worker=pl.col("s47e_s47_completed_by_worker_id"),
        team=pl.col("s47e_s47_completed_by_team"),
    )


def _strategy_days(dataset: Dataset) -> pl.DataFrame:
    meetings = dataset.table("kith_strategy_meeting").filter(pl.col("stra_held_date").is_not_null())
    ordered = meetings.sort("stra_table_id").with_columns(_led_from=ref("strategy_meeting", "stra_table_id"))
    days = {"stra_person_id": "s47e_person_id", "stra_held_date": "s47e_s47_start_date"}
    return ordered.group_by(list(days), maintain_order=True).agg(pl.col("_led_from").last()).rename(days)


def initial_conferences(dataset: Dataset) -> pl.DataFrame:
    """Initial child protection conferences, and conferences for children who move in under another plan."""
    return dataset.table("ssd_initial_cp_conference").select(
        ref=ref("conference", "icpc_icpc_id"),
        kind=pl.lit("conference"),
        code=pl.when(says("icpc_icpc_transfer_in", "Y")).then(pl.lit("transfer_in")).otherwise(pl.lit("initial")),
        child=pl.col("icpc_person_id"),
        happened_on=pl.col("icpc_icpc_date"),
        outcome=outcome(
            (says("icpc_icpc_outcome_cp_flag", "Y"), "cp_plan"),
            (says("icpc_icpc_outcome_cp_flag", "N"), "no_plan"),
            (pl.col("icpc_cp_plan_id").is_not_null(), "cp_plan"),
        ),
        span=ref("need", "icpc_referral_id"),
        led_from=ref("section47", "icpc_s47_enquiry_id"),
        worker=pl.col("icpc_icpc_worker_id"),
        team=pl.col("icpc_icpc_team"),
        meeting=pl.col("icpc_icpc_meeting_id"),
    )


def review_conferences(dataset: Dataset) -> pl.DataFrame:
    """Review child protection conferences of a plan."""
    plans = spells_of(cp_plans(dataset))
    told = within(
        dataset.table("ssd_cp_reviews"), plans, child="cppr_person_id", day="cppr_cp_review_date", into="_plan"
    )
    return told.select(
        ref=ref("cp_review", "cppr_cp_review_id"),
        kind=pl.lit("conference"),
        code=pl.lit("review"),
        child=pl.col("cppr_person_id"),
        happened_on=pl.col("cppr_cp_review_date"),
        outcome=outcome(
            (says("cppr_cp_review_outcome_continue_cp", "Y"), "continue"),
            (says("cppr_cp_review_outcome_continue_cp", "N"), "end"),
        ),
        span=pl.coalesce(ref("cp_plan", "cppr_cp_plan_id"), "_plan"),
        meeting=pl.col("cppr_cp_review_meeting_id"),
    )


def core_groups(dataset: Dataset) -> pl.DataFrame:
    """Core group meetings of a child protection plan."""
    return dataset.table("kith_core_group").select(
        ref=ref("core_group", "core_table_id"),
        kind=pl.lit("core_group"),
        child=pl.col("core_person_id"),
        happened_on=pl.col("core_date"),
        span=ref("cp_plan", "core_cp_plan_id"),
    )


def cin_visits(dataset: Dataset) -> pl.DataFrame:
    """Visits to children in need, under the plan open that day. A visit that did not see the child does not count."""
    plans = spells_of(cin_plans(dataset))
    told = within(
        dataset.table("ssd_cin_visits"), plans, child="cinv_person_id", day="cinv_cin_visit_date", into="_plan"
    )
    return told.select(
        *visit("cin", "cinv_cin_visit_id", "cinv_person_id", "cinv_cin_visit"),
        span=pl.col("_plan"),
    )


def cp_visits(dataset: Dataset) -> pl.DataFrame:
    """Visits under a child protection plan."""
    plans = spells_of(cp_plans(dataset))
    told = within(dataset.table("ssd_cp_visits"), plans, child="cppv_person_id", day="cppv_cp_visit_date", into="_plan")
    return told.select(
        *visit("cp", "cppv_cp_visit_id", "cppv_person_id", "cppv_cp_visit"),
        span=pl.coalesce(ref("cp_plan", "cppv_cp_plan_id"), "_plan"),
    )


def visit(code: str, key: str, person: str, fields: str) -> tuple[pl.Expr, ...]:
    """What the three tables of visits have in common. The table is part of the ref: each numbers its own visits."""
    seen, alone = says(f"{fields}_seen", "Y"), says(f"{fields}_seen_alone", "Y")
    return (
        ref(f"visit:{code}", key).alias("ref"),
        pl.lit("visit").alias("kind"),
        pl.lit(code).alias("code"),
        pl.col(person).alias("child"),
        pl.col(f"{fields}_date").alias("happened_on"),
        outcome((alone, "seen_alone"), (seen, "seen"), (says(f"{fields}_seen", "N"), "not_seen")).alias("outcome"),
        (says(f"{fields}_seen", "N").fill_null(False)).not_().alias("counts"),
    )
