"""Turns checked census rows into tables of the dataset."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kith.statutory.returns.ids import said_once
from kith.statutory.returns.ssd.dataset import Dataset

# The legal sex of a child was returned as a code for gender until 2023/24.
_SEX = {"1": "M", "2": "F", "0": "U", "9": "U", "M": "M", "F": "F", "U": "U"}
_GENDER = {"0": "00", "1": "01", "2": "02", "9": "09"}
_YES_NO = {"1": "Y", "TRUE": "Y", "0": "N", "FALSE": "N"}

Rows = Mapping[str, pl.DataFrame]


def yes_no(column: str) -> pl.Expr:
    """Y or N from 1, 0, true or false; anything else stays as it is written."""
    return pl.col(column).replace(_YES_NO)


def dataset_from(rows: Rows) -> Dataset:
    """The dataset in these rows; only tables with a row in them are in it, and the people always are."""
    tables = _people(rows) | _referrals(rows) | _assessments(rows) | _protection(rows) | _pre_proceedings(rows)
    return Dataset.of(said_once(tables))


def _people(rows: Rows) -> dict[str, pl.DataFrame]:
    child = rows["Child"]
    person = child.select(
        pers_person_id="LAchildID",
        pers_sex=pl.coalesce(pl.col("Sex").replace(_SEX), pl.col("GenderCurrent").replace(_SEX)),
        pers_gender=pl.col("GenderCurrent").replace(_GENDER),
        pers_ethnicity="Ethnicity",
        pers_dob="PersonBirthDate",
        pers_expected_dob="ExpectedPersonBirthDate",
        pers_death_date="PersonDeathDate",
        pers_upn="UPN",
        pers_upn_unknown="UPNunknown",
    )
    former = child.filter(pl.col("FormerUPN").is_not_null()).select(
        link_table_id=pl.concat_str("LAchildID", pl.lit("-former-upn")),
        link_person_id="LAchildID",
        link_identifier_type=pl.lit("Former Unique Pupil Number"),
        link_identifier_value="FormerUPN",
    )
    disability = rows["Disability"].select(
        disa_person_id="LAchildID",
        disa_table_id=pl.concat_str("LAchildID", "Disability", separator="-"),
        disa_disability_code="Disability",
    )
    return {"ssd_person": person, "ssd_linked_identifiers": former, "ssd_disability": disability}


def _referrals(rows: Rows) -> dict[str, pl.DataFrame]:
    referral = rows["CINdetails"].select(
        cine_referral_id="referral_id",
        cine_person_id="LAchildID",
        cine_referral_date="CINreferralDate",
        cine_cin_primary_need_code="PrimaryNeedCode",
        cine_referral_source_code="ReferralSource",
        cine_referral_nfa=yes_no("ReferralNFA"),
        cine_close_reason="ReasonForClosure",
        cine_close_date="CINclosureDate",
    )
    plan = rows["CINPlanDates"].select(
        cinp_cin_plan_id="plan_id",
        cinp_referral_id="referral_id",
        cinp_person_id="LAchildID",
        cinp_cin_plan_start_date="CINPlanStartDate",
        cinp_cin_plan_end_date="CINPlanEndDate",
    )
    return {"ssd_cin_episodes": referral, "ssd_cin_plans": plan}


def _assessments(rows: Rows) -> dict[str, pl.DataFrame]:
    found = rows["Assessments"]
    assessment = found.select(
        cina_assessment_id="assessment_id",
        cina_person_id="LAchildID",
        cina_referral_id="referral_id",
        cina_assessment_start_date="AssessmentActualStartDate",
        cina_assessment_auth_date="AssessmentAuthorisationDate",
    )
    factors = found.filter(pl.col("AssessmentFactors").is_not_null()).select(
        cinf_table_id="assessment_id",
        cinf_assessment_id="assessment_id",
        cinf_assessment_factors_json="AssessmentFactors",
    )
    detail = found.filter(pl.col("AssessmentInternalReviewDate").is_not_null()).select(
        kasd_assessment_id="assessment_id", kasd_internal_review_date="AssessmentInternalReviewDate"
    )
    return {
        "ssd_cin_assessments": assessment,
        "ssd_assessment_factors": factors,
        "kith_assessment_detail": detail,
    }


def _protection(rows: Rows) -> dict[str, pl.DataFrame]:
    enquiry = rows["Section47"].select(
        s47e_s47_enquiry_id="enquiry_id",
        s47e_referral_id="referral_id",
        s47e_person_id="LAchildID",
        s47e_s47_start_date="S47ActualStartDate",
        s47e_s47_nfa=yes_no("ICPCnotRequired"),
    )
    conferences = _with_plans(pl.concat([_of_enquiries(rows), _of_referrals(rows)], how="diagonal"), rows)
    found = rows["ChildProtectionPlans"]
    made_by = conferences.filter(pl.col("icpc_cp_plan_id").is_not_null()).select("icpc_cp_plan_id", "icpc_icpc_id")
    first = made_by.unique("icpc_cp_plan_id", keep="first", maintain_order=True)
    plan = found.join(first, left_on="plan_id", right_on="icpc_cp_plan_id", how="left", maintain_order="left").select(
        cppl_cp_plan_id="plan_id",
        cppl_referral_id="referral_id",
        cppl_icpc_id="icpc_icpc_id",
        cppl_person_id="LAchildID",
        cppl_cp_plan_start_date="CPPstartDate",
        cppl_cp_plan_end_date="CPPendDate",
        cppl_cp_plan_initial_category="InitialCategoryOfAbuse",
        cppl_cp_plan_latest_category="LatestCategoryOfAbuse",
    )
    review = rows["Reviews"].select(
        cppr_cp_review_id="review_id",
        cppr_person_id="LAchildID",
        cppr_cp_plan_id="plan_id",
        cppr_cp_review_date="CPPreviewDate",
    )
    return {
        "ssd_s47_enquiry": enquiry,
        "ssd_initial_cp_conference": conferences,
        "ssd_cp_plans": plan,
        "ssd_cp_reviews": review,
        "kith_cp_plan_detail": found.filter(pl.col("NumberOfPreviousCPP").is_not_null()).select(
            kcpp_cp_plan_id="plan_id", kcpp_previous_plans="NumberOfPreviousCPP"
        ),
    }


def _of_enquiries(rows: Rows) -> pl.DataFrame:
    """Conferences that a section 47 enquiry led to, or set a day for."""
    told = rows["Section47"].filter(pl.any_horizontal(pl.col("DateOfInitialCPC", "InitialCPCtarget").is_not_null()))
    return told.select(
        icpc_icpc_id=pl.concat_str("enquiry_id", pl.lit("-s47")),
        icpc_s47_enquiry_id="enquiry_id",
        icpc_person_id="LAchildID",
        icpc_referral_id="referral_id",
        icpc_icpc_target_date="InitialCPCtarget",
        icpc_icpc_date="DateOfInitialCPC",
    )


def _of_referrals(rows: Rows) -> pl.DataFrame:
    """Conferences that no section 47 enquiry led to: often for a child who moves in under another authority's plan."""
    told = rows["CINdetails"].filter(pl.col("DateOfInitialCPC").is_not_null())
    return told.select(
        icpc_icpc_id=pl.concat_str("referral_id", pl.lit("-referral")),
        icpc_person_id="LAchildID",
        icpc_referral_id="referral_id",
        icpc_icpc_date="DateOfInitialCPC",
    )


