"""Which children, referrals and pieces of work belong in the census of a year, and what it says of them.

Everything is said as it stood at the end of 31 March: what ended, was decided or was born after it had not yet. What
the census asks and nobody recorded stays blank, for its rules to find.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from kith.statutory.returns.cin_census.elements import SPECS
from kith.statutory.returns.cin_census.layout import WITHIN, parts_of
from kith.statutory.returns.cin_census.of_year_protection import protection
from kith.statutory.returns.cin_census.terms import Term, decided
from kith.statutory.returns.ssd.dataset import Dataset

LOOSE = " of no referral in this census"
_GENDER = {"00": "0", "01": "1", "02": "2", "09": "9"}
_SEX_AS_GENDER = {"M": "1", "F": "2", "U": "0"}


@dataclass(frozen=True)
class CensusRows:
    """The rows of a census by table, typed, with the ids of the dataset; and what had no place in it, with how many."""

    year: int
    tables: Mapping[str, pl.DataFrame]
    left_out: Mapping[str, int]


def census_rows(dataset: Dataset, *, year: int) -> CensusRows:
    """What the census that ends on 31 March of `year` says of the children in this dataset, in its order.

    A child belongs who was referred, assessed or had a case open at any time in the year, born or not. Work that ended
    before the year, or began after it, belongs to another census; and so do a plan held by another authority, and work
    under a referral that is not here, which `left_out` counts.
    """
    term = Term(date(year - 1, 4, 1), date(year, 3, 31))
    (referrals, of_nobody), conferences = _referrals(dataset, term), protection(dataset, term)
    tables = {
        "CINdetails": referrals.join(conferences.of_referrals, on="referral_id", how="left", maintain_order="left"),
        "Assessments": _assessments(dataset, term),
        "CINPlanDates": _plans(dataset, term),
        **conferences.tables,
    }
    left_out = {"CINdetails of nobody who is here": of_nobody, **conferences.left_out}
    for name in ("Assessments", "CINPlanDates", "Section47", "ChildProtectionPlans"):
        held = tables[name].join(referrals, on=["referral_id", "LAchildID"], how="semi", maintain_order="left")
        left_out[f"{name}{LOOSE}"] = tables[name].height - held.height
        tables[name] = held
    tables["Reviews"] = tables["Reviews"].join(tables["ChildProtectionPlans"], on="plan_id", how="semi")
    tables["PreProceedingsandFGDM"], loose = _pre_proceedings(dataset, term, referrals)
    left_out[f"PreProceedingsandFGDM{LOOSE}"] = loose
    tables["Child"], tables["Disability"] = _people(dataset, term, referrals)
    ordered = {name: tables[name].select(SPECS[name].columns) for name in SPECS}
    for name in set(tables) & set(WITHIN["CINdetails"]) - set(parts_of("CINdetails", year=year)):
        ordered[name] = ordered[name].clear()  # that year's census does not ask for them
        left_out.pop(f"{name}{LOOSE}", None)
    return CensusRows(year, ordered, {words: count for words, count in left_out.items() if count})


def _referrals(dataset: Dataset, term: Term) -> tuple[pl.DataFrame, int]:
    """The referrals of the year, and how many were of nobody here.

    One that led to nothing more belongs to the year in which that was decided.
    """
    known = pl.col("cine_referral_nfa").str.to_uppercase() == "Y"
    over = pl.coalesce("cine_close_date", pl.when(known).then("cine_referral_date"))
    closed_later = term.later("cine_close_date")
    people = dataset.table("ssd_person").select(cine_person_id="pers_person_id")
    every = dataset.table("ssd_cin_episodes").filter(term.holds(pl.col("cine_referral_date"), over))
    told = every.join(people, on="cine_person_id", how="semi", maintain_order="left")
    rows = told.select(
        referral_id="cine_referral_id",
        LAchildID="cine_person_id",
        CINreferralDate="cine_referral_date",
        ReferralSource="cine_referral_source_code",
        PrimaryNeedCode="cine_cin_primary_need_code",
        CINclosureDate=term.so_far("cine_close_date"),
        ReasonForClosure=pl.when(~closed_later).then("cine_close_reason"),
        ReferralNFA=pl.when(closed_later).then(pl.lit("0")).otherwise(decided("cine_referral_nfa")),
    )
    return rows, every.height - told.height


def _assessments(dataset: Dataset, term: Term) -> pl.DataFrame:
    factors = dataset.table("ssd_assessment_factors").unique("cinf_assessment_id", keep="first")
    detail = dataset.table("kith_assessment_detail")
    told = (
        dataset.table("ssd_cin_assessments")
        .filter(term.holds(pl.col("cina_assessment_start_date"), pl.col("cina_assessment_auth_date")))
        .join(factors, left_on="cina_assessment_id", right_on="cinf_assessment_id", how="left", maintain_order="left")
        .join(detail, left_on="cina_assessment_id", right_on="kasd_assessment_id", how="left", maintain_order="left")
    )
    return told.select(
        assessment_id="cina_assessment_id",
        referral_id="cina_referral_id",
        LAchildID="cina_person_id",
        AssessmentActualStartDate="cina_assessment_start_date",
        AssessmentInternalReviewDate="kasd_internal_review_date",
        AssessmentAuthorisationDate=term.so_far("cina_assessment_auth_date"),
        AssessmentFactors=pl.when(~term.later("cina_assessment_auth_date")).then("cinf_assessment_factors_json"),
    )


def _plans(dataset: Dataset, term: Term) -> pl.DataFrame:
    told = dataset.table("ssd_cin_plans")
    return told.filter(term.holds(pl.col("cinp_cin_plan_start_date"), pl.col("cinp_cin_plan_end_date"))).select(
        plan_id="cinp_cin_plan_id",
        referral_id="cinp_referral_id",
        LAchildID="cinp_person_id",
        CINPlanStartDate="cinp_cin_plan_start_date",
        CINPlanEndDate=term.so_far("cinp_cin_plan_end_date"),
    )


def _pre_proceedings(dataset: Dataset, term: Term, referrals: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Each under the latest referral before it (the dataset joins it to the child alone), and how many had none."""
    detail = dataset.table("kith_pre_proceedings_detail")
    started, stepped = pl.col("prep_pre_pro_decision_date"), pl.col("prep_agree_stepdown_issue_date")
    told = (
        dataset.table("ssd_pre_proceedings")
        .filter(term.holds(started, stepped))
        .join(detail, left_on="prep_table_id", right_on="kppd_pre_proceedings_id", how="left", maintain_order="left")
    )
    mine = told.join(referrals, left_on="prep_person_id", right_on="LAchildID", how="inner", maintain_order="left")
    before = pl.col("CINreferralDate") <= started
    key = ["prep_table_id", "prep_plo_family_id"]
    under = (
        mine.filter(before).sort("CINreferralDate", maintain_order=True).unique(key, keep="last", maintain_order=True)
    )
    rows = under.select(
        pre_proceedings_id="prep_table_id",
        referral_id="referral_id",
        LAchildID="prep_person_id",
        PPStartDate=started,
        LBPSentDate=term.so_far("prep_pre_pro_letter_date"),
        FGDMMeetingOffer=decided("kppd_family_group_offered"),
        FGDMMeetingFac=decided("kppd_family_group_held"),
        InitialPPMeetingDate=term.so_far("prep_initial_pre_pro_meeting_date"),
        ReviewMeetingsCount="prep_pre_pro_meetings_num",
        StepDecisionDate=term.so_far("prep_agree_stepdown_issue_date"),
        PPOutcome=pl.when(~term.later("prep_agree_stepdown_issue_date")).then("prep_pre_pro_outcome"),
        CourtAppDate=term.so_far("kppd_court_application_date"),
        LetterInitCPDate=term.so_far("prep_care_pro_letter_date"),
    )
    return rows, told.height - rows.height


