"""What a census says of protection in a year: enquiries, initial conferences, child protection plans and reviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from kith.statutory.returns.cin_census.terms import Term, decided
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.journey_parts import flagged
from kith.statutory.returns.ssd.journey_periods import category

_TOLD_OF = ("ssd_s47_enquiry", "ssd_initial_cp_conference", "ssd_cp_plans", "ssd_cp_reviews")


@dataclass(frozen=True)
class Protection:
    """The rows by table; the conferences that no enquiry led to, by referral; and how many had no place."""

    tables: Mapping[str, pl.DataFrame]
    of_referrals: pl.DataFrame
    left_out: Mapping[str, int]


def protection(dataset: Dataset, term: Term) -> Protection:
    """Enquiries, conferences, plans and reviews of the year, whichever referral they are under."""
    return _told(dataset, term) if any(dataset.table(name).height for name in _TOLD_OF) else _nothing(term)


@cache
def _nothing(term: Term) -> Protection:
    """What is said where nobody was protected, as of most children."""
    return _told(Dataset({}), term)


def _told(dataset: Dataset, term: Term) -> Protection:
    asked = dataset.table("ssd_s47_enquiry")
    conferences = dataset.table("ssd_initial_cp_conference").sort(
        "icpc_icpc_date", maintain_order=True, nulls_last=True
    )
    led = conferences.join(asked, left_on="icpc_s47_enquiry_id", right_on="s47e_s47_enquiry_id", how="semi")
    first = led.unique("icpc_s47_enquiry_id", keep="first", maintain_order=True)
    others = conferences.join(led, on="icpc_icpc_id", how="anti", maintain_order="left")
    held = others.filter(pl.col("icpc_icpc_date").is_between(term.start, term.end))
    of_referrals = held.unique("icpc_referral_id", keep="first", maintain_order=True)
    plans, another = _plans(dataset, term)
    return Protection(
        tables={
            "Section47": _enquiries(asked, first, term),
            "ChildProtectionPlans": plans,
            "Reviews": _reviews(dataset, term),
        },
        of_referrals=of_referrals.select(referral_id="icpc_referral_id", DateOfInitialCPC="icpc_icpc_date"),
        left_out={
            "initial conferences after the first of one enquiry": led.height - first.height,
            "initial conferences after the first of one referral": held.height - of_referrals.height,
            "child protection plans held by another authority": another,
        },
    )


def _enquiries(asked: pl.DataFrame, conferences: pl.DataFrame, term: Term) -> pl.DataFrame:
    """Enquiries under way in the year. One that is not finished has not decided that no conference is needed.

    One that is finished, and whose outcome names no conference, needed none, though more was done for the child. An
    enquiry ends with its conference, or where none was needed on the day it was finished; where that day was not
    recorded, it belongs to the year in which it started.
    """
    told = asked.join(
        conferences, left_on="s47e_s47_enquiry_id", right_on="icpc_s47_enquiry_id", how="left", maintain_order="left"
    )
    led = flagged("s47e_s47_outcome_json", "CP_CONFERENCE_FLAG") | pl.col("icpc_icpc_date").is_not_null()
    went_elsewhere = pl.col("s47e_s47_end_date").is_not_null() & pl.col("s47e_s47_outcome_json").is_not_null() & ~led
    none_needed = pl.when(went_elsewhere).then(pl.lit("1")).otherwise(decided("s47e_s47_nfa"))
    over = pl.coalesce(
        "icpc_icpc_date", "s47e_s47_end_date", pl.when(none_needed == "1").then(pl.col("s47e_s47_start_date"))
    )
    under_way = term.later("s47e_s47_end_date") | (pl.col("s47e_s47_end_date").is_null() & none_needed.is_null())
    return told.filter(term.holds(pl.col("s47e_s47_start_date"), over)).select(
        enquiry_id="s47e_s47_enquiry_id",
        referral_id="s47e_referral_id",
        LAchildID="s47e_person_id",
        S47ActualStartDate="s47e_s47_start_date",
        InitialCPCtarget="icpc_icpc_target_date",
        DateOfInitialCPC=term.so_far("icpc_icpc_date"),
        ICPCnotRequired=pl.when(under_way).then(pl.lit("0")).otherwise(none_needed),
    )


def _plans(dataset: Dataset, term: Term) -> tuple[pl.DataFrame, int]:
    """The authority's own plans of the year, and how many were another's.

    How many plans came before is what was recorded, or else the child's earlier plans that are here.
    """
    every = dataset.table("ssd_cp_plans")
    detail = dataset.table("kith_cp_plan_detail")
    own = (pl.col("cppl_cp_plan_ola").str.to_uppercase() == "Y").fill_null(False).not_()
    earlier = pl.col("cppl_cp_plan_start_date").rank("min").over("cppl_person_id").cast(pl.Int64) - 1
    there = term.holds(pl.col("cppl_cp_plan_start_date"), pl.col("cppl_cp_plan_end_date"))
    told = (
        every.with_columns(_earlier=earlier)
        .filter(there)
        .join(detail, left_on="cppl_cp_plan_id", right_on="kcpp_cp_plan_id", how="left", maintain_order="left")
    )
    mine = told.filter(own)
    rows = mine.select(
        plan_id="cppl_cp_plan_id",
        referral_id="cppl_referral_id",
        LAchildID="cppl_person_id",
        CPPstartDate="cppl_cp_plan_start_date",
        CPPendDate=term.so_far("cppl_cp_plan_end_date"),
        InitialCategoryOfAbuse=category("cppl_cp_plan_initial_category"),
        LatestCategoryOfAbuse=category("cppl_cp_plan_latest_category"),
        NumberOfPreviousCPP=pl.coalesce("kcpp_previous_plans", "_earlier"),
    )
    return rows, told.height - mine.height


def _reviews(dataset: Dataset, term: Term) -> pl.DataFrame:
    """Every review that had been held by the year's end: a review that is planned is none yet."""
    told = dataset.table("ssd_cp_reviews")
    return told.filter(pl.col("cppr_cp_review_date") <= term.end).select(
        review_id="cppr_cp_review_id",
        plan_id="cppr_cp_plan_id",
        LAchildID="cppr_person_id",
        CPPreviewDate="cppr_cp_review_date",
    )