def _with_plans(conferences: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """The conferences with the plan that began the same day under the same referral: the census does not join them."""
    plans = rows["ChildProtectionPlans"].filter(pl.col("CPPstartDate").is_not_null())
    first = plans.unique(["referral_id", "CPPstartDate"], keep="first", maintain_order=True).select(
        icpc_referral_id="referral_id", icpc_icpc_date="CPPstartDate", icpc_cp_plan_id="plan_id"
    )
    told = conferences.join(first, on=["icpc_referral_id", "icpc_icpc_date"], how="left", maintain_order="left")
    made = pl.when(pl.col("icpc_cp_plan_id").is_not_null()).then(pl.lit("Y"))
    return told.with_columns(made.alias("icpc_icpc_outcome_cp_flag"))


def _pre_proceedings(rows: Rows) -> dict[str, pl.DataFrame]:
    found = rows["PreProceedingsandFGDM"]
    main = found.select(
        prep_table_id="pre_proceedings_id",
        prep_person_id="LAchildID",
        prep_pre_pro_decision_date="PPStartDate",
        prep_pre_pro_letter_date="LBPSentDate",
        prep_initial_pre_pro_meeting_date="InitialPPMeetingDate",
        prep_pre_pro_meetings_num="ReviewMeetingsCount",
        prep_agree_stepdown_issue_date="StepDecisionDate",
        prep_pre_pro_outcome="PPOutcome",
        prep_care_pro_letter_date="LetterInitCPDate",
    )
    detail = found.select(
        kppd_pre_proceedings_id="pre_proceedings_id",
        kppd_family_group_offered=yes_no("FGDMMeetingOffer"),
        kppd_family_group_held=yes_no("FGDMMeetingFac"),
        kppd_court_application_date="CourtAppDate",
    )
    return {"ssd_pre_proceedings": main, "kith_pre_proceedings_detail": detail}