def _people(dataset: Dataset, term: Term, referrals: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The children of these referrals, and the disabilities of those who were born."""
    links = dataset.table("ssd_linked_identifiers")
    former = links.filter(pl.col("link_identifier_type").str.contains(r"(?i)former (?:upn|unique pupil number)"))
    people = (
        dataset.table("ssd_person")
        .join(referrals, left_on="pers_person_id", right_on="LAchildID", how="semi", maintain_order="left")
        .join(
            former.unique("link_person_id", keep="last").select("link_person_id", "link_identifier_value"),
            left_on="pers_person_id",
            right_on="link_person_id",
            how="left",
            maintain_order="left",
        )
    )
    unborn = pl.coalesce(term.later("pers_dob") | _only("pers_expected_dob"), pl.lit(False))
    gender = pl.coalesce(pl.col("pers_gender").replace(_GENDER), pl.col("pers_sex").replace(_SEX_AS_GENDER))
    child = people.select(
        LAchildID="pers_person_id",
        UPN=pl.when(~unborn).then("pers_upn"),
        FormerUPN=pl.when(~unborn).then("link_identifier_value"),
        UPNunknown=pl.when(unborn & term.later("pers_dob")).then(pl.lit("UN1")).otherwise("pers_upn_unknown"),
        PersonBirthDate=term.so_far("pers_dob"),
        ExpectedPersonBirthDate=pl.when(unborn).then(pl.coalesce("pers_expected_dob", "pers_dob")),
        GenderCurrent=pl.when(unborn).then(pl.lit("0")).otherwise(gender),
        Sex=pl.when(unborn).then(pl.lit("U")).otherwise("pers_sex"),
        PersonDeathDate=term.so_far("pers_death_date"),
        Ethnicity="pers_ethnicity",
    )
    born = child.filter(pl.col("ExpectedPersonBirthDate").is_null()).select("LAchildID")
    told = dataset.table("ssd_disability").select(LAchildID="disa_person_id", Disability="disa_disability_code")
    return child, told.join(born, on="LAchildID", how="semi", maintain_order="left")


def _only(column: str) -> pl.Expr:
    return pl.col(column).is_not_null() & pl.col("pers_dob").is_null()
